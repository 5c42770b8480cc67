"""Printed results on one line."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from analysis.ledger.rows.row import group_by_result
from analysis.tables.html.audit_index import Judged
from analysis.tables.rows.results import name_conventions, print_as_is, write
from analysis.tables.rows.row_list import list_results


@pytest.fixture
def result(judgement):
    """Maker of a result: pairs of statistic and printed characters, the first of which names it."""

    def make(*pairs, name="r", **extra):
        cells = [
            judgement(f"{name}.{number}", text, extra.get("recomputed", text.rstrip("%")), "reproduced", statistic=statistic)
            for number, (statistic, text) in enumerate(pairs)
        ]
        return [replace(cell, row=replace(cell.row, result=cells[0].row.id)) for cell in cells]

    return make


@pytest.mark.parametrize(
    ("pairs", "line"),
    [
        (
            [("hazard_ratio", "0.49"), ("hazard_ratio_lower", "0.16"), ("hazard_ratio_upper", "1.56"), ("logrank_p", "0.265")],
            "0.49 (0.16–1.56), P = 0.265",
        ),
        (
            [("logistic_or", "0.1"), ("logistic_lower", "0"), ("logistic_upper", "0.3"), ("logistic_p", "<0.001")],
            "0.1 (0–0.3), P <0.001",
        ),
        ([("count", "12"), ("percent", "30.77%")], "12 (30.77%)"),
        ([("percent", "29.41%"), ("count", "5"), ("count", "17")], "29.41% (5 of 17)"),
        ([("count", "Thirty-seven"), ("count", "66"), ("percent", "56%")], "Thirty-seven of 66 (56%)"),
        ([("count", "0"), ("count", "4")], "0 of 4"),
        ([("survival", "64.71%"), ("survival_se", "11.59%")], "64.71% ± 11.59%"),
        ([("survival", "38%"), ("survival_lower", "28%"), ("survival_upper", "52%")], "38% (28%–52%)"),
        ([("median", "2"), ("minimum", "1"), ("maximum", "3")], "2 (1–3)"),
        ([("survival_median", "59·1"), ("survival_median_lower", "41·8")], "59·1 (CI from 41·8)"),
        ([("survival_median", "59·1"), ("survival_median_upper", "71·8")], "59·1 (CI up to 71·8)"),
        ([("survival_median_lower", "41·8")], "41·8"),
        ([("mean", "102.5"), ("sd", "60.7")], "102.5 ± 60.7"),
        ([("minimum", "1"), ("maximum", "3")], "1–3"),
        ([("hazard_ratio_p", "0.04")], "0.04"),
    ],
)
def test_a_result_reads_as_papers_print_it(result, pairs, line):
    assert write(result(*pairs), print_as_is) == line


def test_limits_that_are_ranges_are_divided_by_a_semicolon(result):
    cells = result(("hazard_ratio", "0.5"), ("hazard_ratio_lower", "0.1"), ("hazard_ratio_upper", "2.5"))
    cells[2] = replace(cells[2], recomputed="2.4 to 2.6", verdict="not identified")
    assert write(cells) == "0.5 (0.1; 2.4 to 2.6)"


def test_numbers_of_a_result_share_a_row_where_the_first_of_them_stands(result):
    ratio = result(("hazard_ratio", "0.49"), ("hazard_ratio_lower", "0.16"), ("hazard_ratio_upper", "1.56"), name="os")
    (count,) = result(("count", "22"), name="n")
    ratio[2] = replace(ratio[2], verdict="reproduced under convention", convention="logrank-oe; half-even rounding")
    entries = Judged("made_up", {cell.row.id: cell for cell in [*ratio, count]})
    assert group_by_result([ratio[0], count, *ratio[1:]], lambda cell: cell.row) == {"os.0": tuple(ratio), "n.0": (count,)}
    view = list_results(entries, ["os.0", "n.0", "os.1", "os.2"])
    assert view.frame.index.tolist() == ["os.0", "n.0"]
    # the whole has the worst verdict of its numbers
    assert view.frame.loc["os.0"].tolist()[2:] == [
        "0.49 (0.16–1.56)",
        "0.49 (0.16–1.560)",
        "reproduced under convention",
        "log-rank hazard ratio (O/E); half-even rounding",
    ]
    page = BeautifulSoup(view.html, "html.parser")
    first, second = page.select("tbody tr")
    # each number leads to its own row of the audit, with its own mark
    assert [(link["href"], link.text) for link in first.select("a.verdict")] == [
        ("audit.html#os.0", "✓"),
        ("audit.html#os.1", "✓"),
        ("audit.html#os.2", "≈"),
    ]
    assert first.select_one("td:last-child .verdict-badge").text == "≈ under convention"
    assert [link["href"] for link in second.select("a.verdict")] == ["audit.html#n.0"]


def test_a_convention_that_several_numbers_share_is_named_once(result):
    cells = result(("hazard_ratio", "0.49"), ("hazard_ratio_lower", "0.16"))
    cells = [replace(cell, convention=text) for cell, text in zip(cells, ["cox-efron", "cox-efron; half-even rounding"])]
    assert name_conventions(cells) == "Cox model, Efron’s ties; half-even rounding"


def test_a_result_of_context_is_shown_as_printed_alone(judgement):
    cells = [judgement("dose", "20", "", "context", statistic="quoted"), judgement("days", "5", "", "context", statistic="quoted")]
    cells = [replace(cell, row=replace(cell.row, result="dose")) for cell in cells]
    assert list_results(Judged("made_up", {cell.row.id: cell for cell in cells}), ["dose", "days"]).frame.loc["dose", "Recomputed"] == "—"


@pytest.mark.parametrize(("level", "line"), [("90", "38% (90% CI 28%–52%)"), ("95", "38% (28%–52%)")])
def test_limits_of_another_level_than_usual_say_so(result, level, line):
    cells = result(("survival", "38%"), ("survival_lower", "28%"), ("survival_upper", "52%"))
    told = [replace(cell, row=replace(cell.row, arguments={"level": level} if cell.row.statistic != "survival" else {})) for cell in cells]
    assert write(told, print_as_is) == line


def test_quartiles_are_printed_as_a_pair_and_limits_beside_them(result):
    names = ["follow_up_median", "follow_up_quantile", "follow_up_quantile", "follow_up_median_lower", "follow_up_median_upper"]
    cells = result(*zip(names, ["5.6", "7.0", "3.6", "4.3", "7.0"], strict=True))
    shares = iter(("75", "25"))
    told = [
        replace(cell, row=replace(cell.row, arguments={"share": next(shares)} if "quantile" in cell.row.statistic else {}))
        for cell in cells
    ]
    assert write(told, print_as_is) == "5.6 (3.6–7.0) (4.3–7.0)"
    assert write(told[:3], print_as_is) == "5.6 (3.6–7.0)"
