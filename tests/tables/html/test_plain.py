import pytest

from analysis.tables.html.plain import breakable, plain_table


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("statistics.multivariate_logrank_test", "statistics.<wbr>multivariate_<wbr>logrank_<wbr>test"),
        ("curves.kaplan_", "curves.kaplan_"),
        ("a <b> & 0.123 to 4.5", "a &lt;b&gt; &amp; 0.123 to 4.5"),
    ],
)
def test_only_a_name_longer_than_a_narrow_column_may_break(text, html):
    assert breakable(text) == html


def test_what_is_taken_away_of_a_table_has_no_breaks():
    view = plain_table(["Name"], [["duration.survfunc.CumIncidenceRight"]], "Names")
    assert "<wbr>" in view.html
    assert view.frame.loc[0, "Name"] == "duration.survfunc.CumIncidenceRight" and "wbr" not in view.text
