"""A change of prose costs one page; a change that other pages can show costs all."""

from __future__ import annotations

import shutil

import pytest

from analysis import paths
from analysis.book.sphinx import incremental


def pages(project) -> dict[str, int]:
    """When Sphinx wrote each page."""
    place = project.root / "_build" / "sphinx" / "_build" / "html"
    return {
        path.relative_to(place).as_posix(): path.stat().st_mtime_ns
        for path in place.rglob("*.html")
        if path.parent != place and "_static" not in path.parts
    }


def rebuilt(project) -> set[str]:
    """Pages that a build writes anew."""
    before = pages(project)
    done = project.job("book")
    assert done.returncode == 0, done.stdout + done.stderr
    return {name for name, time in pages(project).items() if before.get(name) != time}


def content(project) -> dict[str, bytes]:
    place = project.root / "_build" / "html"
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_one_line_of_prose_is_one_page_a_title_all_and_the_book_is_that_of_a_whole_build(built):
    built.write("book/index.md", built.read("book/index.md") + "\nA line of perambulation.\n")
    assert rebuilt(built) == set(pages(built))  # a copy stands in another place than what was built upon
    built.write("book/index.md", built.read("book/index.md").replace("perambulation", "circumvention"))
    assert rebuilt(built) == {"book/index.html"}
    built.write("book/index.md", built.read("book/index.md").replace("# Landing", "# Arrival"))
    assert rebuilt(built) == set(pages(built))
    assert "Arrival" in built.read("_build/html/notebooks/demo/first.html")
    found = content(built)
    assert b"A line of circumvention." in found["book/index.html"]
    assert b"circumvent" in found["searchindex.js"] and b"perambul" not in found["searchindex.js"]
    shutil.rmtree(built.root / "_build" / "sphinx")
    shutil.rmtree(built.root / "_build" / "html")
    assert built.job("book").returncode == 0
    whole = content(built)
    assert found.keys() == whole.keys() and ".buildinfo" not in whole
    assert [name for name in whole if found[name] != whole[name]] == []


def test_a_warning_fails_the_build_which_keeps_the_last_book_and_is_not_built_upon(built):
    before = built.read("_build/html/book/index.html")
    sound = built.read("book/index.md")
    built.write("book/index.md", sound + "\nTo {doc}`nowhere`.\n")
    for _ in range(2):  # a warning that Sphinx gave once is given again
        done = built.job("book")
        assert done.returncode == 1
        assert "unknown document: 'nowhere'" in done.stderr
    assert built.read("_build/html/book/index.html") == before
    built.write("book/index.md", sound + "\nMended.\n")
    assert built.job("book").returncode == 0
    assert "Mended." in built.read("_build/html/book/index.html")


def test_a_tree_as_it_was_is_not_built_again_but_by_other_code(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path / "_build")
    made = []

    def build(source, place):
        made.append(sorted(path.name for path in place.iterdir()))
        (place / "_build" / "html").mkdir(parents=True, exist_ok=True)
        return place / "_build" / "html"

    def tree(text):
        source = tmp_path / "source"
        source.mkdir(exist_ok=True)
        (source / "page.md").write_text(text)
        return source

    for text, code, times in (("a", "1", 1), ("a", "1", 1), ("b", "1", 2), ("b", "2", 3), ("b", "2", 3)):
        assert incremental.html(tree(text), code, build) == tmp_path / "_build" / "sphinx" / "_build" / "html"
        assert len(made) == times, (text, code)
    assert made[1:] == [["_build", "source"], ["source"]], "other code builds from nothing"


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("_config.yml", True),
        ("_toc.yml", True),
        ("_static/book.css", True),
        ("_static/numbers.js", True),
        ("_templates/page.html", True),
        ("book/references.bib", True),
        ("book/picture.svg", False),
        ("book/files/table.csv", False),
    ],
)
def test_files_that_every_page_can_depend_on_are_shared(tmp_path, name, shared):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True, parents=True)
    digests = []
    for text in ("one", "two"):
        file.write_text(text)
        digests.append(incremental.skeleton(tmp_path))
    assert (digests[0] != digests[1]) is shared


def test_what_pages_share_is_told_from_what_they_say(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Title\n\nWords.\n")
    first = incremental.skeleton(tmp_path)
    page.write_text("# Title\n\nOther words.\n")
    assert incremental.skeleton(tmp_path) == first
    for change in (
        "# Title\n\n## Part\n",
        "# Title\n\n(target)=\nWords.\n",
        "# Title\n\nWords {cite}`somebody2020`.\n",
        "# Title\n\n```{glossary}\nword\n  meaning\n```\n",
    ):
        page.write_text(change)
        assert incremental.skeleton(tmp_path) != first
