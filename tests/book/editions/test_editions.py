"""Editions and sweeps: checked before anything runs, untrusted in name and text, built each in its own folder."""

from __future__ import annotations

import nbformat
import pytest
import yaml

from analysis.book.dependencies import graph
from analysis.book.editions import declared, editions, sweeps
from analysis.book.html.edition_tree import first_page, give_own_labels, titles, without_dead_addresses, without_strangers
from analysis.errors import InputError


def written(folder, name="trial.yml", **content):
    file = folder / name
    file.write_text(yaml.safe_dump({"title": "A trial", "notebooks": ["notebooks/dac_clag/survival.md"]} | content))
    return file


def fault(function, *arguments) -> str:
    with pytest.raises(InputError) as caught:
        function(*arguments)
    return str(caught.value)


@pytest.mark.parametrize("name", editions.names())
def test_each_starter_edition_is_sound(name):
    edition = editions.read(editions.locate(name))
    assert edition.pages


def test_starter_editions_are_those_promised():
    assert {"five-years", "log-log", "adverse-cytogenetics", "landmarks", "made-up-hospital"} <= set(editions.names())


def test_an_unknown_edition_is_refused_with_a_suggestion():
    assert "did you mean 'five-years'" in fault(editions.locate, "five-year")


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "a/b", "/etc/passwd", "Ünicode.yml", "A B.yml"])
def test_a_name_leads_nowhere_else(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "A B.yml").write_text("title: x")
    assert "expected" in fault(editions.locate, name)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"title": "two\nlines"}, "title, line 3: expected a line of text"),
        ({"title": " "}, "title, line 3: expected a line of text"),
        ({"title": 3}, "title, line 3: expected a line of text"),
        ({"about": "a bell \a"}, "about, line 1: expected a line of text"),
        ({"titel": "x"}, "did you mean 'title'"),
        ({"notebooks": ["../secret.md"]}, "a notebook below notebooks/"),
        ({"notebooks": ["/etc/passwd"]}, "a notebook below notebooks/"),
        ({"notebooks": ["README.md"]}, "a notebook below notebooks/"),
        ({"notebooks": []}, "a list of notebooks"),
        ({"notebooks": [{"file": "notebooks/dac_clag/survival.md", "as": "../x"}]}, "small letters, digits and hyphens"),
        ({"notebooks": ["notebooks/dac_clag/survival.md"] * 2}, "each page once"),
        ({"parameters": {"horizn": 3}}, "did you mean 'horizon'"),
        ({"parameters": {"horizon": -3}}, "from 1 to 600"),
        ({"parameters": {"where": "arm=CLAGG"}}, "unknown level 'CLAGG'"),
        ({"parameters": {"cohort": "member 100000"}}, "a member from 1 to"),
        ({"parameters": {"reading": "wt1-appart"}}, "did you mean 'wt1-apart'"),
        ({"parameters": {"endpoint": "os"}}, "a parameter that one of the notebooks takes"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_runs(tmp_path, content, told):
    assert told in fault(editions.read, written(tmp_path, **content))


def test_common_parameters_reach_the_notebooks_that_take_them(tmp_path):
    file = written(tmp_path, notebooks=["notebooks/dac_clag/survival.md", "notebooks/dac_clag/data.md"], parameters={"horizon": 24})
    first, second = editions.read(file).pages
    assert first.values == {"horizon": 24.0} and second.values == {}


def test_the_first_page_tells_parameters_but_no_file(tmp_path):
    page = first_page(editions.read(editions.locate("made-up-hospital")))
    assert "own cohort" in page and "hospital.csv" not in page


def test_pages_of_two_studies_with_one_title_can_be_told_apart():
    found = list(titles(editions.read(editions.locate("log-log")).pages).values())
    assert len(set(found)) == len(found) == 2
    assert all(title.startswith("Survival: ") for title in found)
    assert list(titles(editions.read(editions.locate("landmarks")).pages).values()) == [
        "Transplantation: decitabine before CLAG (landmark-3)",
        "Transplantation: decitabine before CLAG (landmark-6)",
    ]


def test_links_out_of_the_edition_are_words():
    names = ["notebooks/s/a", "notebooks/s/b"]
    assert without_strangers("[A](b.md) and [B](audit.md) and [C](../../book/x.md#y)", names[0], names) == "[A](b.md) and B and C"
    html = '<a class="v" href="audit.html#x">✓</a> <a href="b.html#y">y</a>'
    assert without_dead_addresses(html, names[0], names) == '<a class="v">✓</a> <a href="b.html#y">y</a>'


def test_a_notebook_that_stands_in_an_edition_twice_has_labels_of_its_own_each_time():
    prose = "(why)=\n# Why\n\nSee [there](#why), {ref}`why`, {ref}`words <why>`, [not](#whyever), [other](x.md#why) and (why) `why`."
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(prose), nbformat.v4.new_code_cell("(why)=")])
    give_own_labels(notebook, "s-b")
    assert notebook.cells[0].source == (
        "(why-s-b)=\n# Why\n\nSee [there](#why-s-b), {ref}`why-s-b`, {ref}`words <why-s-b>`, [not](#whyever), [other](x.md#why) and (why) `why`."
    )
    assert notebook.cells[1].source == "(why)="


def sweep(folder, **content):
    return written(
        folder,
        **{
            "notebooks": ["notebooks/general/survival.md"],
            "statistics": ["survival"],
            "grid": {"horizon": [12, 24], "interval": ["log", "plain"]},
        }
        | content,
    )


def test_a_grid_is_every_combination(tmp_path):
    found = sweeps.read(sweep(tmp_path))
    assert [tuple(one.values()) for one in found.scenarios.values()] == [(12, "log"), (12, "plain"), (24, "log"), (24, "plain")]
    assert all(declared.SLUG.fullmatch(name) for name in found.scenarios)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"grid": None}, "either a grid or a list of scenarios"),
        ({"grid": {"horizon": 12}}, "each with a list of values"),
        ({"grid": {"horizn": [12]}}, "did you mean 'horizon'"),
        ({"grid": {"horizon": list(range(1, 601)), "level": [0.9] * 20}}, "from 1 to 5000"),
        ({"statistics": ["survivl"]}, "did you mean 'survival'"),
        ({"grid": None, "scenarios": [{"name": "../../x", "parameters": {}}]}, "small letters, digits and hyphens"),
        ({"grid": None, "scenarios": [{"name": "<b>", "parameters": {}}]}, "small letters, digits and hyphens"),
        ({"grid": None, "scenarios": [{"name": "a", "parameters": {}}] * 2}, "a `name` of its own"),
        ({"grid": {"where": ["arm=<script>"]}}, "not of the form|no single level"),
    ],
)
def test_a_faulty_sweep_is_refused_before_anything_runs(tmp_path, content, told):
    message = fault(sweeps.read, sweep(tmp_path, **content))
    assert any(part in message for part in told.split("|"))


def test_a_ledger_row_can_be_the_statistic(tmp_path):
    assert sweeps.read(sweep(tmp_path, statistics=["res.os.all.m12"])).statistics == ("res.os.all.m12",)


def test_what_a_sweep_compares_decides_its_jobs(tmp_path):
    """A changed module of the statistics, or another statistic, runs the scenarios again; a page of a book does not depend on either."""
    page = sweeps.read(sweep(tmp_path)).pages[0]
    plain = page._replace(statistics=())
    assert "analysis/book/editions/scenario_statistics.py" in graph.notebook_inputs(page)
    assert "analysis/book/editions/scenario_statistics.py" not in graph.notebook_inputs(plain)
    assert set(graph.study_inputs("dac_clag", graph.STATISTICS)) <= {*graph.notebook_inputs(page), *graph.notebook_inputs(plain)}
    other = sweeps.read(sweep(tmp_path, statistics=["survival", "median"])).pages[0]
    assert graph.fingerprint_given(other) != graph.fingerprint_given(page)
