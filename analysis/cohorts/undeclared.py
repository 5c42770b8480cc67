"""Names that a study's declarations and conditions use, and that it does not declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.cohorts import conditions
from analysis.cohorts.conditions import MISSING, Condition
from analysis.cohorts.populations import Population
from analysis.cohorts.study_parts import Endpoint, Grouping, Table, Variable
from analysis.errors import suggestion

Variables = Mapping[str, Mapping[str, Variable]]
"""Variables of each table by name."""

Place = tuple[str, str]
"""Keys that lead to a place in ``study.yml``, and what is wrong there."""


def condition_faults(condition: Condition, table: str, variables: Variables) -> list[str]:
    """What is wrong with a condition on a table, in words."""
    declared = variables.get(table, {})
    wrong = []
    for clause in condition.clauses:
        variable = declared.get(clause.variable)
        if variable is None:
            wrong.append(f"unknown variable {clause.variable!r} of table {table!r}" + suggestion(clause.variable, declared))
        elif variable.type in ("category", "boolean"):
            levels = variable.levels or ("0", "1")
            for value in clause.values:
                if value != MISSING and value not in levels:
                    wrong.append(f"unknown level {value!r} of {clause.variable!r} (levels: {', '.join(levels)})")
    return wrong


def in_variables(variables: Variables, tables: Mapping[str, Table]) -> Iterator[Place]:
    """Variables of tables that are not declared, and times of variables that are none."""
    for name, columns in variables.items():
        for variable, declared in columns.items():
            if declared.time and declared.time not in columns:
                yield (
                    f"variables.{name}.{variable}.time",
                    f"no variable {declared.time!r} in table {name!r}" + suggestion(declared.time, columns),
                )
        if name not in tables:
            yield f"variables.{name}", f"unknown table {name!r}" + suggestion(name, tables)


def in_tables(tables: Mapping[str, Table], variables: Variables) -> Iterator[Place]:
    """Keys that are no variables, and conditions of first rows."""
    for name, table in tables.items():
        if table.key not in variables.get(name, {}):
            yield f"tables.{name}.key", f"no variable {table.key!r} in {name!r}"
        try:
            for found in condition_faults(conditions.parse(table.first), name, variables):
                yield f"tables.{name}.first", found
        except ValueError as error:
            yield f"tables.{name}.first", str(error)


def in_populations(populations: Mapping[str, Population], tables: Mapping[str, Table], variables: Variables) -> Iterator[Place]:
    """Populations of tables that are not declared, and their conditions."""
    for name, population in populations.items():
        place = f"populations.{name}"
        if population.table not in tables:
            yield place, f"unknown table {population.table!r}" + suggestion(population.table, tables)
            continue
        try:
            for found in condition_faults(population.condition, population.table, variables):
                yield place, found
        except ValueError as error:
            yield place, str(error)


def in_endpoints(endpoints: Mapping[str, Endpoint], populations: Mapping[str, Population], variables: Variables) -> Iterator[Place]:
    """Times, events, other endpoints and populations that endpoints name."""
    for name, endpoint in endpoints.items():
        declared = variables.get(endpoint.table, {})
        for variable in (endpoint.time, endpoint.event, *filter(None, [endpoint.competing])):
            if variable not in declared:
                yield f"endpoints.{name}", f"no variable {variable!r} in table {endpoint.table!r}" + suggestion(variable, declared)
        if endpoint.includes and (endpoint.includes == name or endpoint.includes not in endpoints):
            yield f"endpoints.{name}.includes", f"{endpoint.includes!r}, which is no other endpoint"
        if endpoint.within and endpoint.within not in populations:
            yield f"endpoints.{name}.within", f"unknown population {endpoint.within!r}"


def in_groupings(groupings: Mapping[str, Grouping], variables: Variables) -> Iterator[Place]:
    """Groupings by what is no variable with levels, and their references."""
    for name, grouping in groupings.items():
        declared = variables.get(grouping.table, {})
        if name not in declared:
            yield f"groupings.{name}", f"no variable {name!r} in table {grouping.table!r}" + suggestion(name, declared)
        elif declared[name].type not in ("category", "boolean"):
            yield f"groupings.{name}", f"a variable of type {declared[name].type}, which has no levels"
        elif grouping.reference and grouping.reference not in (levels := levels_of(declared[name])):
            yield f"groupings.{name}.reference", f"unknown level {grouping.reference!r} (levels: {', '.join(levels)})"


def levels_of(variable: Variable) -> tuple[str, ...]:
    """Levels of a category or truth value as conditions write them."""
    return variable.levels or ("1", "0")
