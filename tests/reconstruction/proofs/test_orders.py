"""Orders of events that no times can follow are proven to be so, with what the proof needs, and what is decided is kept."""

import json
import shutil

import pytest

from analysis import cli
from analysis.cohorts.declarations import load_yaml
from analysis.reconstruction.io import stamp
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.proofs import order_record
from analysis.reconstruction.proofs.judging import judge
from analysis.reconstruction.proofs.order_times import TIMES_EXIST, UNDECIDED, combinations, decide, narrow
from analysis.reconstruction.proofs.readings import INFEASIBLE, read_readings
from analysis.reconstruction.single.order_search import later_patterns, search
from tests.reconstruction.single.test_order_search import publish, study  # noqa: F401  a fixture

pytestmark = pytest.mark.slow

LATER = """
questions:
  - id: late
    of: Survival is printed to 18 months.
    readings:
      - {id: plain, text: All events come before., plain: true, expected: feasible}
      - {id: other, text: One comes after., expected: infeasible, later: {os: 1}}
"""
WINDOW = '  windows:\n    - {where: "arm=B", endpoint: os, what: end, first: 8, why: told in words}\n'


@pytest.fixture
def printed(study):  # noqa: F811
    """Writes the made-up study as `print_study` says."""
    return lambda least=8, window=False, p=False: print_study(study, least, window, p)


def print_study(folder, least=8, window=False, p=False):
    """The made-up study without its P, and with a shortest follow-up of B; or with what the assumptions say instead."""
    ledger = folder / "printed.csv"
    lines = [line for line in ledger.read_text().splitlines() if p or not line.startswith("os.p,")]
    lines += [] if window else [f"b.min,Text,shortest follow-up in B,b,,follow_up_minimum,endpoint=os,{least},imposed,,,"]
    lines += ["n.b,Text,in B,b,,count,,4,imposed,,,"]
    ledger.write_text("\n".join(lines) + "\n")
    if window:
        assumed = folder / "reconstruction.yml"
        assumed.write_text(assumed.read_text().replace("  orders:\n", WINDOW + "  orders:\n"))
    return read_problem(folder)


@pytest.fixture(scope="module")
def decided_once(tmp_path_factory, write_study):
    """The study as printed, with its orders decided and saved; what the search told and the text that it gave."""
    folder, told = publish(write_study(tmp_path_factory.mktemp("orders") / "toy")), []
    print_study(folder)
    return folder, told, order_record.save(folder, told.append)


@pytest.fixture
def decided(decided_once, tmp_path):
    """A copy of it."""
    folder, told, text = decided_once
    return read_problem(shutil.copytree(folder, tmp_path / "decided")), told, text


def b_too_early(steps):
    """Whether, from the first event of B on, the four events until nine months need more times than eight and nine months."""
    until = [events for place, (_, events) in enumerate(steps) if sum(sum(d) for _, d in steps[:place]) < 4]
    first = next(place for place, (_, b) in enumerate(until) if b)
    return len(until) - first > 2


@pytest.mark.parametrize("window", [False, True])
def test_orders_without_times_are_told_from_those_with_them(printed, window):
    problem = printed(window=window)
    found = search(problem)
    some = list(combinations(problem, found))[::4]
    decided = [decide(problem, found, numbers) for numbers in some]
    expected = [INFEASIBLE if b_too_early(found["deaths"][one["deaths"] - 1].steps) else TIMES_EXIST for one in some]
    assert [one.verdict for one in decided] == expected
    assert {INFEASIBLE, TIMES_EXIST} == set(expected)
    for numbers in [numbers for numbers, verdict in zip(some, expected) if verdict == INFEASIBLE][:2]:
        one = decide(problem, found, numbers, answers=60)
        assert one.verdict == INFEASIBLE and one.smallest
        assert ("b.min" in one.rows) != window
        assert [(kept.kind, "told in words" in kept.text) for kept in one.assumptions] == ([("windows", True)] if window else [])


def test_without_answers_a_proof_rests_on_everything_that_was_asked(printed):
    problem = printed()
    found = search(problem)
    one = next(one for numbers in combinations(problem, found) if (one := decide(problem, found, numbers)).verdict == INFEASIBLE)
    assert not one.smallest and {"n.all", "os.all.9", "b.min"} <= set(one.rows)


def test_a_saved_proof_is_made_to_rest_on_less_without_being_asked_again(decided, monkeypatch):
    problem, _, _ = decided
    folder = problem.study.folder
    wide = [entry for entry in order_record.read_saved(problem)[0]["combinations"] if entry["verdict"] == INFEASIBLE]
    order_record.save(folder, lambda line: None, answers=60)
    narrowed = [entry for entry in order_record.read_saved(problem)[0]["combinations"] if entry["verdict"] == INFEASIBLE]
    for before, after in zip(wide, narrowed, strict=True):
        assert after["follows"] == before["follows"] and set(after["rows"]) < set(before["rows"]) and "b.min" in after["rows"]
        assert "without any one of them some do" in after["how"] and "not all" in before["how"]

    asked = []
    monkeypatch.setattr(order_record, "decide", lambda *given, **named: asked.append(given))
    order_record.save(folder, lambda line: None, answers=60)
    assert not asked


def test_what_excludes_one_combination_is_asked_first_of_the_next(printed):
    problem = printed()
    found = search(problem)
    first, second = [one for numbers in combinations(problem, found) if (one := decide(problem, found, numbers)).verdict == INFEASIBLE][:2]
    core = decide(problem, found, first.follows, answers=60).rows
    assert set(decide(problem, found, second.follows, answers=1, suspects=core).rows) == set(core)


def test_without_time_for_an_answer_nothing_is_claimed(printed):
    problem = printed()
    found = search(problem)
    assert decide(problem, found, {"deaths": 1}, effort=0.0).verdict == UNDECIDED


@pytest.mark.parametrize(
    ("core", "answers", "kept", "smallest"), [("be", 99, "be", True), ("a", 99, "a", True), ("be", 0, "abcdef", False)]
)
def test_a_set_is_made_smaller_as_long_as_proofs_are_found(core, answers, kept, smallest):
    assert narrow("abcdef", lambda some: not set(core) <= set(some), answers) == (list(kept), smallest)


def test_a_set_is_not_called_smallest_where_the_solver_does_not_know():
    assert narrow("abc", lambda some: None if "a" not in some else not {"a"} <= set(some), 99) == (["a"], False)


def test_what_is_decided_is_saved_and_asked_again_only_where_it_is_open_or_stale(decided, monkeypatch):
    problem, told, text = decided
    folder = problem.study.folder
    content, stale = order_record.read_saved(problem)
    assert not stale and len(content["combinations"]) == len(told) == len(content["orders"]["deaths"])
    assert {entry["verdict"] for entry in content["combinations"]} == {INFEASIBLE, TIMES_EXIST}
    assert text.count("# declared") == 1 and all(line in text for line in told)
    assert all(entry["rows"]["b.min"] == "8" for entry in content["combinations"] if entry["verdict"] == INFEASIBLE)

    asked = []
    monkeypatch.setattr(order_record, "decide", lambda *given, **named: asked.append(given) or decide(*given, **named))
    order_record.save(folder, lambda line: None)
    assert not asked and load_yaml(folder / order_record.FILE) == content
    content["combinations"][0] |= {"verdict": UNDECIDED}
    order_record.files.write_yaml(folder / order_record.FILE, content, "")
    order_record.save(folder, lambda line: None)
    assert len(asked) == 1

    ledger = folder / "printed.csv"
    ledger.write_text(ledger.read_text().replace("follow_up_minimum,endpoint=os,8", "follow_up_minimum,endpoint=os,7"))
    assert order_record.read_saved(read_problem(folder))[1]
    order_record.save(folder, lambda line: None)
    assert not order_record.read_saved(read_problem(folder))[1] and len(asked) > 1


@pytest.mark.parametrize(("least", "excluded"), [(5, ()), (10, ("b.min",))])
def test_a_row_that_every_cohort_misses_is_excluded_only_if_every_order_is(printed, least, excluded):
    problem = printed(least, p=True)
    folder = problem.study.folder
    missed = {
        "ledger_digest": stamp.digest(problem),
        "members": 3,
        "members_missing_row": {"b.min": 3, "os.p": 2},
        "structures": {"deaths": [1, 0, 1]},
    }
    (folder / "cohort.json").write_text(json.dumps(missed))
    order_record.save(folder, lambda line: None)
    content, _ = order_record.read_saved(problem)
    assert content["given_up"] == ["b.min"] and content["combinations"][0]["how"] == "2 saved cohorts follow it"
    assert order_record.excluded_by_every_order(problem) == excluded
    content["combinations"][0] |= {"verdict": UNDECIDED, "with": {}}
    order_record.files.write_yaml(folder / order_record.FILE, content, "")
    assert order_record.excluded_by_every_order(problem) == ()


def test_the_command_prints_orders_and_verdicts(decided, capsys):
    assert cli.main(["reconstruct", str(decided[0].study.folder), "--orders"]) == 0
    shown = capsys.readouterr().out
    assert "deaths: # os, groups arm=A; arm=B" in shown and "# deaths 1: " in shown


@pytest.mark.parametrize(("p", "verdict"), [("0.0001", INFEASIBLE), (None, "given by no saved cohort")])
def test_a_reading_of_later_events_is_infeasible_only_where_no_order_has_one(study, p, verdict):  # noqa: F811
    ledger = study / "printed.csv"
    rows = [line for line in ledger.read_text().splitlines() if not line.startswith("os.p,")]
    rows += [f'os.p,Text,P,all,,logrank_p,"endpoint=os; by=arm; groups=A,B",{p},imposed,,,'] if p else []
    ledger.write_text("\n".join(rows) + "\n")
    (study / "readings.yml").write_text(LATER)
    problem = read_problem(study)
    [question] = read_readings(problem.study, problem.ledger)
    *_, late = judge(problem, question, [])
    assert late.verdict == verdict
    used = {"n.all", "n.a", "os.all.9", "os.all.18.se", "os.a.9"}
    assert used | {"os.p"} <= set(late.conflict) if p else late.conflict == ()
    found = later_patterns(problem, problem.assumptions.timeline.orders[0], 1)
    assert bool(found) == (p is None)
    assert all(sum(events for _, events in one.totals) > 5 for one in found)
