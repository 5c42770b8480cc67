"""What a ledger row must keep beyond its form: declared names, fitting sources, no circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.cohorts.study import Study
from analysis.errors import suggestion
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics import groups

#: A fault as (column, what was expected, what was found).
Wrong = tuple[str, str, str]


def check_declarations(study: Study, row: Row) -> Iterator[Wrong]:
    """Faults of a row against the study's declarations and its statistic's arguments."""
    statistic = row.registered
    if (row.statistic == "quoted") != (row.role == "context"):
        yield "role", "'context' for a quoted number and for no other", f"{row.role!r} with statistic {row.statistic!r}"
    for key in statistic.required:
        if key not in row.arguments:
            yield "arguments", f"{key}=… for {row.statistic!r}", "no such argument"
    for key in row.arguments:
        if key not in statistic.required + statistic.optional:
            known = statistic.required + statistic.optional
            yield "arguments", f"only {', '.join(known) or 'no arguments'} for {row.statistic!r}", f"{key!r}{suggestion(key, known)}"
    if row.sources is not None:
        shape = len(row.sources.rows), len(row.sources.rows[0]) if row.sources.rows else 0
        if statistic.from_printed is None:
            yield "from", f"nothing: {row.statistic!r} does not follow from printed numbers", str(row.sources)
        elif statistic.fits is not None and not statistic.fits(*shape):
            yield "from", statistic.needs, f"{shape[0]} × {shape[1]} cells"
    if row.role == "context":
        return
    population = study.populations.get(row.population)
    if population is None:
        yield "population", "a declared population", repr(row.population) + suggestion(row.population, study.populations)
        return
    for found in study.faults(population.condition, population.table):
        yield "population", "declared variables and levels", found
    for found in study.faults(row.subset, population.table):
        yield "subset", "declared variables and levels", found
    wrong = groups.faults(study, population.table, row.arguments)
    yield from (("arguments", "declared names", found) for found in wrong)
    if not wrong:
        yield from (("arguments", *found) for found in groups.faults_of_types(study, population.table, row.statistic, row.arguments))


def check_references(row: Row, rows: Mapping[str, Row]) -> Iterator[Wrong]:
    """Faults of what a row says of other rows."""
    for id in row.sources.ids if row.sources else ():
        if id not in rows:
            yield "from", "ids of this ledger", repr(id) + suggestion(id, rows)
    if row.copy_of:
        original = rows.get(row.copy_of)
        if original is None:
            yield "copy_of", "an id of this ledger", repr(row.copy_of) + suggestion(row.copy_of, rows)
        elif original.role != row.role:
            yield "role", f"{original.role!r}, the role of {original.id!r} that it copies", repr(row.role)
        elif original.copy_of:
            yield "copy_of", "an original", f"{original.id!r}, itself a copy of {original.copy_of!r}"
    yield from _check_result(row, rows)


def _check_result(row: Row, rows: Mapping[str, Row]) -> Iterator[Wrong]:
    """Faults of a row against the first row of its result.

    Rows of a result share source and population.  Counts alone may differ in population: a denominator is
    counted among more patients than its numerator.
    """
    first = rows.get(row.result)
    if first is None:
        yield "result", "the id of the first row of its result", repr(row.result) + suggestion(row.result, rows)
    elif first.result != first.id or first.line > row.line:
        yield "result", "the first row of its result", f"{first.id!r}, in row {first.line}, of the result {first.result!r}"
    elif row is not first:
        if "context" in (row.role, first.role):
            yield "result", "no result for context, which is not judged", f"{row.id!r} with {first.id!r}"
        if row.source != first.source:
            yield "result", f"rows printed in one place: {first.source!r}, that of {first.id!r}", repr(row.source)
        if row.population != first.population and not {row.statistic, first.statistic} <= {"count", "percent"}:
            yield "result", f"rows of one population: {first.population!r}, that of {first.id!r}", repr(row.population)


def check_decimal_marks(rows: Mapping[str, Row]) -> Iterator[tuple[Row, Wrong]]:
    """Numbers with a decimal comma in a ledger with decimal points, or the reverse: ``1,01`` is then a slip for ``1,013``.

    A raised dot, as in ``P=·03``, is no slip for a thousand, and stands beside commas, too.
    """
    fractions = [row for row in rows.values() if row.value.decimals]
    commas = [row for row in fractions if row.value.has_decimal_comma]
    if not commas or len(commas) == len(fractions):
        return
    of_commas = 2 * len(commas) <= len(fractions)
    usual = "point" if of_commas else "comma"
    for row in fractions:
        if row.value.has_decimal_comma == of_commas and (of_commas or not row.value.has_raised_dot):
            yield row, ("printed", f"a decimal {usual}, as in most rows of this ledger", repr(row.printed))


def find_cycles(rows: Mapping[str, Row]) -> Iterator[tuple[str, list[str]]]:
    """Rows whose sources lead back to themselves, each circle once."""
    done: set[str] = set()
    for start in rows:
        path: list[str] = []
        stack = [(start, iter(_sources_of(rows, start)))] if start not in done else []
        path.append(start)
        while stack:
            id, following = stack[-1]
            for next_id in following:
                if next_id in path:
                    yield start, [*path[path.index(next_id) :], next_id]
                elif next_id not in done and next_id in rows:
                    stack.append((next_id, iter(_sources_of(rows, next_id))))
                    path.append(next_id)
                    break
            else:
                done.add(id)
                stack.pop()
                path.pop()


def _sources_of(rows: Mapping[str, Row], id: str) -> tuple[str, ...]:
    sources = rows[id].sources if id in rows else None
    return sources.ids if sources else ()
