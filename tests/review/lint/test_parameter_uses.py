"""A parameters cell names exactly what the page's results depend on: nothing can be forgotten, nothing is without effect."""

from __future__ import annotations

import re

import pytest

from analysis import paths
from analysis.parameters import declarations
from analysis.review.lint import headers, parameter_uses

MAKE = "from analysis.pages.page import Page\npage = Page()\n"
OPENING = set(parameter_uses.ALWAYS)
SOURCES = sorted(paths.NOTEBOOKS.glob("*/*.md"))
CELL = re.compile(r"(:tags: \[parameters[^\n]*\n\n)(.*?)(```\n)", re.DOTALL)


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ("page.notice()", set()),
        ("page.table.cox_model('os', {})", {"level", "ties"}),
        ("page.figure.survival({})", {"horizon", "level", "interval"}),
        ("page.table.switch_hazard_ratios(())", {"level", "landmark", "ties"}),
        ("page.table.clustered_tests({})", {"level", "seed"}),
        ("print(page.landmark)", {"landmark"}),
        ("[page.sentence.hazard_ratio('death') for _ in range(2)]", {"level", "ties"}),
    ],
)
def test_what_a_section_reads_is_found_through_all_that_it_calls(calls, expected):
    assert parameter_uses.of_code(MAKE + calls) == OPENING | expected


def test_a_general_page_reads_its_endpoint_and_what_divides_its_patients():
    found = parameter_uses.of_code(MAKE.replace("Page", "GeneralPage") + "page.sentence.log_rank('Test')")
    assert found == OPENING | {"endpoint", "origin", "grouping", "levels"}


@pytest.mark.parametrize("code", ["x = 1", "page = Page('dac_clag')", "page = Page(study, level=0.9)"])
def test_code_that_makes_no_page_of_its_notebook_is_left_alone(code):
    assert parameter_uses.of_code(code) is None


def faults(text, folder, monkeypatch):
    monkeypatch.setattr(paths, "shorten_path", lambda path: path.name)
    (folder / "page.md").write_text(text)
    return [str(fault) for fault in headers.faults_of(folder / "page.md") if "cell tagged parameters" in fault.place]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_line_of_each_parameters_cell_is_needed_and_none_is_missing(source, tmp_path, monkeypatch):
    text = source.read_text()
    assert faults(text, tmp_path, monkeypatch) == []
    cell = CELL.search(text)
    lines = cell[2].splitlines() if cell else []
    for line in lines[1:]:
        assert f"expected {line.split()[0]}, which a result" in "".join(
            faults(text.replace(cell[2], cell[2].replace(line + "\n", "")), tmp_path, monkeypatch)
        )
    named = {line.split()[0] for line in lines}
    for name in ("seed", "ties", "landmark", "level") if "Page()" in text else ():
        if name not in named:
            added = f"{name} = {declarations.list_parameters()[name].default!r}\n"
            assert f"found {name}, on which nothing depends" in "".join(
                faults(text.replace(cell[2], cell[2] + added), tmp_path, monkeypatch)
            )
