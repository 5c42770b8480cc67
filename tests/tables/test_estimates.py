import pytest

from analysis.estimators.ensemble_range import Sampled
from analysis.tables.estimates import Result, estimates_table, range_text


def test_the_range_comes_first_and_the_reference_beside_it_with_an_interval_of_its_own():
    view = estimates_table([Result("HR", 0.5, (0.2, 1.1), 0.08, Sampled(0.5, 0.4, 0.7, 9, 0))], caption="Ratios", note="Seen in 9 cohorts.")
    assert view.frame.iloc[0].tolist() == ["HR", "0.40–0.70", "0.50", "0.20–1.10", "0.080"]
    assert view.frame.columns.tolist() == ["Result", "Range across cohorts", "Reference cohort", "95% CI", "P"]
    assert "Seen in 9 cohorts." in view.html and view.text.endswith("Seen in 9 cohorts.")


def test_nothing_is_said_of_ranges_where_there_is_none():
    view = estimates_table([Result("HR", 0.5, (0.2, 1.1))], caption="Ratios", note="Seen in 9 cohorts.")
    assert view.frame.columns.tolist() == ["Result", "Value", "95% CI"] and "Seen" not in view.html + view.text


def test_a_range_has_its_unit_and_says_where_the_value_does_not_exist():
    cells = [range_text(Sampled(2.0, low, 3.0, 9, undefined), 1, " months") for low, undefined in ((1.0, 0), (1.0, 2), (3.0, 0))]
    assert cells == ["1.0–3.0 months", "1.0–3.0 months (undefined in 2)", "3.0 months in all"]


@pytest.mark.parametrize(("p", "written"), [(0.00009999, "<0.0001"), (0.0001, "0.0001"), (0.0, "<0.0001")])
def test_a_value_that_is_a_p_value_is_never_written_as_nought(p, written):
    row = estimates_table([Result("least P", p, range=Sampled(p, p, 0.04, 9, 0), is_p=True)], caption="c").frame.iloc[0].tolist()
    assert row == ["least P", ("0.0001–0.040" if written == "0.0001" else f"{written} to 0.040"), written]


@pytest.mark.parametrize(
    ("value", "limits", "cell"),
    [
        (0.0, (0.0, 1.27), "upper 95% limit 1.27"),
        (float("inf"), (2.5, float("inf")), "lower 95% limit 2.50"),
        (0.5, (0.0, 1.27), "0.00–1.27"),
    ],
)
def test_a_ratio_without_a_finite_estimate_has_one_limit(value, limits, cell):
    assert estimates_table([Result("HR", value, limits)], caption="c").frame["95% CI"][0] == cell


def test_what_no_row_has_is_no_column():
    assert estimates_table([Result("n", 3.0)], caption="c").frame.columns.tolist() == ["Result", "Value"]


def test_what_does_not_exist_is_a_dash_with_its_reason():
    view = estimates_table([Result("HR", float("nan"), remark="not estimable: one arm")], caption="c")
    assert view.frame.iloc[0].tolist() == ["HR", "—", "not estimable: one arm"]


def test_text_is_escaped():
    assert "<script>" not in estimates_table([Result("<script>", 1.0, remark="<script>")], caption="<script>").html


def test_a_sentence_in_a_cell_is_told_apart_from_a_number():
    html = estimates_table(
        [Result("HR", 0.5, remark="P ≥ 0.05 in every compatible cohort"), Result("n", 3.0, remark="9 of 25")], caption="c"
    ).html
    assert html.count('<td class="sentence">') == 1 and "<td>9 of 25</td>" in html
