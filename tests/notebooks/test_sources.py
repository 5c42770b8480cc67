"""What the sources of notebooks keep to: no literal result, short calls, declared parameters."""

import re
from functools import cache

import jupytext
import pytest
import yaml

from analysis import paths
from analysis.parameters import checks, declarations

SOURCES = sorted(paths.NOTEBOOKS.glob("*/*.md"))
#: A result in words: a percentage, but for the name of an interval, a decimal number, a P value. Versions, doses and definitions
#: come from the ledger.
LITERAL = re.compile(r"\d+(\.\d+)?\s?%(?! CI\b)|\b\d+\.\d+\b|\bP\s?[=<>]\s?\d")


read = cache(jupytext.read)
"""Notebook of a source, to be looked at only."""


def prose(source):
    """Markdown of a notebook without code, glue, mathematics, links' addresses and tables' rules."""
    text = "\n".join(cell.source for cell in read(source).cells if cell.cell_type == "markdown")
    return re.sub(r"\{glue\}`[^`]*`|\{math\}`[^`]*`|\]\([^)]*\)", "", text)


def code(source):
    return [cell for cell in read(source).cells if cell.cell_type == "code"]


def name(path):
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_no_literal_result_stands_in_the_prose(source):
    assert LITERAL.findall(prose(source)) == []


@pytest.mark.parametrize("text", ["remission in 63.64%", "P = 0.04", "hazard ratio 0.49", "70 % of", "P < 0.001"])
def test_a_literal_result_would_be_found(text):
    assert LITERAL.search(text)


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_no_literal_result_stands_in_the_code(source):
    """Texts given to functions hold no numbers with decimals; parameters are exempt, they are declared."""
    for cell in code(source):
        if "parameters" not in cell.metadata.get("tags", []):
            assert not re.search(r"\b\d+\.\d{2,}", cell.source), cell.source


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_cells_are_short(source):
    assert [cell.source for cell in code(source) if len(cell.source.splitlines()) > 15] == []


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_parameters_are_the_declared_ones_with_their_defaults(source):
    cell = next((cell for cell in code(source) if "parameters" in cell.metadata.get("tags", [])), None)
    if cell is None:  # a page that reads several studies stands in none of their folders
        assert source.parent.name not in paths.studies()
        return
    given = {}
    exec(cell.source, {}, given)
    study = given.pop("study")
    # a notebook for any cohort begins with one of the studies
    assert study == source.parent.name or (source.parent.name not in paths.studies() and study in paths.studies())
    assert checks.check(given | {"study": study})
    declared = declarations.list_parameters()
    assert {key: value for key, value in given.items() if declared[key].default != value and not declared[key].varies} == {}


@pytest.mark.parametrize("study", [path.parent.name for path in paths.NOTEBOOKS.glob("*/discussion.md")])
def test_the_discussion_walks_every_claim_once(study):
    claims = [claim["id"] for claim in yaml.safe_load((paths.study_folder(study) / "claims.yml").read_text())]
    walked = re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', (paths.NOTEBOOKS / study / "discussion.md").read_text())
    assert sorted(id for id in walked if id in claims) == sorted(claims)


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_every_glued_number_is_made_on_its_page(source):
    used = set(re.findall(r"\{glue\}`([^`]+)`", source.read_text()))
    made = {id for cell in code(source) if "glue" in cell.source for id in re.findall(r'"([a-z0-9_.]+)"', cell.source)}
    assert used <= made
