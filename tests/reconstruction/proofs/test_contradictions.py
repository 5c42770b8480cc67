"""Contradictory counts are told with their rows and rules before a row is made; what the solver cannot decide is called so."""

import pytest
import yaml

from analysis.errors import InputError
from analysis.reconstruction import explain
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.proofs import contradictions
from analysis.reconstruction.proofs.contradictions import check_numbers, judge_numbers
from analysis.reconstruction.single.start import times

STUDY = {
    "study": "children", "label": "Children", "title": "Invented", "citation": {}, "origin": "diagnosis",
    "tables": {"cohort": {"file": "cohort.csv", "unit": "child", "key": "child"}},
    "variables": {"cohort": {
        "child": {"type": "id"},
        "remission": {"type": "boolean", "known": "later"},
        "sex": {"type": "category", "levels": ["f", "m"]},
        "months": {"type": "number", "unit": "months", "range": [0, 120]},
        "event": {"type": "boolean", "known": "later"},
    }},
    "endpoints": {"efs": {"time": "months", "event": "event", "label": "Event-free survival"}},
    "populations": {"all": {"label": "All"}},
}  # fmt: skip
HEADER = "id,source,quantity,population,subset,statistic,arguments,printed,role,from,copy_of,result,note\n"
LASTS = {"when": "remission=1", "then": "event=0", "why": "second remission lasts"}


@pytest.fixture
def children(tmp_path):
    def write(free, size=90, rules=(LASTS,), more=""):
        rows = [("n", "", size), ("remission.n", "remission=1", 45), ("free.n", "event=0", free), ("f.n", "sex=f", 40)]
        ledger = "".join(f"{id},Results,{id},all,{subset},count,,{number},imposed,,,,\n" for id, subset, number in rows)
        (tmp_path / "printed.csv").write_text(
            f"{HEADER}{ledger}s24,Results,s24,all,,survival,endpoint=efs; time=24,60%,imposed,,,,\n{more}"
        )
        (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY))
        (tmp_path / "reconstruction.yml").write_text(yaml.safe_dump({"tables": {"cohort": {"rules": list(rules)}}}))
        return read_problem(tmp_path)

    return write


@pytest.mark.parametrize("size", [90, 400])
@pytest.mark.parametrize(("free", "conflicting"), [(43, True), (44, True), (45, False), (46, False)])
def test_more_in_remission_than_without_an_event_are_told_with_rows_and_rule(children, size, free, conflicting):
    verdict = judge_numbers(children(free, size))
    found = [(one.ids, one.rules) for one in verdict.contradictions]
    rule = "the rule remission=1 → event=0 (second remission lasts)"
    assert found == ([(("remission.n", "free.n"), (rule,))] if conflicting else [])
    assert verdict.undecided == ()


def test_counts_are_named_rather_than_their_percentages_and_nothing_of_other_variables(children):
    share = "remission.pct,Results,p,all,remission=1,percent,,50%,imposed,,,,\n"
    by_sex = "".join(f"remission.{sex},Results,r,all,remission=1 & sex={sex},count,,{n},imposed,,,,\n" for sex, n in (("f", 20), ("m", 25)))
    (one,) = judge_numbers(children(43, more=share + by_sex)).contradictions
    assert one.ids == ("remission.n", "free.n")


def test_a_rule_that_the_contradiction_does_not_need_is_not_named(children):
    other = {"when": "sex=f", "then": "remission=1", "why": "not needed"}
    (one,) = judge_numbers(children(43, rules=(LASTS, other))).contradictions
    assert "not needed" not in " ".join(one.rules)


def test_the_message_names_the_file_rows_and_rule(children):
    with pytest.raises(InputError, match=r"printed\.csv: rows remission\.n, free\.n: .* by the rule remission=1 → event=0"):
        check_numbers(children(43))


def test_events_are_counts_that_contradict_others(children):
    more = "events,Results,events,all,,events,endpoint=efs,44,imposed,,,,\n"
    ids = {one.ids for one in judge_numbers(children(45, rules=(), more=more)).contradictions}
    assert ids == {("n", "free.n", "events")}
    assert judge_numbers(children(46, rules=(), more=more)).contradictions == ()


CAUSES = STUDY | {
    "variables": {"cohort": STUDY["variables"]["cohort"] | {
        "os_months": {"type": "number", "unit": "months", "range": [0, 120]}, "died": {"type": "boolean", "known": "later"},
        "relapsed": {"type": "boolean", "known": "later"}, "died_well": {"type": "boolean", "known": "later"},
    }},
    "endpoints": {
        "efs": {"time": "months", "event": "event", "label": "Event-free survival", "includes": "os"},
        "os": {"time": "os_months", "event": "died", "label": "Overall survival"},
        "relapse": {"time": "months", "event": "relapsed", "label": "Relapse", "competing": "died_well"},
        "nrm": {"time": "months", "event": "died_well", "label": "Death in remission", "competing": "relapsed"},
    },
}  # fmt: skip
ONE_TIMELINE = {"timeline": {"chain": ["efs", "os"], "causes": ["relapse"], "last": 120, "strata": {}, "months": {}}}


@pytest.fixture
def causes(tmp_path):
    """Ninety children with so many events, deaths, relapses and deaths in remission."""

    def write(events, deaths, relapses, nrm, timeline=None):
        counted = {"event": events, "died": deaths, "relapsed": relapses, "died_well": nrm}
        rows = "".join(f"{name}.n,Results,{name},all,{name}=1,count,,{number},imposed,,,,\n" for name, number in counted.items())
        (tmp_path / "printed.csv").write_text(
            f"{HEADER}n,Results,n,all,,count,,90,imposed,,,,\n{rows}"
            "e24,Results,e24,all,,survival,endpoint=efs; time=24,50%,imposed,,,,\no24,Results,o24,all,,survival,endpoint=os; time=24,60%,imposed,,,,\n"
        )
        (tmp_path / "study.yml").write_text(yaml.safe_dump(CAUSES))
        (tmp_path / "reconstruction.yml").write_text(yaml.safe_dump(timeline or {}))
        return judge_numbers(read_problem(tmp_path)).contradictions

    return write


def test_relapses_that_were_survived_and_events_of_a_third_kind_contradict_nothing_that_is_printed(causes):
    # 50 events: 30 relapses, of which 12 were survived, 10 deaths in remission, and 10 whose disease resisted
    assert causes(50, 38, 30, 10) == ()


@pytest.mark.parametrize(
    ("numbers", "conflicting"), [((50, 38, 41, 10), {"event.n", "relapsed.n", "died_well.n"}), ((50, 51, 30, 10), {"event.n", "died.n"})]
)
def test_more_causes_than_events_and_more_deaths_than_events_contradict(causes, numbers, conflicting):
    (found,) = causes(*numbers)
    assert set(found.ids) == conflicting


def test_that_causes_are_all_events_is_assumed_of_printed_numbers_where_it_is_declared(causes):
    (found,) = causes(50, 38, 30, 10, ONE_TIMELINE)
    assert set(found.ids) == {"event.n", "relapsed.n", "died_well.n"} and "are all events" in found.rules[0]


@pytest.mark.parametrize("cuts", [("2.2", "3.7"), ("2.2", "2.7"), ("2.7", "3")])
def test_counts_at_values_between_whole_numbers_contradict_nothing(tmp_path, cuts):
    """Seventeen above the first cut, nine above the second."""
    marker = {"cohort": STUDY["variables"]["cohort"] | {"marker": {"type": "number", "range": [0, 50]}}}
    rows = "".join(
        f"m{at},Results,m,all,marker>={cut},count,,{number},imposed,,,,\n" for at, (cut, number) in enumerate(zip(cuts, (17, 9)))
    )
    (tmp_path / "printed.csv").write_text(f"{HEADER}n,Results,n,all,,count,,48,imposed,,,,\n{rows}")
    (tmp_path / "study.yml").write_text(yaml.safe_dump(STUDY | {"variables": marker}))
    (tmp_path / "reconstruction.yml").write_text("{}\n")
    assert judge_numbers(read_problem(tmp_path)) == ((), ())


def test_a_study_without_times_is_explained_without_them(children, tmp_path):
    children(50)
    ledger = (tmp_path / "printed.csv").read_text()
    (tmp_path / "printed.csv").write_text("".join(line for line in ledger.splitlines(keepends=True) if "survival" not in line))
    told, sound = explain.explain(tmp_path)
    assert "there are no times to search for" in told and not sound


def test_what_the_solver_cannot_decide_is_neither_a_contradiction_nor_consistent(children, monkeypatch):
    monkeypatch.setattr(contradictions.Combinations, "holds_together", lambda self, ids: None)
    problem, told = children(46), []
    verdict = judge_numbers(problem)
    assert verdict.contradictions == () and {"remission.n", "free.n"} <= {id for ids in verdict.undecided for id in ids}
    check_numbers(problem, told.append)
    assert told and all(line.startswith("undecided") for line in told)


def test_explain_names_rows_with_what_is_printed_and_the_rule(children):
    problem = children(43)
    told, sound = explain.explain(problem.study.folder)
    assert not sound
    assert "  remission.n = 45: remission.n (Results)\n  free.n = 43: free.n (Results)\n  with the rule remission=1 → event=0" in told


def test_explain_says_which_counts_the_labels_of_a_start_cannot_give(children):
    problem = children(46)
    path = problem.study.folder / "reconstruction.yml"
    path.write_text("timeline: {chain: [efs], last: 120, strata: {}, months: {1-120: 28}}\n")  # whose times do not hear of the 46
    told, sound = explain.explain(problem.study.folder)
    assert not sound and "at its times these are incompatible" in told and "  free.n = 46: free.n (Results)" in told


def test_times_that_are_taken_from_the_declarations_leave_labels_for_every_count(children):
    """Events go to girls alone, of whom there are 40: a start that did not count them by event would mostly have more."""
    girls = {"when": "event=1", "then": "sex=f", "why": "invented"}
    problem = children(52, rules=(LASTS, girls))
    for seed in (1, 2):
        known, _ = times(problem, seed)
        assert int((known["event"] == 0).sum()) == 52
    told, sound = explain.explain(problem.study.folder)
    assert sound and "its times and labels give every count" in told
