"""What the project says of its studies outside their folders: README, citation files, and the title of the book."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from analysis import paths
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError

CONFIG = "_config.yml"
TITLED = (CONFIG, "book/index.md", "book/citing.md", "README.md", "CITATION.cff", ".zenodo.json")
"""Files that say the title of the book."""

BEGIN, END = "<!-- studies: python -m analysis new-study writes this list -->", "<!-- end of studies -->"


def book_title(root: Path) -> str:
    """Title of the book, as its settings have it."""
    return str(yaml.safe_load((root / CONFIG).read_text(encoding="utf-8"))["title"])


def entitle(root: Path, title: str) -> list[str]:
    """Give the book another title wherever it is said; names of the files changed.

    Raises
    ------
    InputError
        If the title is empty, or has a sign that one of the files would need to escape.
    """
    if not title.strip() or re.search(r'[":#\\\n*`{}\[\]]', title):
        raise InputError(Fault("command line", "--book-title", "words without quotation marks, colons, brackets or * ` # \\", repr(title)))
    old, changed = book_title(root), []
    for name in TITLED:
        path = root / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if old in text and old != title:
            path.write_text(text.replace(old, title), encoding="utf-8")
            changed.append(name)
    return changed


def list_study(root: Path, study: Study) -> list[str]:
    """Name a study in README, references and citation files where they do not name it yet; names of the files changed."""
    writers = {"README.md": _readme, "CITATION.cff": _citation, ".zenodo.json": _archive, "book/references.bib": _reference}
    changed = []
    for name, write in writers.items():
        path = root / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            new = write(text, study)
            if new != text:
                path.write_text(new, encoding="utf-8")
                changed.append(name)
    return changed


def _readme(text: str, study: Study) -> str:
    if f"- {study.label}:" in text or BEGIN not in text or END not in text:
        return text
    known = {name: str(value) for name, value in study.citation.items()}
    where = " ".join(part for part in (f"*{known['journal']}*" if "journal" in known else "", known.get("year", "")) if part)
    doi = f"doi [{known['doi']}](https://doi.org/{known['doi']})" if "doi" in known else ""
    line = f"- {study.label}: {', '.join(part for part in (where, doi) if part) or 'not cited yet'}."
    return text.replace(END, f"{line}\n{END}", 1)


def _citation(text: str, study: Study) -> str:
    content = yaml.safe_load(text)
    if any(reference.get("title") == study.title for reference in content.get("references", ())):
        return text
    known = study.citation
    entry: dict[str, Any] = {"type": "article", "title": study.title, "authors": [{"name": _authors(known)}]}
    entry |= {name: known[name] for name in ("journal", "year", "volume", "doi") if name in known}
    listed = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=10_000)
    ahead = text if "references" in content else f"{text.rstrip()}\nreferences:\n"
    return ahead.rstrip("\n") + "\n" + "".join(f"  {line}\n" for line in listed.splitlines())


def _reference(text: str, study: Study) -> str:
    """References with a study of which at least journal and year are known; an entry of this kind needs no authors."""
    known = {name: str(value) for name, value in study.citation.items()}
    if study.title in re.sub(r"[{}\\]", "", text) or not {"journal", "year"} <= known.keys():
        return text
    place = ": ".join(part for part in (known.get("volume", ""), known.get("pages") or known.get("article", "")) if part)
    fields = {
        "title": study.title,
        "howpublished": ", ".join(filter(None, (known["journal"], place))),
        "year": known["year"],
        "key": study.label,
    }
    fields |= {"doi": known["doi"]} if "doi" in known else {}
    escaped = {name: value if name == "doi" else re.sub(r"([&%$#_])", r"\\\1", value) for name, value in fields.items()}
    listed = "".join(f"  {name} = {{{value}}},\n" for name, value in escaped.items())
    return f"{text.rstrip()}\n@misc{{{study.slug.replace('_', '')}{known['year']},\n{listed}}}\n"


def _authors(citation: dict[str, Any]) -> str:
    named = str(citation.get("authors", "")).split(",")[0].strip()
    return f"{named} and others" if named else "The authors of the article"


def _archive(text: str, study: Study) -> str:
    content, doi = json.loads(text), study.citation.get("doi")
    related = content.setdefault("related_identifiers", [])
    if not doi or any(one.get("identifier") == doi for one in related):
        return text
    related.append({"identifier": doi, "relation": "isDerivedFrom", "scheme": "doi"})
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def faults(root: Path | None = None) -> list[Fault]:
    """Files that say another title than the book's settings."""
    root = root or paths.ROOT
    if not (root / CONFIG).is_file():
        return []
    title = book_title(root)
    present = [name for name in TITLED if (root / name).is_file()]
    return [
        Fault(name, "title", f"that of {CONFIG}: {title}", "another")
        for name in present
        if title not in (root / name).read_text(encoding="utf-8")
    ]
