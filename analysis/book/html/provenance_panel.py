"""The collapsed provenance panel at the end of each executed page."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from analysis.book import redaction
from analysis.book.commits import Commit
from analysis.book.provenance import spell_value
from analysis.parameters import declarations

SHOWN_DIGITS = 12
"""Hexadecimal digits of a digest on a page; ``sha256sum`` of the file starts with them."""


def with_panel(notebook: NotebookNode, commit: Commit) -> NotebookNode:
    """Executed notebook with its provenance panel as the last cell.

    The panel is made when the book is put together, from what was recorded at
    execution: a new commit changes a line of the panel and executes nothing.
    """
    copy = NotebookNode(notebook)
    cell = new_markdown_cell(panel(notebook.metadata["provenance"], commit), id="provenance")
    copy["cells"] = [*notebook.cells, cell]
    return copy


def panel(recorded: Mapping[str, Any], commit: Commit) -> str:
    """Panel in MyST Markdown, a plain ``details`` element on the page.

    Parameters
    ----------
    recorded : mapping
        As :func:`analysis.book.provenance.record` returns it.
    commit : Commit
        State of version control of the page's inputs.
    """
    rows = [
        ("Source", f"{recorded['source']}, SHA-256 {_short(recorded['source_digest'])}"),
        ("Commit", str(commit)),
        *_parameter_rows(recorded["parameters"], recorded.get("unused", ())),
        *((f"Read {name}", f"SHA-256 {_short(value)}" if value else redaction.UNNAMED) for name, value in recorded["files"].items()),
        ("Locked requirements", f"SHA-256 {_short(recorded['lock'])}" if recorded["lock"] else "none"),
        ("Python", f"{recorded['python']}, {recorded['system']}"),
        ("Packages", ", ".join(f"{name} {v}" for name, v in recorded["versions"].items())),
    ]
    body = "\n".join(f'<tr><th scope="row">{html.escape(label)}</th><td>{html.escape(text)}</td></tr>' for label, text in rows)
    unused = recorded.get("unused", ())
    told = (
        f"Given, and without effect, as no section that depends on it applies here: {', '.join(f'`{name}`' for name in unused)}.\n\n"
        if unused
        else ""
    )
    return (
        told + ":::{dropdown} Provenance of this page\n:class-container: provenance\n\n"
        f"<table>\n{body}\n</table>\n\n"
        "To execute this page again, with these parameters:\n\n"
        # in the dress of a listing, so that it has the button that copies
        f'<div class="highlight-sh notranslate"><div class="highlight"><pre>{html.escape(recorded["command"])}</pre></div></div>\n\n:::\n'
    )


def _parameter_rows(values: Mapping[str, Any], unused: Collection[str] = ()) -> list[tuple[str, str]]:
    known = declarations.list_parameters()
    rows = []
    for name, value in values.items():
        unit = known[name].unit if name in known and value is not None else ""
        rows.append(
            (
                f"Parameter {name}",
                f"{spell_value(value)} {unit}".strip() + (" (nothing that is shown depends on it)" if name in unused else ""),
            )
        )
    if "seed" not in values:
        rows.append(("Seed", "this notebook takes none"))
    return rows


def _short(hexadecimal: str) -> str:
    return hexadecimal[:SHOWN_DIGITS]
