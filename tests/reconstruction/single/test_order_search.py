"""Orders of events from a ledger: the true one is among them, every one gives what is printed, and the command prints them."""

import numpy as np
import pandas as pd
import pytest

from analysis import cli
from analysis.errors import InputError
from analysis.estimators.comparisons.log_rank import compare
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.single.order_search import describe, divide, patterns, search
from tests.reconstruction.constraints.test_event_orders import realised

TRUE = pd.DataFrame({"arm": list("AAAABBBB"), "time": [3, 5, 5, 20, 5, 8, 11, 15], "event": [1, 1, 0, 0, 1, 1, 0, 1]})
#: Numbers at risk in A and B before each time with events, and the events then.
STEPS = (((4, 4), (1, 0)), ((3, 4), (1, 1)), ((1, 3), (0, 1)), ((1, 1), (0, 1)))
ORDERS = """  orders:
    - id: deaths
      endpoint: os
      groups: ["arm=A", "arm=B"]
      why: made up
      patterns:
        - {at_risk: [[4, 4], [3, 4], [1, 3], [1, 1]], events: [[1, 0], [1, 1], [0, 1], [0, 1]]}
"""


def told(frame):
    """Estimates and errors at 9 and 18 months of everybody and of A, and P by arm, as a paper would print them."""
    rows = []
    for name, group in (("all", frame), ("a", frame[frame["arm"] == "A"])):
        curve = kaplan_meier(group["time"], group["event"])
        for month in (9, 18):
            error = 100 * curve.standard_error_at(month)
            rows += [
                (f"os.{name}.{month}", "survival", name, f"{100 * curve.survival_at(month):.2f}%"),
                (f"os.{name}.{month}.se", "survival_se", name, f"{error:.2f}%"),
            ]
    return rows, compare(frame["time"], frame["event"], np.where(frame["arm"] == "A", 0, 1)).p


@pytest.fixture
def study(folder):
    return publish(folder)


def publish(folder):
    """Put the eight patients' paper, with the structures of its events, in place of the one in a folder."""
    rows, p = told(TRUE)
    head = (folder / "printed.csv").read_text().splitlines()[0]
    lines = [head, "n.all,Text,patients,all,,count,,8,imposed,,,", "n.a,Text,in A,a,,count,,4,imposed,,,"]
    lines += [
        f"{id},Text,{id},{population},,{statistic},endpoint=os; time={id.split('.')[2]},{value},imposed,,,"
        for id, statistic, population, value in rows
    ]
    lines += [f'os.p,Text,P,all,,logrank_p,"endpoint=os; by=arm; groups=A,B",{p:.3f},imposed,,,']
    (folder / "printed.csv").write_text("\n".join(lines) + "\n")
    text = (folder / "reconstruction.yml").read_text()
    (folder / "reconstruction.yml").write_text(text.replace("tables:\n  cohort:\n", ORDERS + "tables:\n  cohort:\n"))
    return folder


def test_the_true_order_is_among_those_found_and_all_give_what_is_printed(study):
    problem = read_problem(study)
    found = patterns(problem, problem.assumptions.timeline.orders[0])
    assert STEPS in [steps for steps, _ in found]
    everybody = {steps: realised(steps, (4, 4)) for steps, _ in found}
    for rows in everybody.values():
        p = compare(rows["time"], rows["event"], rows["group"]).p
        assert f"{p:.3f}" == f"{told(TRUE)[1]:.3f}"
        assert sorted(100 * kaplan_meier(rows["time"], rows["event"]).survival)[0] == pytest.approx(
            100 * kaplan_meier(TRUE["time"], TRUE["event"]).survival_at(18)
        )


def test_events_of_a_curve_printed_at_fewer_times_are_divided_in_every_way():
    assert set(divide(((24.0, (7, 5)),), [12.0, 24.0])) == {
        ((12.0, ()), (24.0, (7, 5))),
        ((12.0, (7,)), (24.0, (5,))),
        ((12.0, (7, 5)), (24.0, ())),
    }
    assert list(divide(((12.0, (4,)), (24.0, (3, 2))), [12.0, 24.0, 36.0])) == [((12.0, (4,)), (24.0, (3, 2)))]


def test_a_curve_printed_at_fewer_times_than_the_whole_excludes_no_order(study):
    problem = read_problem(study)
    fewer = problem.only({row.id for row in problem.imposed} - {"os.a.9", "os.a.9.se"})
    assert STEPS in [steps for steps, _ in patterns(fewer, fewer.assumptions.timeline.orders[0])]


def test_what_is_declared_is_said_to_be(study):
    problem = read_problem(study)
    text = describe(problem, search(problem))
    assert text.count("# declared") == 1
    assert "  - at_risk: [[4, 4], [3, 4], [1, 3], [1, 1]]\n    events: [[1, 0], [1, 1], [0, 1], [0, 1]]\n    # declared" in text


def test_a_study_without_orders_is_told_what_to_declare(folder, capsys):
    with pytest.raises(InputError, match="at least one order of events"):
        search(read_problem(folder))
    assert cli.main(["reconstruct", str(folder), "--orders"]) == 2
    assert "key timeline.orders" in capsys.readouterr().err


def test_groups_that_the_strata_do_not_tell_are_refused(study):
    text = (study / "reconstruction.yml").read_text()
    (study / "reconstruction.yml").write_text(text.replace('["arm=A", "arm=B"]', '["sex=F", "sex=M"]'))
    with pytest.raises(InputError, match="groups that strata and printed counts tell; found sex=F"):
        search(read_problem(study))


@pytest.mark.slow
def test_printed_numbers_leave_two_orders_of_deaths_and_the_cohorts_follow_one():
    problem = read_problem("dac_clag")
    deaths = next(order for order in problem.assumptions.timeline.orders if order.id == "deaths")
    found = [steps for steps, _ in patterns(problem, deaths)]
    assert tuple(zip(deaths.patterns[0].at_risk, deaths.patterns[0].events)) in found
    # the other, recomputed apart from this code: ties of one death a regimen, of one and three, and of the ninth and tenth
    (other,) = [steps for steps in found if steps != tuple(zip(deaths.patterns[0].at_risk, deaths.patterns[0].events))]
    assert [(clag + clag_sct, dac + dac_sct) for _, (clag, clag_sct, dac, dac_sct) in other] == [
        (1, 1),
        (3, 1),
        (0, 1),
        (1, 0),
        (2, 0),
        (1, 0),
        (1, 0),
    ]
