"""What a search asks of a comparison is what the audit asks: all numbers of a result under one profile."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from analysis.estimators.comparisons.log_rank import compare
from analysis.estimators.comparisons.two_curve_hazard_ratio import hazard_ratio
from analysis.reconstruction.checks.verify import check_tables
from analysis.reconstruction.constraints.comparison_ways import find_ways
from analysis.reconstruction.constraints.hazard_ratio_ranges import COMPARISONS
from analysis.reconstruction.io.saved import as_saved
from analysis.reconstruction.kernels.kernels import LOG_RANK, METHODS, RATIO, WALD
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.single.encode import encode
from analysis.reconstruction.single.relabelling import relabel
from analysis.reconstruction.single.search import search
from analysis.reconstruction.single.start import Start
from tests.reconstruction.single.test_relabelling import problem_of, truth

searched = [pytest.mark.slow, pytest.mark.xdist_group("compiled kernels")]


def study(tmp_path, values, programs="", results=None):
    """The made-up study of twenty enrolments, with numbers about survival by risk, all in one result unless `results` tells."""
    tmp_path.mkdir(exist_ok=True)
    place = problem_of(tmp_path).study.folder
    where = '"endpoint=os; by=risk; groups=low,high"'
    results = results or dict.fromkeys(values, "risk.first")
    first = {result: f"risk.{name}" for name, result in reversed(results.items())}
    rows = [f"risk.{name},Text,risk,all,,{name},{where},{value},imposed,,,,{first[results[name]]}\n" for name, value in values.items()]
    text = (place / "printed.csv").read_text().replace("copy_of,note", "copy_of,note,result").replace("imposed,,,", "imposed,,,,")
    (place / "printed.csv").write_text(text + "".join(rows), encoding="utf-8")
    (place / "study.yml").write_text((place / "study.yml").read_text() + programs, encoding="utf-8")
    return read_problem(place)


def ways_of(problem):
    return find_ways(problem.study, list(problem.rows("cohort", *COMPARISONS)))


def asked(way):
    """Places of which something is printed."""
    return [place for place in range(5) if math.isfinite(way.ends[2 * place]) or math.isfinite(way.ends[2 * place + 1])]


def test_a_ratio_stands_beside_the_p_of_its_own_procedure(tmp_path):
    found = ways_of(study(tmp_path, {"hazard_ratio": "0.5", "hazard_ratio_p": "0.1"}))
    assert {METHODS[way.method]: asked(way) for way in found} == {
        "logrank-oe": [LOG_RANK, RATIO],
        "mantel-haenszel": [LOG_RANK, RATIO],
        "cox-efron": [RATIO, WALD],
        "cox-breslow": [RATIO, WALD],
    }
    oe, cox = found[0], next(way for way in found if METHODS[way.method] == "cox-efron")
    assert oe.ends[2 * LOG_RANK : 2 * LOG_RANK + 2] == cox.ends[2 * WALD : 2 * WALD + 2]
    assert oe.ends[2 * RATIO : 2 * RATIO + 2] == pytest.approx(
        (math.log(0.45), math.log(0.55)), abs=0.002
    )  # a second rounding may be one of 0.4495
    assert cox.ends[2 * WALD : 2 * WALD + 2] == pytest.approx((norm.isf(0.075), norm.isf(0.025)), abs=0.02)


def test_any_ratio_stands_beside_a_log_rank_test_and_a_test_alone_has_one_way(tmp_path):
    found = ways_of(study(tmp_path, {"hazard_ratio": "0.5", "logrank_p": "0.1"}))
    assert {METHODS[way.method] for way in found} == set(METHODS) and {tuple(asked(way)) for way in found} == {(LOG_RANK, RATIO)}
    (alone,) = ways_of(study(tmp_path / "alone", {"logrank_p": "0.1"}))
    assert asked(alone) == [LOG_RANK]


# limits of 0.03 and 0.40, rounded once or twice, leave z from 3.01 to 3.67, P from 0.00025 to 0.0026
@pytest.mark.parametrize("p, cox", [("0.0003", True), ("0.0002", False), ("0.0023", True), ("0.0027", False), ("<0.0001", False)])
def test_a_p_that_limits_exclude_is_no_way_of_a_model(tmp_path, p, cox):
    values = {"hazard_ratio": "0.11", "hazard_ratio_lower": "0.03", "hazard_ratio_upper": "0.40", "hazard_ratio_p": p}
    methods = {METHODS[way.method] for way in ways_of(study(tmp_path, values))}
    assert methods == ({*METHODS} if cox else {"logrank-oe", "mantel-haenszel"})


def test_a_way_rounds_as_the_program_of_its_profile(tmp_path):
    values = {"hazard_ratio": "0.5", "hazard_ratio_p": "0.050"}
    ends = {METHODS[way.method]: way.ends for way in ways_of(study(tmp_path, values, "programs: {prism: half-up, spss: half-up}\n"))}
    prism, spss = ends["logrank-oe"], ends["cox-breslow"]
    # Prism's four decimals: 0.05045 shows 0.0505, a second rounding makes it 0.051; 0.04945 shows 0.0495 and prints 0.050
    assert prism[1] == pytest.approx(norm.isf(0.04945 / 2), abs=1e-5) and spss[2 * WALD + 1] == pytest.approx(
        norm.isf(0.0495 / 2), abs=1e-5
    )


def test_results_are_joined_unless_a_statistic_is_printed_again(tmp_path):
    values = {"hazard_ratio": "0.5", "logrank_p": "0.1"}
    problem = study(tmp_path, values, results={"hazard_ratio": "table", "logrank_p": "text"})
    ledger = problem.study.folder / "printed.csv"
    table = truth()[0].assign(risk=truth()[1])
    assert encode(problem, table, frozenset()).ids["comparisons"] == [["risk.hazard_ratio", "risk.logrank_p"]]
    again = ledger.read_text().splitlines()[-2].replace("risk.hazard_ratio", "risk.again").replace(",0.5,", ",0.54,")
    ledger.write_text(ledger.read_text() + again + "\n")
    encoded = encode(read_problem(problem.study.folder), table, frozenset())
    assert encoded.ids["comparisons"] == [["risk.hazard_ratio", "risk.logrank_p"], ["risk.again"]]
    assert encoded.comparisons[0] == encoded.comparisons[1]


def printed(method, p):
    """A ratio by one method, and the P of some test."""
    known, risk = truth()
    time, event, group = known["os_months"].to_numpy(float), known["died"].to_numpy(int), np.where(risk == "low", 0, 1)
    ratio = hazard_ratio(time, event, group, method=method)
    tests = {"log-rank": compare(time, event, group).p, "Wald": ratio.p}
    values = {"hazard_ratio": ratio.hr, "hazard_ratio_lower": ratio.lower, "hazard_ratio_upper": ratio.upper, "hazard_ratio_p": tests[p]}
    return {name: f"{value:.3f}" for name, value in values.items()}


@pytest.mark.parametrize("method, p, right", [
    ("cox-efron", "Wald", True), ("cox-efron", "log-rank", False), ("logrank-oe", "log-rank", True), ("mantel-haenszel", "log-rank", True),
])  # fmt: skip
class TestSearch:
    pytestmark = searched

    def test_no_miss_of_the_search_is_none_of_the_audit(self, tmp_path, method, p, right):
        known, risk = truth()
        problem = study(tmp_path, printed(method, p))
        start = relabel(problem, (known, {}), known, 1, compared=False)
        table = start.tables["cohort"]
        rng, same = np.random.default_rng(1), []
        order = known.sort_values(list(known)).index
        places = table.sort_values(list(known)).index  # the solver shuffles rows
        for number in range(8):
            labels = risk if number == 0 else rng.permutation(risk)
            state = table.copy()
            state.loc[places, "risk"] = np.asarray(labels, object)[order]
            found = search(problem, Start({"cohort": state}, start.links), 1, 1)
            missed = [id for id in check_tables(problem, as_saved(problem, {"cohort": found.table})).missed if id.startswith("risk.")]
            assert (found.miss == 0) == (not missed)
            same.append(found.miss == 0)
        assert same[0] == right and not all(same)
