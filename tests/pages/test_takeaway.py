"""Figures and tables of a page as files, where they are asked for."""

import pytest

from analysis.estimators.curves.kaplan_meier import kaplan_meier
from analysis.figures.plots.flow import Box, flow_figure
from analysis.figures.plots.survival import survival_figure
from analysis.pages import session, takeaway
from analysis.tables.html.plain import plain_table


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv(session.FIGURES, str(tmp_path / "figures"))
    monkeypatch.setenv(session.TABLES, str(tmp_path / "tables"))
    return tmp_path


def table():
    """A call of a page."""
    return plain_table(["A", "B"], [["x", "1"]], "Values & more")


def figure():
    return survival_figure({"A": kaplan_meier([2, 5], [1, 0])}, horizon=6, name="os")


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_figure_is_written_in_each_format_and_width(folders):
    assert takeaway.keep(figure)().name == "os"
    assert names(folders / "figures") == ["os-178mm.pdf", "os-178mm.png", "os-85mm.pdf", "os-85mm.png", "os.svg"]


def test_a_table_is_named_after_its_caption_and_a_second_one_gets_a_number(folders):
    for _ in range(2):
        takeaway.keep(table)()
    suffixes = ("csv", "docx", "tex", "xlsx")
    assert names(folders / "tables") == sorted(f"values-more{number}.{suffix}" for number in ("", "-2") for suffix in suffixes)
    assert "reconstructed" in (folders / "tables" / "values-more.tex").read_text(encoding="utf-8").lower()


def test_nothing_is_written_that_nobody_asked_for(tmp_path, monkeypatch):
    for name in (session.FIGURES, session.TABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    takeaway.keep(table)()
    takeaway.keep(figure)()
    assert not list(tmp_path.iterdir())


class Recorded(dict):
    """Parameters that tell which were read."""

    def __init__(self, values):
        super().__init__(values)
        self.read = set()

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)


class Page:
    parameters = Recorded({"figure_width": 178.0, "risk_rows": "at risk", "shares": "proportion"})


class Section:
    page = Page()

    def survival(self):
        return figure()

    def flow(self):
        return flow_figure(Box("All", 3), title="Flow")


@pytest.mark.parametrize(("call", "used"), [("survival", {"figure_width", "risk_rows", "shares"}), ("flow", {"figure_width"})])
def test_all_figures_of_a_page_have_the_look_asked_for_and_only_what_they_depend_on_is_used(call, used):
    Page.parameters.read.clear()
    shown = takeaway.keep(getattr(Section(), call))()
    html = shown._repr_html_()
    assert f'viewBox="0 0 {178 / 25.4 * 72:g}' in html and ">Events</text>" not in html
    assert Page.parameters.read == used
