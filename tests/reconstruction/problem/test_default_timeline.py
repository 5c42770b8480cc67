"""An empty ``reconstruction.yml`` works: times are searched as endpoints, groups and printed digits ask for."""

import pytest
import yaml

from analysis.errors import InputError
from analysis.reconstruction.large.encoding import encode
from analysis.reconstruction.large.reach import check_reach, large, within_small
from analysis.reconstruction.problem.problem import read_problem

HEADER = "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,result,note\n"
STUDY = {
    "study": "trial", "label": "Trial", "title": "Invented", "citation": {}, "origin": "randomisation",
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
    "variables": {"cohort": {
        "patient": {"type": "id"},
        "arm": {"type": "category", "levels": ["A", "B", "C"]},
        "stage": {"type": "category", "levels": ["I", "II"]},
        "efs_time": {"type": "number", "range": [0, 72]}, "efs_event": {"type": "boolean"},
        "os_time": {"type": "number", "range": [0, 80]}, "os_event": {"type": "boolean"},
        "relapse": {"type": "boolean"}, "nrm": {"type": "boolean"},
    }},
    "endpoints": {
        "efs": {"time": "efs_time", "event": "efs_event", "label": "Event-free survival", "includes": "os"},
        "os": {"time": "os_time", "event": "os_event", "label": "Overall survival"},
        "relapse": {"time": "efs_time", "event": "relapse", "label": "Relapse", "competing": "nrm"},
    },
    "groupings": {"arm": {"label": "Arm", "reference": "C"}},
    "populations": {"all": {"label": "All"}, "a": {"where": "arm=A", "label": "A"}, "early": {"where": "stage=I", "label": "Early"}},
}  # fmt: skip
OS = "os24,R,q,a,,survival,endpoint=os; time=24,50%,imposed,,,,\n"
EFS = "efs24,R,q,early,,survival,endpoint=efs; time=24,40%,imposed,,,,\n"


@pytest.fixture
def problem(tmp_path):
    def write(rows, size=60, **changes):
        (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY | changes, sort_keys=False))
        (tmp_path / "printed.csv").write_text(f"{HEADER}n,R,patients,all,,count,,{size},imposed,,,,\n{rows}")
        (tmp_path / "reconstruction.yml").write_text("# nothing\n")
        return read_problem(tmp_path)

    return write


def test_an_endpoint_that_includes_another_comes_before_it_with_its_causes(problem):
    timeline = problem(OS + EFS).assumptions.timeline
    assert (timeline.chain, timeline.causes, timeline.last) == (("efs", "os"), ("relapse",), 80)
    assert timeline.strata == {"arm": "each", "stage": "each"}


DEATH = {"time": "efs_time", "event": "nrm", "label": "Death in remission", "competing": "relapse"}


def test_of_two_endpoints_that_compete_with_each_other_the_first_tells_the_causes(problem):
    endpoints = STUDY["endpoints"] | {"death": DEATH}
    assert problem(OS + EFS, endpoints=endpoints).assumptions.timeline.causes == ("relapse",)


def test_an_endpoint_of_some_patients_leaves_the_causes_open(problem):
    endpoints = STUDY["endpoints"] | {"relapse": STUDY["endpoints"]["relapse"] | {"within": "early"}}
    assert problem(OS + EFS, endpoints=endpoints).assumptions.timeline.causes == ()


def test_two_causes_of_which_each_competes_with_the_other_are_refused(problem, tmp_path):
    problem(OS + EFS, endpoints=STUDY["endpoints"] | {"death": DEATH})
    (tmp_path / "reconstruction.yml").write_text(
        "timeline: {chain: [efs, os], causes: [relapse, death], last: 36, strata: {}, months: {}}\n"
    )
    with pytest.raises(InputError, match="whose event competes with another one of them: one of the two says both"):
        read_problem(tmp_path)


def test_an_endpoint_alone_is_searched_alone(problem):
    timeline = problem(OS).assumptions.timeline
    assert (timeline.chain, timeline.causes) == (("os",), ())


def test_of_more_numbers_of_one_cause_the_times_of_all_first_events_are_searched(problem):
    cause = "".join(
        f"r{time},R,q,early,,cumulative_incidence,endpoint=relapse; competing=nrm; time={time},10%,imposed,,,,\n" for time in (12, 24)
    )
    assert problem(EFS + cause).assumptions.timeline.chain == ("efs",)


@pytest.mark.parametrize(("printed", "steps"), [("9", 1), ("9.1", 10)])
def test_fractions_of_a_month_are_searched_where_they_are_printed(problem, printed, steps):
    found = problem(OS + f"m,R,q,a,,survival_median,endpoint=os,{printed},imposed,,,,\n")
    assert found.assumptions.timeline.steps == steps
    assert large(found) and not within_small(found)  # as medians are known to that search alone


def test_a_small_group_without_a_median_is_left_to_the_search_of_small_groups(problem):
    assert not large(problem(OS))


@pytest.mark.parametrize(("printed", "steps"), [("2", 12), ("2.1", 12), ("2.01", 100)])
def test_years_are_searched_in_months_unless_hundredths_are_printed(problem, printed, steps):
    endpoints = {"os": STUDY["endpoints"]["os"]}
    median = f"m,R,q,a,,survival_median,endpoint=os,{printed},imposed,,,,\n"
    assert problem(OS + median, endpoints=endpoints, time_unit="years").assumptions.timeline.steps == steps


FOLLOWED = "f,R,q,all,,follow_up_median,endpoint=os,19,imposed,,,,\n"


@pytest.mark.parametrize(("other", "method"), [
    ("m,R,q,all,,survival_median,endpoint=os,18,imposed,,,,\n", "over all"),  # both may be 18.5
    ("m,R,q,all,,survival_median,endpoint=os,17,imposed,,,,\n", "reverse Kaplan-Meier"),
    ("m,R,q,all,,survival_median,endpoint=os,19,imposed,,,,\n", "over all"),
    ("m,R,q,a,,survival_median,endpoint=os,6,imposed,,,,\n", "over all"),  # of other patients
    ("s,R,q,all,,survival,endpoint=os; time=18,49%,imposed,,,,\n", "reverse Kaplan-Meier"),
    ("s,R,q,all,,survival,endpoint=os; time=18,50%,imposed,,,,\n", "over all"),
    ("s,R,q,all,,survival,endpoint=os; time=20,49%,imposed,,,,\n", "over all"),
])  # fmt: skip
def test_a_median_follow_up_longer_than_survival_is_not_that_of_all_times(problem, other, method):
    found = problem(OS + FOLLOWED + other)
    assert found.assumptions.timeline.follow_up == method


def test_a_named_median_follow_up_is_the_named_one(problem):
    assert problem(OS + FOLLOWED, named={"follow_up_median": "over survivors"}).assumptions.timeline.follow_up == "over survivors"
    assert (
        problem(OS + FOLLOWED, named={"follow_up_median": "reverse Kaplan-Meier"}).assumptions.timeline.follow_up == "reverse Kaplan-Meier"
    )


def test_without_a_number_of_an_endpoint_there_is_nothing_to_search(problem):
    found = problem("")
    assert found.assumptions.timeline is None
    with pytest.raises(InputError, match="no times to search for"):
        check_reach(found)


def test_what_is_declared_is_left_alone(problem, tmp_path):
    problem(OS)
    (tmp_path / "reconstruction.yml").write_text("timeline: {chain: [os], last: 36, strata: {}, months: {1-36: 20}}\n")
    assert read_problem(tmp_path).assumptions.timeline.last == 36


def test_a_cause_that_does_not_share_the_time_of_the_first_endpoint_is_refused(problem, tmp_path):
    problem(OS)
    (tmp_path / "reconstruction.yml").write_text("timeline: {chain: [efs, os], causes: [os], last: 36, strata: {}, months: {}}\n")
    with pytest.raises(InputError, match="timeline.causes"):
        read_problem(tmp_path)


@pytest.mark.parametrize(
    ("statistic", "arguments", "condition"),
    [
        ("events", "endpoint=os", "arm=A & os_event=1"),
        ("events", "endpoint=os; time=12", "arm=A & os_event=1 & os_time<=12"),
        ("at_risk", "endpoint=efs; time=12", "arm=A & efs_time>=12"),
    ],
)
def test_events_and_numbers_at_risk_are_counts_for_every_stage(problem, statistic, arguments, condition):
    found = problem(OS + f"x,R,q,a,,{statistic},{arguments},7,imposed,,,,\n")
    (row,) = [row for row in found.rows("cohort", "count") if row.id == "x"]
    assert str(found.condition(row)) == condition


def test_the_incidences_of_both_causes_are_searched(problem):
    """The second one's own endpoint, with the two events the other way round, is told by the first."""
    second = {"time": "efs_time", "event": "nrm", "label": "NRM", "competing": "relapse"}
    asked = "{0}24,R,q,a,,cumulative_incidence,endpoint={0}; competing={1}; time=24,20%,imposed,,,,\n"
    rows = OS + EFS + asked.format("relapse", "nrm") + asked.format("nrm", "relapse")
    found = encode(problem(rows, endpoints=STUDY["endpoints"] | {"nrm": second}))
    assert found.left_out == [] and found.ids["incidences"] == ["relapse24", "nrm24"]
    elsewhere = encode(problem(rows, endpoints=STUDY["endpoints"] | {"nrm": second | {"time": "os_time"}}))
    assert elsewhere.left_out == ["nrm24"]


WITHIN = {"rfs": {"time": "rfs_time", "event": "rfs_event", "label": "Relapse-free survival", "within": "early"}}
LATER = {"sar": {"time": "sar_time", "event": "os_event", "label": "Survival after the event", "within": "failed"}}
MORE = {"cohort": STUDY["variables"]["cohort"] | {
    "rfs_time": {"type": "number", "range": [0, 70], "missing": True}, "rfs_event": {"type": "boolean", "missing": True},
    "sar_time": {"type": "number", "range": [0, 70], "missing": True},
}}  # fmt: skip
POPULATIONS = STUDY["populations"] | {"failed": {"where": "efs_event=1", "label": "After an event"}}


def printed_of(endpoint, subset):
    return f"{endpoint}12,R,q,all,{subset},survival,endpoint={endpoint}; time=12,50%,imposed,,,,\n"


def test_an_endpoint_of_some_patients_with_a_time_of_its_own_has_a_start_of_its_own(problem):
    found = problem(OS + EFS + printed_of("rfs", "stage=I"), endpoints=STUDY["endpoints"] | WITHIN, variables=MORE)
    (clock,) = found.assumptions.timeline.clocks
    assert (clock.where, clock.origin, clock.events, clock.ends) == ("stage=I", "", ("rfs",), ())
    assert large(found)  # as the search of small groups knows no such start


def test_survival_after_the_first_event_starts_with_it_and_ends_with_the_last(problem):
    found = problem(
        OS + EFS + printed_of("sar", "efs_event=1"), endpoints=STUDY["endpoints"] | LATER, variables=MORE, populations=POPULATIONS
    )
    (clock,) = found.assumptions.timeline.clocks
    assert (clock.origin, clock.ends, clock.events) == ("efs_time", ("sar",), ())


@pytest.mark.parametrize(
    ("rows", "changes"),
    [
        (OS + EFS, {}),  # nothing printed of it
        (OS + printed_of("rfs", "stage=I"), {}),  # no first event that could end it
        (OS + EFS + printed_of("rfs", "stage=I"), {"time": "efs_time", "event": "efs_event"}),  # counted from the start of all
    ],
)
def test_no_start_of_its_own_where_nothing_ends_it_or_it_has_the_times_of_all(problem, rows, changes):
    endpoints = STUDY["endpoints"] | {"rfs": WITHIN["rfs"] | changes}
    assert problem(rows, endpoints=endpoints, variables=MORE).assumptions.timeline.clocks == ()
