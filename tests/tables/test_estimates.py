from analysis.estimators.sampled import Sampled
from analysis.tables.estimates import Result, estimates_table


def test_interval_and_sampled_range_stand_in_columns_of_their_own():
    view = estimates_table([Result("HR", 0.5, (0.2, 1.1), 0.08, Sampled(0.5, 0.4, 0.7, 9, 0))], caption="Ratios")
    assert view.frame.iloc[0].tolist() == ["HR", "0.50", "0.20 to 1.10", "0.080", "0.40 to 0.70 (9 cohorts)"]
    assert view.frame.columns[-1] == "Range, sampled (inner bound)"


def test_what_no_row_has_is_no_column():
    assert estimates_table([Result("n", 3.0)], caption="c").frame.columns.tolist() == ["Result", "Value"]


def test_what_does_not_exist_is_a_dash_with_its_reason():
    view = estimates_table([Result("HR", float("nan"), remark="does not exist: one arm")], caption="c")
    assert view.frame.iloc[0].tolist() == ["HR", "—", "does not exist: one arm"]


def test_text_is_escaped():
    assert "<script>" not in estimates_table([Result("<script>", 1.0, remark="<script>")], caption="<script>").html


def test_a_sentence_in_a_cell_is_told_apart_from_a_number():
    html = estimates_table([Result("HR", 0.5, remark="P not below 0.05 in any sampled cohort"), Result("n", 3.0, remark="9 of 25")], caption="c").html
    assert html.count('<td class="sentence">') == 1 and "<td>9 of 25</td>" in html
