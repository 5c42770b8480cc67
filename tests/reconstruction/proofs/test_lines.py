"""Linear statements about a curve hold for every cohort that gives the printed estimate."""

from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from analysis.cohorts import conditions
from analysis.reconstruction.proofs.lines import of_counts, of_curves

PATIENTS = st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(PATIENTS)
def test_each_event_takes_at_least_its_share_of_the_whole(patients):
    times, events = (np.array(column) for column in zip(*patients))
    survival = KaplanMeierFitter().fit(times, events).predict(15)
    deaths = int((events & (times <= 15)).sum())
    assert deaths <= len(times) * (1 - survival) + 1e-9


SPOKEN = frozenset({"os_months", "died", "arm"})


def test_an_estimate_with_its_error_and_size_bounds_the_events(toy):
    lines = [line for line in of_curves(toy, "cohort", SPOKEN) if line.ids == {"os.all.12", "os.all.12.se", "n.all"}]
    assert lines, "12 patients, 74.07% (12.95): few risk-set sequences"
    events = conditions.parse("died=1 & os_months<=12")
    assert {line.most for line in lines if line.terms[0][1] == 1} == {3}
    assert all(str(condition) == str(events) for line in lines for condition, _ in line.terms)


def test_a_curve_of_other_variables_is_left_out(toy):
    assert of_curves(toy, "cohort", frozenset({"arm"})) == []


def test_a_reading_replaces_who_is_counted(toy):
    other = conditions.parse("age<50 & sex=F")
    [low, high] = [line for line in of_counts(toy, "cohort", {"young.f": other}) if line.ids == {"young.f"}]
    assert {low.most, high.most} == {2, -2}
    assert all(condition == other for line in (low, high) for condition, _ in line.terms)


def test_a_printed_share_admits_only_counts_that_round_to_it(toy):
    lines = [line for line in of_counts(toy, "cohort", {}) if line.ids == {"sex.f.a"}]

    def admits(women, everybody):
        values = {"arm=A & sex=F": women, "arm=A": everybody}
        return all(sum(weight * values[str(condition)] for condition, weight in line.terms) <= line.most for line in lines)

    expected = {women for women in range(8) if round(Decimal(100 * women) / 7, 1) == Decimal("42.9")}
    assert {women for women in range(8) if admits(women, 7)} == expected == {3}
