"""Of patients who need protection nothing is known but ranges of counts: no key, no order, no value, no small number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cohorts.conditions import Clause, parse
from analysis.cohorts.protection import scales
from analysis.cohorts.protection.counts import Count, Protection
from analysis.cohorts.protection.released import Released, alike
from analysis.cohorts.protection.scales import protect
from analysis.cohorts.study_parts import Variable
from analysis.errors import InputError, NotShown, Undefined
from analysis.estimators.disclosure.bounded_curve import bounded
from analysis.estimators.disclosure.bounded_ratio import bounded_ratio
from analysis.ledger.session.ranges import quantile, share
from tests.cohorts.patients import COHORTS, STUDY, patients

OS = STUDY.endpoints["os"]


@pytest.mark.parametrize("threshold", [2, 5, 7])
@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_a_count_is_told_from_the_threshold_on_and_not_below(threshold, beside):
    number = threshold + beside
    frame = patients(40).assign(stage=["I"] * number + ["II"] * (40 - number))
    found = Released(STUDY, frame, Protection(threshold)).count(parse("stage=I"))
    assert found == (Count(0, threshold - 1) if beside < 0 else Count(threshold, 2 * threshold - 1))


def test_nobody_looks_like_any_other_small_number():
    shown = {
        str(Released(STUDY, patients(30).assign(stage=["I"] * few + ["II"] * (30 - few)), Protection()).count(parse("stage=I")))
        for few in range(5)
    }
    assert shown == {"fewer than 5"}


@settings(deadline=None, max_examples=60)
@given(COHORTS, st.integers(2, 9), st.sampled_from(["", "arm=A", "stage=III", "arm=B & died=1", "age<10", "age>=10 & arm=A", "courses=2"]))
def test_the_range_of_a_count_holds_the_count(frame, threshold, where):
    condition = parse(where)
    found = Released(STUDY, frame, Protection(threshold)).count(condition)
    assert found.low <= condition.mask(frame).sum() <= found.high
    assert found.high - found.low == threshold - 1


@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_followed_events_and_values_below_an_end_are_told_from_the_threshold_on(beside):
    """Of 40 patients some die in the first quarter, at 4, 5 and 6 of them, and as many are followed for longer than the third."""
    number = 5 + beside
    frame = patients(40).assign(
        months=[1.0] * number + [4.0] * (40 - 2 * number) + [10.0] * number,
        died=[True] * number + [False] * (40 - number),
        age=[3] * number + [9] * (40 - number),
    )
    released = Released(STUDY, frame, Protection())
    life, below = released.life(OS), released.below("age")
    assert life.events[1] == (0 if beside < 0 else 5)
    assert life.followed.tolist() == [40, 40 - number - (40 - number) % 5, *([] if beside < 0 else [5, 5])]
    assert below.counts[below.ends.searchsorted(4)] == (0 if beside < 0 else 5)
    assert life.total == life.events[-1]


@pytest.mark.parametrize(("differing", "refused"), [(0, False), (1, True), (4, True), (5, False), (6, False)])
def test_selections_are_alike_that_differ_by_somebody_and_by_fewer_than_the_threshold(differing, refused):
    frame = patients(40).assign(stage=["II"] * differing + ["I"] * (40 - differing))
    assert alike(STUDY, frame, Protection(), [parse(""), parse("stage=I")]) == ([(0, 1)] if refused else [])


@pytest.mark.parametrize(("known", "told"), [(4, False), (5, True), (6, True)])
def test_bounds_need_as_many_patients_as_the_threshold(known, told):
    frame = patients(40).assign(arm=["A"] * known + ["B"] * (40 - known), months=30.0, age=7)
    released = Released(STUDY, frame, Protection())
    for result in (
        lambda: bounded(released.life(OS, parse("arm=A"))),
        lambda: quantile(released.below("age", parse("arm=A")), 0.5),
        lambda: share(released.count(parse("arm=A & age<9")), released.count(parse("arm=A"))),
    ):
        if told:
            result()
        else:
            with pytest.raises(Undefined):
                result()


@pytest.mark.parametrize(("events", "told"), [(4, False), (5, True), (6, True)])
@pytest.mark.parametrize("first", [True, False])
def test_a_ratio_needs_as_many_events_in_each_group_as_the_threshold(events, told, first):
    frame = patients(60).assign(arm=["A"] * 30 + ["B"] * 30, months=[2.0] * 15 + [30.0] * 15 + [2.0] * 15 + [30.0] * 15)
    died = [True] * events + [False] * (30 - events), [True] * 15 + [False] * 15
    frame["died"] = [*died[not first], *died[first]]
    released = Released(STUDY, frame, Protection())
    curves = [bounded(released.life(OS, parse(where))) for where in ("arm=A", "arm=B")]
    if told:
        assert bounded_ratio(*curves, 5).ratio.low > 0
    else:
        with pytest.raises(Undefined):
            bounded_ratio(*curves, 5)


@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_groups_formed_by_a_landmark_are_told_from_the_threshold_on(beside):
    """Of 40 patients some have a graft at 3 months; six die before the landmark, five have a later graft, of two nobody knows when."""
    number = 5 + beside
    frame = patients(40).assign(
        months=[2.0] * 6 + [20.0] * 34,
        died=True,
        graft=[False] * 6 + [True] * (number + 7) + [False] * (27 - number),
        graft_months=[np.nan] * 6 + [3.0] * number + [9.0] * 5 + [np.nan] * (29 - number),
    )
    had, others = Released(STUDY, frame, Protection()).from_landmark(OS, "graft", "graft_months", 6.0)
    assert had.patients == had.total == (0 if beside < 0 else 5)
    assert others.patients == others.total == (32 - number) // 5 * 5
    assert others.followed.tolist() == [(32 - number) // 5 * 5] * 5  # from 6 to 18 months


@settings(deadline=None, max_examples=60)
@given(COHORTS, st.integers(2, 9), st.sampled_from([3.0, 6.0, 12.0]))
def test_counts_after_a_landmark_hold_the_exact_ones(frame, threshold, at):
    groups = Released(STUDY, frame, Protection(threshold)).from_landmark(OS, "graft", "graft_months", at)
    late, early = frame["months"] > at, frame["graft"] & (frame["graft_months"] <= at)
    for life, member in zip(groups, (late & early, late & ~early), strict=True):
        own = frame[member]
        assert life.patients <= len(own) <= life.patients + threshold - 1
        for end, followed in enumerate(life.followed):
            assert threshold <= followed <= (own["months"] > at + 3 * end).sum() <= followed + threshold - 1


@pytest.mark.parametrize("at", [5.0, 6.5])
def test_a_landmark_within_an_interval_is_not_shown(at):
    with pytest.raises(NotShown, match="no interval of time ends at the landmark"):
        Released(STUDY, patients(60), Protection()).from_landmark(OS, "graft", "graft_months", at)


@pytest.mark.parametrize(
    ("until", "reverse", "told"), [(12.0, False, True), (12.0, True, False), (11.0, False, False), (13.0, False, False)]
)
def test_follow_up_that_is_censored_within_an_interval_is_not_shown(until, reverse, told):
    released, endpoint = Released(STUDY, patients(60), Protection()), OS.model_copy(update={"until": until})
    if told:
        assert len(released.life(endpoint, reverse=reverse).followed) == 5
    else:
        with pytest.raises(NotShown, match="at which no interval ends"):
            released.life(endpoint, reverse=reverse)


@settings(deadline=None, max_examples=60)
@given(COHORTS, st.integers(2, 9), st.sampled_from([1.0, 3.0, 6.0]))
def test_follow_up_is_told_as_long_as_enough_are_followed(frame, threshold, step):
    life = Released(STUDY, frame, Protection(threshold, step)).life(OS)
    ends = step * np.arange(len(life.followed))
    followed = (frame["months"].to_numpy() > ends[:, None]).sum(axis=1)
    events = (frame["died"].to_numpy() & (frame["months"].to_numpy() <= ends[:, None])).sum(axis=1)
    assert (followed >= threshold).all()
    assert (frame["months"] > step * len(life.followed)).sum() < threshold
    for told, exact in ((life.followed, followed), (life.events, events)):
        assert (told % threshold == 0).all()
        assert ((told <= exact) & (exact < told + threshold)).all()


@pytest.mark.parametrize(("followed", "seen"), [(4, 4), (5, 5), (6, 5)])
def test_the_last_time_told_is_one_that_the_threshold_outlives(followed, seen):
    """Of 30 patients 24 leave in the first quarter, the others stay for 5, 5 and 6 years and so on: at the threshold, one below, one above."""
    frame = patients(30).assign(months=[1.0] * (30 - followed) + [7.5] * followed, died=False)
    assert len(Released(STUDY, frame, Protection()).life(OS).followed) == (3 if followed >= seen == 5 else 1)


def test_no_key_and_no_order_of_the_file_survives():
    frame = patients(60)
    coarse, _ = protect(STUDY, frame, Protection())
    assert "id" not in coarse
    orders = {tuple(protect(STUDY, frame.assign(courses=range(60)), Protection())[0]["courses"]) for _ in range(4)}
    assert len(orders) == 4
    assert tuple(sorted(next(iter(orders)))) not in orders


def test_the_order_of_rows_is_drawn_anew_whatever_was_seeded():
    orders = set()
    for _ in range(3):
        np.random.seed(1)
        orders.add(tuple(protect(STUDY, patients(60).assign(courses=range(60)), Protection())[0]["courses"]))
    assert len(orders) == 3


def test_no_exact_time_or_measurement_is_kept():
    frame = patients(60).assign(marker=lambda rows: rows["marker"] + 0.00007)
    coarse, _ = protect(STUDY, frame, Protection())
    for name in ("months", "marker", "graft_months"):
        kept = coarse[name].dropna()
        assert (kept.astype(float) == kept.astype(float).round()).all()


@pytest.mark.parametrize(
    ("asked", "acts"),
    [
        ("months>12.0002", "months>12"),
        ("months>12", "months>12"),
        ("months<=11", "months<=12"),
        ("months>=1000", "months>999"),
        ("months>40000", "months>30000"),
        ("marker<0.44", None),
    ],
)
def test_a_limit_acts_at_the_nearest_end_of_an_interval(asked, acts):
    frame = patients(90).assign(months=lambda rows: rows["months"].clip(upper=57))
    released = Released(STUDY, frame, Protection(), parse(asked))
    if acts:
        assert str(released.where) == acts
    variable, _, limit = asked.replace("<", ">").replace("=", "").partition(">")
    moved = asked.replace(limit, str(float(limit) + 1e-4))
    other = Released(STUDY, frame, Protection(), parse(moved))
    assert (str(other.where), other.count()) == (str(released.where), released.count())


@pytest.mark.parametrize("asked", ["months>1000000", "months>57.1", "marker>1000000", "age>1000"])
def test_where_a_limit_acts_beyond_all_patients_tells_nothing_of_them(asked):
    """The longest time, the largest value: another patient has it, the same interval is asked about."""
    acts = {
        str(Released(STUDY, patients(60).assign(months=longest, marker=longest / 7, age=int(longest)), Protection(), parse(asked)).where)
        for longest in (3.0, 57.0, 290.0)
    }
    assert len(acts) == 1


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7])
def test_a_value_at_a_decimal_end_belongs_to_the_interval_that_begins_there(share):
    frame = patients(60).assign(marker=[share] * 30 + [share - 0.1] * 30)
    found = Released(STUDY, frame, Protection(), parse(f"marker>={share:g}"))
    assert str(found.where) == f"marker>={share:g}" and found.count() == Count(30, 34)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 9))
def test_the_step_of_a_measurement_tells_nothing_that_counts_in_ranges_do_not(seed, threshold):
    """Values move within intervals of the step that was chosen: the same step is chosen again."""
    draw = np.random.default_rng(seed)
    values = np.round(draw.lognormal(1, 1.5, int(draw.integers(5, 80))) * 10.0 ** draw.integers(-3, 4), 6)
    step = scales._round_step(values, threshold)
    moved = step * (np.floor(values / step) + draw.uniform(0.01, 0.99, len(values)))
    assert scales._round_step(draw.permutation(moved), threshold) == step


@settings(deadline=None, max_examples=60)
@given(COHORTS, st.floats(0, 80))
def test_what_a_limit_selects_is_what_the_moved_condition_says(frame, limit):
    released = Released(STUDY, frame, Protection(3), parse(f"months>{limit:.4f}"))
    exact = released.where.mask(frame).sum()
    assert released.count().low <= exact <= released.count().high


def test_a_single_value_of_a_time_cannot_be_asked_for():
    with pytest.raises(InputError, match="comparison with a limit"):
        Released(STUDY, patients(30), Protection(), parse("months=12.5"))


def test_a_key_cannot_be_asked_for():
    with pytest.raises(InputError, match="no column id"):
        Released(STUDY, patients(30), Protection(), parse("id=P3"))


def test_a_declared_group_is_divided_where_it_is_declared():
    frame = patients(80)
    released = Released(STUDY, frame, Protection())
    assert released.divides(parse("age<10")) and released.divides(parse("age<=9"))
    assert not released.divides(parse("marker<1.2345"))


def test_time_from_a_later_origin_is_that_of_those_who_reached_it():
    frame = patients(80)
    life = Released(STUDY, frame, Protection(origin="graft_months")).life(OS)
    reached = frame[frame["graft_months"].notna() & (frame["months"] >= frame["graft_months"])]
    assert life.patients <= len(reached) < life.patients + 5
    later = (reached["months"] - reached["graft_months"] > 3).sum()
    assert life.followed[1] <= later < life.followed[1] + 5


@settings(deadline=None, max_examples=60)
@given(COHORTS, st.integers(0, 10**6))
def test_cohorts_that_differ_in_what_is_withheld_are_one(frame, seed):
    """Rows in another order, keys with other names, every time elsewhere in its interval: the same answers."""
    draw = np.random.default_rng(seed)
    step, hair = 3.0, 1e-3
    place = np.ceil(frame["months"] / step)
    moved = np.where(place > 0, step * (place - draw.uniform(hair, 1 - hair, len(frame))), 0.0)
    other = (
        frame.assign(months=moved, id=[f"X{number}" for number in draw.permutation(len(frame))])
        .sample(frac=1, random_state=int(seed))
        .reset_index(drop=True)
    )
    answers = [
        [str(released.count(parse(where))) for where in ("", "arm=A", "stage=III & arm=B")]
        + [part.tolist() if hasattr(part, "tolist") else part for part in released.life(OS)]
        for released in (Released(STUDY, one, Protection(5, step)) for one in (frame, other))
    ]
    assert answers[0] == answers[1]


def test_a_few_patients_more_or_less_in_small_groups_change_nothing():
    one = patients(60).assign(stage=["I"] * 53 + ["II"] * 4 + ["III"] * 3)
    other = one.assign(stage=["I"] * 53 + ["II"] * 3 + ["III"] * 4)
    asked = ["stage=I", "stage=II", "stage=III", ""]
    assert [Released(STUDY, one, Protection()).count(parse(where)) for where in asked] == [
        Released(STUDY, other, Protection()).count(parse(where)) for where in asked
    ]


def recovered(frame, threshold) -> int:
    """Small cells of a cross table that an outsider can work out who knows all ranges of cells and margins."""
    released = Released(STUDY, frame, Protection(threshold))
    cells = {(a, s): released.count(parse(f"arm={a} & stage={s}")) for a in "AB" for s in ("I", "II", "III")}
    sums = {
        name: released.count(parse(where))
        for name, where in {"all": "", "A": "arm=A", "B": "arm=B", "I": "stage=I", "II": "stage=II", "III": "stage=III"}.items()
    }
    return sum(len(possible(cell, cells, sums)) == 1 for cell, found in cells.items() if found.low == 0)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["I", "II", "III"])), min_size=7, max_size=60), st.integers(7, 9))
def test_margins_tell_no_small_cell(pairs, threshold):
    """Ranges of fewer parts than the threshold never add up to a single possibility."""
    arm, stage = zip(*pairs, strict=True)
    assert recovered(patients(len(pairs)).assign(arm=arm, stage=stage), threshold) == 0


def test_margins_of_many_tables_tell_no_small_cell_at_the_usual_threshold():
    assert sum(recovered(patients(20 + seed % 40, seed), 5) for seed in range(25)) == 0


def possible(cell, cells, sums) -> set[int]:
    """Least and greatest number of a cell under all ranges (an integer programme)."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    names = list(cells)
    rows = np.array([[name == "all" or name in key for key in names] for name in sums], float)
    limits = LinearConstraint(rows, [count.low for count in sums.values()], [count.high for count in sums.values()])
    box = Bounds([count.low for count in cells.values()], [count.high for count in cells.values()])
    goal = np.array([key == cell for key in names], float)
    return {round(milp(sign * goal, constraints=limits, bounds=box, integrality=np.ones(len(names))).fun * sign) for sign in (1, -1)}


def test_whole_numbers_without_a_unit_can_be_asked_for_one_by_one():
    frame = patients(90)
    found = Released(STUDY, frame, Protection()).count(parse("courses=2"))
    assert found.low <= (frame["courses"] == 2).sum() <= found.high


def test_values_below_an_end_are_counted_in_ranges():
    frame = patients(90)
    below = Released(STUDY, frame, Protection()).below("age")
    exact = np.array([(frame["age"] < end).sum() for end in below.ends])
    assert ((below.counts <= exact) & (exact < below.counts + 5)).all()
    assert isinstance(frame, pd.DataFrame) and below.known == Count(90, 94)


@pytest.mark.parametrize(
    ("comparison", "met"),
    [(">", [False, True, False]), (">=", [False, True, False]), ("<", [True, False, False]), ("<=", [True, False, False])],
)
def test_a_patient_whose_value_is_unknown_meets_no_limit(comparison, met):
    scale = scales.Scale("months", np.array([0.0, 3, 6, 9]), 3.0, "right", False)
    place = pd.Series([1, 3, None], dtype="Int64")
    assert scale.mask(place, scale.nearest(Clause("months", comparison, ("3",)))).tolist() == met


def test_a_time_that_begins_where_the_origin_lies_is_known_and_an_earlier_one_is_not():
    scale = scales.Scale("since", np.array([0.0, 3]), 3.0, "right", False, months=(("months", 1.0), ("sct", 1.0)))
    values = scale.values(pd.DataFrame({"months": [4.0, 4.0, 4.0], "sct": [4.0, 1.0, 5.0]}))
    assert values[:2].tolist() == [0.0, 3.0] and np.isnan(values[2])


@pytest.mark.parametrize(("unit", "step"), [("years", 1.0), ("months", 12.0)])
def test_an_age_is_divided_at_whole_years_in_whatever_unit(unit, step):
    column = pd.Series(range(100), dtype="Int64")
    found, ends = scales._measure(column, Variable(type="integer", unit=unit), set(), 5)
    assert found == step and set(np.diff(ends)) == {step}


def test_an_event_in_the_last_interval_before_the_end_of_an_analysis_counts_and_a_later_one_does_not():
    held = object.__new__(Released)
    held.how = Protection(threshold=5, step=3.0)
    life = held._life(np.repeat([1, 2, 3, 4], 5), np.repeat([True, True, True, False], 5), last=2.0)
    assert life.total == 10 and life.events.tolist() == [0, 5, 10] and life.followed.tolist() == [20, 15, 10]


def test_the_step_of_a_measurement_rests_on_the_counts_of_its_ranges():
    # of ten values in ranges of five, the first and the last tenth end at the fifth and the tenth
    values = np.array([1, 1, 1, 1, 8, 9, 9, 9, 9, 12], float)
    assert scales._round_step(values, 5) == 10.0
    assert scales._round_step(np.append(values[:-1], 9.5), 5) == 1.0
