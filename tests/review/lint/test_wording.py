"""The field's words in prose."""

import pytest

from analysis import paths
from analysis.review.lint import sources, wording


@pytest.mark.parametrize(
    ("line", "found", "instead"),
    [
        ("The number comes back.", "comes back", "is reproduced"),
        ("Survival was 11 months in the median.", "in the median", "a median of"),
        ("The Kaplan-Meier estimate falls.", "Kaplan-Meier", "en dash"),
        ("Multivariate analysis at one centre.", "Multivariate", "British spelling"),
    ],
)
def test_idiom_that_is_not_the_fields_is_a_fault_with_what_to_write(line, found, instead):
    faults = [*wording.faults_of(f"# Title\n\n{line}\n", "page.md")]
    assert [fault.place for fault in faults] == ["line 3"]
    assert found in faults[0].found and instead in faults[0].expected


@pytest.mark.parametrize(
    "line", ["The number is reproduced.", "Run `kaplan-meier comes back`.", "```\nit comes back\n```", "[A link](comes back)"]
)
def test_plain_words_code_and_addresses_pass(line):
    assert [*wording.faults_of(line + "\n", "page.md")] == []


def test_the_check_of_sources_reads_words(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "page.md").write_text("# Page\n\nThe number came back.\n", encoding="utf-8")
    assert [fault.expected for fault in sources.check(tmp_path)] == ["is reproduced, was reproduced"]


def test_texts_of_registers_are_read_and_their_comments_are_not(tmp_path):
    folder = tmp_path / "data" / "made_up"
    folder.mkdir(parents=True)
    (folder / "claims.yml").write_text("# the number came back\n- claim: SCT went with better survival.\n", encoding="utf-8")
    (fault,) = sources.check(tmp_path)
    assert (fault.place, fault.expected, fault.found) == ("line 2", "is associated with", "'went with better'")


def test_every_page_of_the_book_is_written_in_the_fields_words():
    pages = [*paths.NOTEBOOKS.rglob("*.md"), *(paths.ROOT / "book").rglob("*.md")]
    assert [str(fault) for page in pages for fault in wording.faults_of(page.read_text(encoding="utf-8"), page.name)] == []


def test_texts_that_pages_show_are_read_in_their_code_too(tmp_path):
    folder = tmp_path / "analysis" / "pages"
    folder.mkdir(parents=True)
    (folder / "made_up.py").write_text(
        '"""The Kaplan-Meier estimate."""\nNAME = "kaplan-meier"\nTOLD = "the Kaplan-Meier estimate"\n', encoding="utf-8"
    )
    (fault,) = sources.check(tmp_path)
    assert (fault.place, fault.found) == ("line 3", "'Kaplan-Meier'")


def test_titles_and_captions_in_a_notebooks_cells_are_read():
    cell = '# Page\n\n```{code-cell} ipython3\n:tags: [x]\n\npage.table.x(caption="Aalen-Johansen, by group")\n```\n'
    (fault,) = wording.faults_of_cells(cell, "page.md")
    assert (fault.place, fault.found) == ("line 6", "'Aalen-Johansen'")


def test_a_range_with_a_hyphen_in_a_register_is_a_fault_and_an_identifier_none():
    found = [*wording.faults_of_register("- id: m1-124-against-128\n  title: Follow-up of 1-99 months.\n", "findings.yml")]
    assert [(fault.place, fault.expected) for fault in found] == [("line 2", "a range with an en dash")]
