"""Pages that can be re-executed are those of the book alone."""

from analysis.live.forms import runnable_pages


def test_only_pages_of_the_table_of_contents_are_found():
    for name in ("notebooks/general/nothing", "../x", "book/guide/reading.md", "", "/etc/passwd", "notebooks/general/survival.md"):
        assert runnable_pages.find_source(name) is None
