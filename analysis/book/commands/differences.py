"""How a page that somebody executed differs from the published one: its parameters, and the results that read otherwise."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from analysis import paths
from analysis.book import redaction
from analysis.book.commands import moved_results
from analysis.book.provenance import spell_value
from analysis.book.results import made_from, page_snapshots, page_text
from analysis.book.sources import notebooks
from analysis.parameters import declarations

MOST = 12
"""Results that are named in sight; the others are folded."""


def with_differences(executed: NotebookNode, source: Path, values: Mapping[str, Any]) -> NotebookNode:
    """Executed notebook that says below its title what differs from the published page, and marks it where it stands.

    Parameters
    ----------
    executed : NotebookNode
    source : Path
        Of the repository.
    values : mapping
        Parameters that it was given, typed.
    """
    marked = copy.deepcopy(executed)
    parts = [*_parameters(source, values), *_results(marked, source)]
    cell = new_markdown_cell(
        '<div class="admonition note">\n<p class="admonition-title">Not the published page</p>\n' + "\n".join(parts) + "\n</div>",
        id="differences",
    )
    marked["cells"] = [*marked.cells[:1], cell, *marked.cells[1:]]
    return marked


def _parameters(source: Path, values: Mapping[str, Any]) -> list[str]:
    declared = declarations.list_parameters()
    published = {name: one.default for name, one in declared.items()} | notebooks.declared_values(
        notebooks.read(source), paths.shorten_path(source)
    )
    shown = redaction.redact_parameters(values)
    told = [
        f"{name} = {_describe(name, value)} (published: {_describe(name, published[name])})"
        for name, value in shown.items()
        if values[name] != published[name]
    ]
    return [f"<p>Parameters: {escape('; '.join(told))}.</p>" if told else "<p>Executed with the parameters of the published page.</p>"]


def _describe(name: str, value: Any) -> str:
    unit = declarations.list_parameters()[name].unit if value is not None else ""
    return f"{spell_value(value) or 'everybody'} {unit}".strip()


def _results(executed: NotebookNode, source: Path) -> list[str]:
    name = source.relative_to(paths.ROOT).with_suffix("").as_posix()
    saved = page_snapshots.file(name)
    if not saved.is_file():
        return [
            "<p>The results of the published page are not available, so differences cannot be listed; <code>make book</code> writes them.</p>"
        ]
    text = saved.read_text(encoding="utf-8")
    before, shown = page_text.parse(text), list(page_text.by_output(executed))
    after = {result.name for _, results in shown for result in results}
    moved = [
        *moved_results.mark(shown, before),
        *(moved_results.Moved(result, "", "") for result in before if result not in after),
    ]
    stale = made_from.read_digests(text) != made_from.of_page(name, paths.ROOT)
    remark = (
        [
            "<p>The saved results of the published page are stale (<code>make book</code> renews them), so some differences may be those of code or data.</p>"
        ]
        if stale
        else []
    )
    if not moved:
        return [f"<p>All {len(after)} tables, figures, sentences and numbers read as on the published page.</p>", *remark]
    entries = [_entry(one, one.name not in before, one.name not in after) for one in moved]
    rest = (
        f"<details><summary>and {len(entries) - MOST} more</summary><ul>{''.join(entries[MOST:])}</ul></details>"
        if len(entries) > MOST
        else ""
    )
    return [
        f"<p>Of {len(before.keys() | after)} tables, figures, sentences and numbers, {len(moved)} {'differ' if len(moved) > 1 else 'differs'}:</p>",
        f"<ul>{''.join(entries[:MOST])}</ul>{rest}",
        *remark,
    ]


def _entry(one: moved_results.Moved, new: bool, gone: bool) -> str:
    """One result in the list, leading to where it stands."""
    named = f'<a href="#{escape(one.anchor)}">{escape(one.name)}</a>' if one.anchor else escape(one.name)
    told = f": {escape(one.told)}" if one.told else ""
    return f"<li>{named}{' (new)' if new else ''}{' (not here)' if gone else ''}{told}</li>"
