"""What an analyst chooses once for all figures."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.estimators.curves.competing_risks import cumulative_incidence
from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.figures.look import Look
from analysis.figures.plots.incidence import incidence_figure
from analysis.figures.plots.landscape import landscape_figure
from analysis.figures.plots.survival import survival_figure

CURVES = {
    "survival": lambda look: survival_figure({"A": kaplan_meier([2, 4, 6, 8], [1, 1, 0, 0])}, horizon=12).with_look(look),
    "incidence": lambda look: incidence_figure(
        {"A": cumulative_incidence([2, 4, 6], [1, 2, 0])}, horizon=12, title="Relapse", ylabel="Relapse"
    ).with_look(look),
}


def words(figure):
    return set(re.findall(r">([^<]*)</text>", figure.light))


@pytest.mark.parametrize("kind", CURVES)
def test_curves_tell_shares_of_a_hundred_or_of_one(kind):
    percent, proportion = (CURVES[kind](Look(shares=shares)) for shares in ("percent", "proportion"))
    name = {"survival": "Survival", "incidence": "Relapse"}[kind]
    assert {f"{name} (%)", "20", "80", "100"} <= words(percent) and not {"0.2", f"{name} (proportion)"} & words(percent)
    assert {f"{name} (proportion)", "0.2", "0.8", "1"} <= words(proportion) and not {"20", "80", "100", f"{name} (%)"} & words(proportion)


@pytest.mark.parametrize("kind", CURVES)
def test_the_interactive_figure_tells_shares_as_the_still_one(kind):
    percent, proportion = (CURVES[kind](Look(shares=shares))._repr_html_() for shares in ("percent", "proportion"))
    assert "&quot;proportion&quot;: true" in proportion and "(proportion)&quot;" in proportion
    assert "proportion" not in percent


@pytest.mark.parametrize(
    ("percent", "decimals", "texts"), [(17.2, 0, ("17%", "0.17")), (0.5, 1, ("0.5%", "0.005")), (100, 0, ("100%", "1.00"))]
)
def test_a_share_has_the_same_digits_either_way(percent, decimals, texts):
    assert tuple(Look(shares=shares).share(percent, decimals) for shares in ("percent", "proportion")) == texts


def test_frequencies_of_findings_follow_and_printed_ones_stay():
    findings = pd.DataFrame({"FUS": np.array([1, 0, 0, 0], bool), "WT1": np.array([1, 1, 0, 0], bool)})
    look = Look(shares="proportion")

    def draw(**named):
        return landscape_figure(findings, ["A"] * 4, {"FUS": "f", "WT1": "m"}, title="Genes", **named).with_look(look)

    assert {"1 (0.25)", "2 (0.50)"} <= words(draw())
    assert {"50%", "(1)"} <= words(draw(printed={"WT1": "50%"}))
