"""One setting switches on links to sources and issues; without it a page is as it was."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

from analysis import paths
from analysis.book.html import standalone_config
from analysis.book.sphinx import repository

URL = "https://github.com/us/book"
ROW = '<tr id="t2.a&amp;b"><th>x<span class="audit-used" data-row="t2.a&amp;b" hidden></span></th></tr>'


def built(folder, url):
    """Links of the only page of a book with that setting."""
    source = folder / "source"
    (source / "notebooks/demo").mkdir(parents=True)
    settings = standalone_config.settings()
    del settings["html"]["favicon"]
    settings["sphinx"]["config"]["repository"] = url
    (source / "_config.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    (source / "_toc.yml").write_text("format: jb-book\nroot: notebooks/demo/audit\n")
    (source / "notebooks/demo/audit.md").write_text(f"# Audit\n\n<table>{ROW}</table>\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "analysis.book.sphinx.sphinx_run", str(source), str(folder), "--strict"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    page = BeautifulSoup((folder / "_build/html/notebooks/demo/audit.html").read_text(encoding="utf-8"), "html.parser")
    return {link.text.strip(): link["href"] for link in page.select("a[href]") if "github.com" in link["href"]}


@pytest.mark.slow
def test_with_the_setting_a_page_leads_to_its_source_and_to_issues(tmp_path):
    links = built(tmp_path, URL)
    assert links["Edit this page"] == f"{URL}/edit/main/notebooks/demo/audit.md"
    assert parse_qs(urlsplit(links["This number is wrong"]).query) == {"template": ["number.yml"], "row": ["demo t2.a&b"]}
    assert parse_qs(urlsplit(links["Something is wrong on this page"]).query) == {
        "template": ["fault.yml"],
        "title": ["Fault: notebooks/demo/audit"],
    }


@pytest.mark.slow
def test_without_it_no_page_leads_there(tmp_path):
    assert built(tmp_path, "") == {}


def test_a_row_is_named_to_the_form_as_the_form_asks_for_it():
    page = BeautifulSoup(repository.add_links(f"<table>{ROW.replace('&amp;b', '')}</table>", "notebooks/demo/audit", URL), "html.parser")
    address = urlsplit(page.select_one("a.audit-wrong")["href"])
    assert (address.path, parse_qs(address.query)) == ("/us/book/issues/new", {"template": ["number.yml"], "row": ["demo t2.a"]})
    form = yaml.safe_load((paths.ROOT / ".github/ISSUE_TEMPLATE/number.yml").read_text(encoding="utf-8"))
    assert "row" in [field.get("id") for field in form["body"]]


def test_books_that_stand_apart_have_no_such_links_and_the_setting_is_off_when_empty():
    published = yaml.safe_load((paths.ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert published["sphinx"]["config"]["repository"] == standalone_config.settings()["sphinx"]["config"]["repository"] == ""
