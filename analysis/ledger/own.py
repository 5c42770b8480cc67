"""What the ledger asks of a cohort that is not the published one: values without verdicts, small cells hidden."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from analysis.cohorts.study import Study
from analysis.errors import Undefined
from analysis.estimators.suppression import hidden
from analysis.ledger import verdicts
from analysis.ledger.audit import Audit, Judgement
from analysis.ledger.recompute import CohortValues, Tables
from analysis.ledger.rows import Ledger, Row

COUNTED = ("count", "percent")
"""Statistics that tell how many patients meet a condition."""

ENDS = ("minimum", "maximum")
"""Statistics that are one patient's value."""


def unjudged(study: Study, ledger: Ledger, cohorts: Sequence[Tables], threshold: int = 0) -> Audit:
    """Every statistic of the ledger on other patients, beside no printed number.

    Parameters
    ----------
    study : Study
    ledger : Ledger
        Says which statistics, of whom.
    cohorts : sequence of tables
        The first is the one shown; over all, the range.
    threshold : int
        Smallest number of patients that a value may rest on; 0 for no protection.

    Returns
    -------
    Audit
        Verdict `verdicts.NOT_COMPARED` wherever a statistic can be asked for; a hidden value is empty, and its note says so.
    """
    values = [CohortValues(study, tables) for tables in cohorts]
    asked = [row for row in ledger if row.role != "context"]
    secret = _withheld(asked, values[0], threshold) if values and threshold > 1 else set()
    return Audit(study, {row.id: _judgement(row, values, study, row.id in secret, threshold) for row in ledger})


def _judgement(row: Row, values: Sequence[CohortValues], study: Study, secret: bool, threshold: int) -> Judgement:
    if row.role == "context":
        return Judgement(row, "", verdicts.CONTEXT, "", "", row.note)
    told = lambda text, note="", convention="", found=None: Judgement(row, text, verdicts.NOT_COMPARED, convention, "", note, values=found)  # noqa: E731
    if not values or not values[0].has(row):
        return told("", "no table at hand holds what it needs")
    lacking = values[0].lacking(row)
    if lacking:
        return told("", f"the cohort has no column {', '.join(lacking)}")
    if secret:
        return told("", f"not shown: it rests on fewer than {threshold} patients, or would tell how few they are")
    try:
        found = [cohort.of(row) for cohort in values if cohort.has(row)]
        convention = verdicts.ways(row.registered, found[0], study.named_conventions(row.statistic))[0].convention
        ends = [verdicts.ends(member[convention]) for member in found]
    except Undefined as reason:
        return told("", f"does not exist for these patients ({reason})")
    low, high = _extreme([low for low, _ in ends], min), _extreme([high for _, high in ends], max)
    value = low if low == high or not (low.is_finite() and high.is_finite()) else (low, high)
    return told(verdicts.shown(value, row.value), convention=convention, found=found[0])


def _extreme(numbers: Sequence[Decimal], choose) -> Decimal:
    finite = [number for number in numbers if number.is_finite()]
    return choose(finite) if finite else Decimal("nan")


def _withheld(rows: Sequence[Row], values: CohortValues, threshold: int) -> set[str]:
    """Rows whose value would tell of fewer patients than may be told of."""
    known = [row for row in rows if values.has(row) and not values.lacking(row)]
    secret = {row.id for row in known if row.statistic in ENDS}
    for table in {values.study.populations[row.population].table for row in known}:
        counted, within = {}, {}
        for row in known:
            if values.study.populations[row.population].table != table:
                continue
            frame, population = values.tables[table], values.population(row.population)
            group = frame.index.isin(population.index)
            chosen = group & row.subset.mask(frame) if row.subset.clauses else group
            if row.statistic in COUNTED:
                counted[row.id], within[row.id] = chosen, group
            elif _few(row, values, chosen, threshold):
                secret.add(row.id)
        secret |= hidden(counted, threshold, within)
    return secret


def _few(row: Row, values: CohortValues, chosen: np.ndarray, threshold: int) -> bool:
    """Whether a statistic rests on few patients, few events, or a group of few."""
    frame = values.tables[values.study.populations[row.population].table][chosen]
    if len(frame) < threshold:
        return True
    if "endpoint" in row.arguments:
        event = frame[values.study.endpoints[row.arguments["endpoint"]].event]
        if 0 < int(event.fillna(False).astype(bool).sum()) < threshold:
            return True
    declared = values.study.variables[values.study.populations[row.population].table]
    divided = [name for name in row.arguments.values() if name in declared and declared[name].type in ("category", "boolean")]
    cells = frame.groupby(divided, dropna=True).size() if divided else []
    return any(0 < count < threshold for count in cells)
