"""A release: one version everywhere, an archive that is the same for the same book."""

import hashlib
import json
import os
import tarfile
import tomllib

import pytest
import yaml

from analysis import paths
from analysis.errors import InputError
from analysis.review import release


@pytest.fixture
def root(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1.2.3"\n')
    (tmp_path / "CITATION.cff").write_text("version: 1.2.3\n")
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "citing.md").write_text("> The book. Version 1.2.3, 2026.\n")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n## 1.2.3 (today)\n\n- A thing.\n\n## 1.2.2\n\n- Older.\n")
    book = tmp_path / "html"
    (book / "sub").mkdir(parents=True)
    (book / "index.html").write_text("<p>x</p>")
    (book / "sub" / "b.html").write_text("b")
    return tmp_path


def test_a_release_is_archive_checksums_citation_and_notes(root):
    folder = release.make("v1.2.3", root / "html", root)
    assert sorted(path.name for path in folder.iterdir()) == ["CITATION.cff", "SHA256SUMS", "book-1.2.3.tar.gz", "notes.md"]
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    with tarfile.open(folder / "book-1.2.3.tar.gz") as archive:
        assert archive.getnames() == ["book-1.2.3/index.html", "book-1.2.3/sub/b.html"]
    assert (folder / "notes.md").read_text() == "- A thing.\n"


def test_the_projects_own_files_state_one_version_and_title():
    with (paths.ROOT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    assert release.check(f"v{version}", paths.ROOT)[0] == version
    citation = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    zenodo = json.loads((paths.ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert str(citation["version"]) == version
    assert zenodo["title"] == citation["title"]
    assert "version" not in zenodo  # Zenodo takes it from the tag


def test_equal_books_give_equal_archives(root):
    first = release.pack(root / "html", "book")
    os.utime(root / "html/index.html", (0, 0))
    os.chmod(root / "html/index.html", 0o600)
    assert release.pack(root / "html", "book") == first


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("pyproject.toml", '[project]\nversion = "1.2.2"\n', "pyproject.toml: version: expected 1.2.3, as the tag says; found 1.2.2"),
        ("CITATION.cff", "title: x\n", "CITATION.cff: version: expected 1.2.3, as the tag says; found none"),
        ("analysis/__init__.py", '__version__ = "1.2.2"\n', "analysis/__init__.py: version: expected 1.2.3, as the tag says; found 1.2.2"),
        ("book/citing.md", "> The book.\n", "book/citing.md: version: expected 1.2.3, as the tag says; found none"),
        ("CHANGELOG.md", "## Unreleased\n\n- A thing.\n", "CHANGELOG.md: section 1.2.3: expected what changed"),
        ("CHANGELOG.md", "## 1.2.3\n\n## 1.2.2\n\n- Older.\n", "CHANGELOG.md: section 1.2.3: expected what changed"),
    ],
)
def test_a_file_that_says_otherwise_is_named(root, file, text, said):
    (root / file).write_text(text)
    with pytest.raises(InputError, match="expected") as error:
        release.make("v1.2.3", root / "html", root)
    assert said in str(error.value)


@pytest.mark.parametrize("tag", ["1.2.3", "v1.2", "v1.2.3-rc1", "latest"])
def test_a_tag_that_is_no_version(root, tag):
    with pytest.raises(InputError, match="v and a version"):
        release.make(tag, root / "html", root)


def test_without_a_book(root):
    (root / "html/index.html").unlink()
    with pytest.raises(InputError, match="run `make book`"):
        release.make("v1.2.3", root / "html", root)
