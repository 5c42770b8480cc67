"""What the ledger asks of a cohort that is not the published one: values without verdicts, in ranges where patients need protection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from analysis.cohorts.protection.released import Released
from analysis.cohorts.study import Study
from analysis.errors import Undefined
from analysis.estimators.engines.shown import shown
from analysis.ledger.rows.row import Ledger, Row
from analysis.ledger.session.p_ranges import FORMS
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts import verdicts
from analysis.ledger.verdicts.audit import Audit, Judgement
from analysis.ledger.verdicts.recompute import CohortValues, Tables, collect_variables, require_countable


def evaluate_unjudged(study: Study, ledger: Ledger, cohorts: Sequence[Tables]) -> Audit:
    """Every statistic of the ledger on other patients, beside no printed number.

    Parameters
    ----------
    study : Study
    ledger : Ledger
        Says which statistics, of whom.
    cohorts : sequence of tables
        The first is the one shown; over all, the range.

    Returns
    -------
    Audit
        Verdict `verdicts.NOT_COMPARED` wherever a statistic can be asked for.
    """
    values = [CohortValues(study, tables, is_shown=not number, strict=False) for number, tables in enumerate(cohorts)]
    return _audit(study, ledger, lambda row: _value(row, values, study))


def evaluate_protected(study: Study, ledger: Ledger, released: Released) -> Audit:
    """The same of patients who need protection: what follows from ranges of counts, as a range; anything else is not shown."""
    return _audit(study, ledger, lambda row: _range(row, released))


def _audit(study: Study, ledger: Ledger, judge: Callable[[Row], Judgement]) -> Audit:
    context = {row.id: Judgement(row, "", verdicts.CONTEXT, "", "", row.note) for row in ledger if row.role == "context"}
    return Audit(study, {row.id: context.get(row.id) or judge(row) for row in ledger})


def _judgement(row: Row, text: str, note: str = "", convention: str = "", evidence: str = "", values: Values | None = None) -> Judgement:
    return Judgement(row, text, verdicts.NOT_COMPARED, convention, evidence, note, values=values or {})


def _value(row: Row, values: Sequence[CohortValues], study: Study) -> Judgement:
    if not values or not values[0].has(row):
        return _judgement(row, "", "no available table has the variables it needs")
    lacking = values[0].lacking(row)
    if lacking:
        return _judgement(row, "", f"the cohort has no column {', '.join(lacking)}")
    with shown(strict=False) as scope:
        before = len(scope.remarks)
        try:
            found = [cohort.of(row) for cohort in values if cohort.has(row)]
            convention = verdicts.ways(row.registered, found[0], study.named_conventions(row.statistic))[0].convention
            ends = [verdicts.ends(member[convention]) for member in found]
        except Undefined as reason:
            return _judgement(row, "", f"does not exist for these patients ({reason})")
        remarks = "; ".join(scope.remarks[before:])
    low, high = _choose_finite([low for low, _ in ends], min), _choose_finite([high for _, high in ends], max)
    value = low if low == high or not (low.is_finite() and high.is_finite()) else (low, high)
    return _judgement(row, verdicts.format_value(value, row.value), remarks, convention=convention, values=found[0])


def _choose_finite(numbers: Sequence[Decimal], choose: Callable[[list[Decimal]], Decimal]) -> Decimal:
    finite = [number for number in numbers if number.is_finite()]
    return choose(finite) if finite else Decimal("nan")


def _range(row: Row, released: Released) -> Judgement:
    population = released.study.populations[row.population]
    if population.table != released.table:
        return _judgement(row, "", "no available table has the variables it needs")
    lacking = released.lacking(collect_variables(row, released.study))
    if lacking:
        return _judgement(row, "", f"the cohort has no column {', '.join(lacking)}")
    if row.statistic not in FORMS:
        return _judgement(row, "", "not shown, to protect the patients: it does not follow from ranges of counts")
    try:
        require_countable(row, released.study)
    except Undefined as reason:
        return _judgement(row, "", f"not shown: {reason}")
    if not released.divides(population.condition & row.subset):
        return _judgement(row, "", "not shown, to protect the patients: no interval ends where it divides them")
    try:
        text, convention = FORMS[row.statistic](row, released)
    except Undefined as reason:
        return _judgement(row, "", f"not shown: {reason}")
    return _judgement(row, text, convention=convention, evidence=verdicts.RANGES)
