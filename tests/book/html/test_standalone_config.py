"""A book apart from the published one is built without its references, warnings being errors."""

import pytest
import yaml

from analysis import paths
from analysis.book.html import build_html, standalone_config


def test_nothing_of_the_references_is_left_in_the_settings():
    published = (paths.ROOT / "_config.yml").read_text(encoding="utf-8")
    assert standalone_config.BIBLIOGRAPHY in published and "bibtex_bibfiles" in published
    assert "bibtex" not in yaml.safe_dump(standalone_config.settings())


@pytest.mark.slow
def test_a_book_of_one_page_builds_with_these_settings(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "_config.yml").write_text(yaml.safe_dump(standalone_config.settings(), allow_unicode=True), encoding="utf-8")
    (source / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (source / "index.md").write_text("# One page\n\nWords.\n")
    (source / "_static").mkdir()
    (source / "_static" / "favicon.svg").write_text(
        (paths.BOOK / "_static" / "favicon.svg").read_text() if (paths.BOOK / "_static" / "favicon.svg").is_file() else "<svg/>"
    )
    assert "Words." in (build_html.sphinx_html(source, tmp_path, strict=True) / "index.html").read_text()
