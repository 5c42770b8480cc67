"""Reports beside each other: what is printed decides which limits a figure has, and sentences follow from them."""

import math

import pytest

from analysis.errors import Undefined
from analysis.ledger.rows.reading import read_ledger
from analysis.pages.paper import literature_comparison
from analysis.pages.paper.literature_comparison import Compared, Interval

EXTRA = """dis.other.pct,Discussion,share elsewhere,,,quoted,,37%,context,,,Reference 10; by another definition
dis.other.n,Discussion,patients elsewhere,,,quoted,,43,context,,,Reference 10
dis.low,Discussion,lowest elsewhere,,,quoted,,22,context,,,"References 1, 2"
dis.high,Discussion,highest elsewhere,,,quoted,,40.4%,context,,,"References 1, 2"
dis.few,Discussion,patients of a small report,,,quoted,,3,context,,,
res.se,Results,standard error,a,,survival_se,endpoint=os; time=6,8%,held-out,,,
"""


@pytest.fixture
def read(study, study_folder):
    path = study_folder / "printed.csv"
    path.write_text(path.read_text() + EXTRA)
    ledger = read_ledger(study)

    def one(*spec):
        return literature_comparison.compare("Report", spec, ledger, lambda id: float(ledger[id].value.value), 0.95)

    one.ledger = ledger
    return one


def test_counts_get_exact_limits(read):
    found = read("count", "t1.a", "t1.n")
    # binom.test(4, 8)$conf.int in R
    assert found.bar == ("exact", 50.0, pytest.approx(15.701279, abs=1e-5), pytest.approx(84.298721, abs=1e-5))


def test_the_count_behind_a_printed_share_is_found(read):
    found = read("share", "dis.other.pct", "dis.other.n")
    assert found.how == "16 of 43, exact limits; count from 37%"
    assert found.bar.estimate == pytest.approx(100 * 16 / 43)


def test_a_share_that_no_count_gives_is_refused(read):
    with pytest.raises(ValueError, match="no count of 3 is 37%"):
        read("share", "dis.other.pct", "dis.few")


def test_chosen_patients_without_the_number_leave_the_comparison_out(study, study_folder, read):
    # what a denominator has become when the chosen patients no longer hold the table that it counts
    with pytest.raises(Undefined, match="t1.n"):
        literature_comparison.compare("Report", ("count", "t1.a", "t1.n"), read.ledger, {"t1.a": 4.0, "t1.n": math.nan}.get, 0.95)


def test_a_cited_percentage_has_no_interval(read):
    assert math.isnan(read("cited", "dis.other.pct").bar.lower)


def test_a_span_of_reports_has_no_estimate(read):
    assert math.isnan(read("span", "dis.low", "dis.high").bar.estimate)
    assert read("span", "dis.low", "dis.high").bar.kind == "reported"


def test_limits_from_a_standard_error_are_symmetrical_on_the_log_scale_and_end_at_100(read):
    low, high = read("error", "res.os", "res.se").bar[2:]
    assert low * high == pytest.approx(75**2)
    assert low == pytest.approx(75 * math.exp(-1.959964 * 8 / 75), rel=1e-6)
    assert literature_comparison.compare("Report", ("error", "res.os", "res.os"), read.ledger, lambda id: 75.0, 0.95).bar.upper == 100


def test_limits_that_are_not_printed_are_told_apart_from_printed_ones(read):
    derived = literature_comparison.draw(
        [read("error", "res.os", "res.se"), read("cited", "dis.other.pct")], title="T", xlabel="Percent", caption="", level=0.95
    )
    assert (
        "Dashed: the estimate is printed, its 95% limits are not; they are computed" in derived.caption
        and "Report: printed 75.0, from SE 60.9–92.4" in derived.alt
    )
    assert list(derived.frames["estimates"]["kind"]) == ["derived", "printed"]
    assert (
        "computed from the printed standard error"
        not in literature_comparison.draw([read("cited", "dis.other.pct")], title="T", xlabel="Percent", caption="", level=0.95).caption
    )


def test_an_unknown_form_is_named(read):
    with pytest.raises(ValueError, match="'guess' found"):
        read("guess", "t1.a")


def test_citations_come_from_the_ledgers_notes(read):
    assert literature_comparison.citation_of(read.ledger["dis.other.pct"]) == "reference 10"
    assert literature_comparison.citation_of(read.ledger["res.os"]) == "this study"


def row(label, low, estimate, high, kind="printed"):
    return Compared(label, Interval(kind, estimate, low, high), "", ())


def test_the_sentence_places_each_report_by_the_interval():
    nan = math.nan
    others = [row("in", nan, 50, nan), row("under", nan, 10, nan), row("over", nan, 90, nan), row("astride", 20, nan, 45, "reported")]
    text = str(literature_comparison.against(row("ours", 40, 50, 60), others, "Remission"))
    for words in ("within it: in;", "below it: under;", "above it: over;", "across one of its limits: astride."):
        assert words in text


def test_flipping_the_interval_flips_the_sentence():
    other = [row("theirs", math.nan, 30, math.nan)]
    assert "below it: theirs." in str(literature_comparison.against(row("ours", 40, 50, 60), other, "Remission"))
    assert "above it: theirs." in str(literature_comparison.against(row("ours", 10, 15, 20), other, "Remission"))


def test_without_limits_nothing_is_placed():
    with pytest.raises(ValueError, match="has no limits"):
        literature_comparison.against(row("ours", math.nan, 50, math.nan), [], "Remission")
