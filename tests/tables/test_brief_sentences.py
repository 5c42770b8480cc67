"""Words of the lines that open a page: ranges before the reference, one form for every interval, verdicts counted apart."""

import pytest

from analysis.estimators.ensemble_range import of
from analysis.ledger.verdicts import verdicts
from analysis.tables import brief_sentences

INF = float("inf")
OK, OPEN, WRONG = verdicts.REPRODUCED, verdicts.NOT_IDENTIFIED, verdicts.CONTRADICTED


def found(value, lower=(0.21,), upper=(5.05,), p=(0.98,)):
    return {name: of(values) for name, values in {"value": value, "lower": lower, "upper": upper, "p": p}.items()}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (found((1.02,)), "1.02 (95% CI 0.21–5.05; P = 0.98)"),
        (found((1.02, 1.021, 1.019)), "1.02 (95% CI 0.21–5.05; P = 0.98)"),
        (found((0.43, 0.36, 0.61)), "0.36–0.61 across 2 compatible cohorts (reference cohort 0.43, 95% CI 0.21–5.05; P = 0.98)"),
        (
            found((0.43, float("nan"), 0.61)),
            "0.43–0.61 across 2 compatible cohorts, not estimable in 1 of them (reference cohort 0.43, 95% CI 0.21–5.05; P = 0.98)",
        ),
        (
            found((0.0,), (0.0,), (0.4,), (0.001,)),
            "not estimable, as there is no event with the first group (upper 95% limit 0.40; P = 0.001)",
        ),
        (
            found((INF,), (2.5,), (INF,), (0.00001,)),
            "not estimable, as there is no event with the other (lower 95% limit 2.50; P < 0.0001)",
        ),
        (found((0.43, INF)), "0.43–∞ across 1 compatible cohort (reference cohort 0.43, 95% CI 0.21–5.05; P = 0.98)"),
    ],
)
def test_a_ratio_stands_with_its_limits_and_p_and_behind_its_range(given, told):
    assert brief_sentences.ratio(given, 0.95) == told


def test_another_level_is_named():
    assert brief_sentences.ratio(found((1.02,)), 0.9).startswith("1.02 (90% CI")


@pytest.mark.parametrize(
    ("p", "told"),
    [
        ((0.3,), ""),
        ((0.3, 0.05, 0.4), "P ≥ 0.05 in every compatible cohort"),
        ((0.01, 0.0499, 0.002), "P < 0.05 in every compatible cohort"),
        ((0.01, 0.05), "significance undetermined, as P ranges from 0.010 to 0.050 across compatible cohorts"),
    ],
)
def test_significance_over_cohorts_is_claimed_only_where_all_agree(p, told):
    assert brief_sentences.significance_across(of(p), 0.05) == told


def test_a_share_is_a_count_of_a_total_and_its_range_comes_first():
    fixed = (of((12, 12)), of((17, 17)), of((70.588, 70.588)))
    assert brief_sentences.share(*fixed) == "12/17 (70.6%)"
    varied = (of((12, 13)), of((17, 17)), of((70.588, 76.47)))
    assert brief_sentences.share(*varied) == "70.6–76.5% across 1 compatible cohort (reference cohort 12/17 (70.6%))"


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ([], ""),
        ([(verdicts.CONTEXT, "")], ""),
        ([(OK, "counts"), (verdicts.CONTEXT, "")], "Of one printed result, 1 is reproduced (1 from printed numbers alone)."),
        (
            [(OK, "counts"), (OK, "cohort"), (OK, "withheld")],
            "All 3 printed results are reproduced (1 from printed numbers alone, 1 predicted when withheld, 1 by cohorts made to satisfy them).",
        ),
        (
            [(OK, "counts"), (OPEN, "cohort"), (OPEN, "cohort"), (WRONG, "counts")],
            "Of 4 printed results, 1 is reproduced (1 from printed numbers alone), 2 are left undetermined by the printed numbers "
            "and 1 is contradicted by other printed numbers.",
        ),
    ],
)
def test_results_are_counted_by_verdict_and_the_reproduced_by_what_they_rest_on(results, told):
    assert brief_sentences.results_told(results) == told


def test_every_verdict_on_a_result_has_its_words():
    assert set(brief_sentences.WORDS) == set(verdicts.VERDICTS) - {verdicts.CONTEXT}
