"""The page on conventions: known values of data sets that textbooks print.

Golden values: R's survival package (aml; survfit, survdiff, coxph, with the log-rank and Mantel-Haenszel ratios as
GraphPad Prism prints them); the Cox coefficients of the 6-mercaptopurine trial as textbooks give them (Efron 1.572,
Breslow 1.509, exact 1.628; log-rank chi-square 16.79; Kalbfleisch and Prentice; Collett); R's fisher.test and
prop.test for the tea.
"""

import math

import pytest

from analysis.errors import InputError
from analysis.pages.methods.conventions import times
from analysis.pages.methods.guide import Guide, TwoGroups

guide = Guide()


@pytest.fixture(scope="module")
def aml():
    return TwoGroups(Maintained="9 13 13+ 18 23 28+ 31 34 45+ 48 161+", Nonmaintained="5 5 8 8 12 16+ 23 27 30 33 43 45")


@pytest.fixture(scope="module")
def remission():
    return TwoGroups(
        Mercaptopurine="6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+",
        Placebo="1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23",
    )


def test_the_notation_of_textbooks():
    time, event = times("9 13+ 2.5")
    assert time.tolist() == [9, 13, 2.5] and event.tolist() == [1, 0, 1]


@pytest.mark.parametrize(("text", "told"), [("9 x+", r"survival times: time: .*found 'x\+'"), ("  ", "at least one; found none")])
def test_what_is_no_time_is_refused(text, told):
    with pytest.raises(InputError, match=told):
        times(text)


def test_a_comparison_takes_two_groups():
    with pytest.raises(InputError, match="groups: expected two; found 1"):
        TwoGroups(alone="1 2")


def test_the_page_shows_the_data_that_are_tested_here(aml, remission):
    from analysis import paths

    page = (paths.BOOK / "guide" / "conventions.md").read_text()
    for text in (
        "9 13 13+ 18 23 28+ 31 34 45+ 48 161+",
        "5 5 8 8 12 16+ 23 27 30 33 43 45",
        "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23",
    ):
        assert f'"{text}"' in page


def test_intervals_of_survival_on_three_scales(aml):
    frame = guide.table.survival_limits(aml, "Maintained", 24).frame.set_index("Scale")
    assert "61.4%" in guide.table.survival_limits(aml, "Maintained", 24).text
    assert frame[["From, %", "To, %"]].to_numpy().tolist() == [["37.7", "99.9"], ["26.6", "83.5"], ["31.4", "91.3"]]


def test_hazard_ratios_of_one_data_set_under_five_methods(aml):
    frame = guide.table.two_curve_hazard_ratios(aml).frame.set_index("Method")
    assert frame["Hazard ratio"].tolist() == ["0.435", "0.398", "0.400", "0.405", "0.398"]
    assert frame.loc["logrank-oe", ["From", "To", "P"]].tolist() == ["0.170", "1.115", "0.0653"]
    assert frame.loc["cox-efron", ["From", "To"]].tolist() == ["0.147", "1.092"]


def test_many_ties_part_the_forms_of_cox_s_model(remission):
    frame = guide.table.two_curve_hazard_ratios(remission).frame.set_index("Method")["Hazard ratio"].astype(float)
    for method, coefficient in (("cox-efron", 1.572), ("cox-breslow", 1.509), ("cox-exact", 1.628)):
        assert frame[method] == pytest.approx(math.exp(-coefficient), abs=0.0006)
    assert guide.table.curve_tests(remission).frame.set_index("Test").loc["logrank", "χ²"] == "16.793"


def test_a_median_on_a_plateau_has_three_values():
    frame = guide.table.medians(TwoGroups(Plateau="2 4 6 8", Other="1 3 5 7"), "Plateau").frame
    assert frame["Median"].tolist() == ["5", "4", "6"]


def test_the_tea():
    found = dict(guide.table.fourfold_tests([[3, 1], [1, 3]]).frame[["Test", "P"]].itertuples(index=False))
    assert found == {
        "fisher": "0.4857",
        "fisher-midp": "0.2571",
        "pearson": "0.1573",
        "pearson-yates": "0.4795",
        "likelihood-ratio": "0.1480",
    }


def test_none_of_eight():
    frame = guide.table.proportion_limits(0, 8).frame.set_index("Interval")
    assert frame.loc["clopper-pearson", "To, %"] == "36.9"  # 1 - 0.025^(1/8)
    assert frame.loc["wilson", "To, %"] == "32.4"  # z^2 / (8 + z^2)


def test_rounding_in_one_stage_and_in_two():
    frame = guide.table.rounding("percent", 0, "12.5", "37.46").frame.set_index("Rule")
    assert frame["12.5"].tolist() == ["13", "12", "13", "12"]
    assert frame["37.46"].tolist() == ["37", "37", "38", "38"]


def test_a_first_stage_without_further_digits_is_no_rule():
    frame = guide.table.rounding("p", 3, "0.12345").frame.set_index("Rule")
    assert frame.loc["two-stage (4 decimals)", "0.12345"] == "0.124"
    assert frame.loc["two-stage (3 significant digits)", "0.12345"] == "–"
