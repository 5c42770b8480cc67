"""Which columns a cohort must have, and what cannot be shown without the others.

The declaration decides: a table needs its key, the columns of its endpoints and those
that its populations speak of.  A variable declared ``missing`` or ``optional`` is never
needed, and an endpoint with such a column (e.g. one that begins at a transplant) is not
an endpoint of everybody.
"""

from __future__ import annotations

from collections.abc import Collection

from analysis.cohorts.study import Study

KEY, ENDPOINT, POPULATION = "key", "endpoint", "population"


def required_variables(study: Study, table: str) -> dict[str, str]:
    """Columns that a cohort must have, in the order of the declaration.

    Parameters
    ----------
    study : Study
    table : str
        Name of a declared table.

    Returns
    -------
    dict of str to {"key", "endpoint", "population"}
        Why each is needed; the first that applies.
    """
    declared = study.variables[table]
    reasons = {study.tables[table].key: KEY}
    for name in whole_endpoints(study, table):
        endpoint = study.endpoints[name]
        reasons.setdefault(endpoint.time, ENDPOINT)
        reasons.setdefault(endpoint.event, ENDPOINT)
    for population in study.populations.values():
        if population.table == table:
            for variable in population.condition.variables:
                if not (declared[variable].missing or declared[variable].optional):
                    reasons.setdefault(variable, POPULATION)
    return {name: reasons[name] for name in declared if name in reasons}


def whole_endpoints(study: Study, table: str) -> list[str]:
    """Endpoints of a table that everybody has: neither column may be empty or left out."""
    declared = study.variables[table]
    return [
        name
        for name, endpoint in study.endpoints.items()
        if endpoint.table == table
        and not any(declared[column].missing or declared[column].optional for column in (endpoint.time, endpoint.event))
    ]


def find_lost(study: Study, table: str, absent: Collection[str]) -> tuple[list[str], list[str]]:
    """Endpoints and populations that cannot be shown without some columns, by their labels."""
    endpoints = [
        endpoint.label for endpoint in study.endpoints.values() if endpoint.table == table and {endpoint.time, endpoint.event} & set(absent)
    ]
    populations = [
        population.label
        for population in study.populations.values()
        if population.table == table and set(population.condition.variables) & set(absent)
    ]
    return endpoints, populations
