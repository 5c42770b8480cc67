"""Layouts of imported tables: how a table stands on a page, and its entry in ``tables.yml``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.cohorts.declarations import load_yaml


class Layout(NamedTuple):
    """A table as ``tables.yml`` declares it: columns as (label, cell), rows as (label, key, indent), the key of a heading empty."""

    source: str
    caption: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[tuple[str, str, int]]


def join_templates(templates: Sequence[str]) -> str:
    """One template for all cells of a column; a form that another one contains adds nothing.

    A cell leaves out what its row does not have, with the brackets around it.
    """
    instead = dict(re.findall(r"\{([^{}|]+)\|([^{}]*)}", " ".join(templates)))
    distinct = list(dict.fromkeys(re.sub(r"\|[^{}]*}", "}", template) for template in templates))
    distinct = [
        re.sub(r"\{([^{}]+)}", lambda one: f"{{{one[1]}|{instead[one[1]]}}}" if one[1] in instead else one[0], one) for one in distinct
    ]
    counts = [one for one in distinct if re.search(r"\.(?:n|pct)}", one)]
    if len(counts) > 1 and any(".of}" in one for one in counts):
        column = counts[0].partition(".")[0]
        shares = f" ({column}.pct}})" if any(".pct}" in one for one in counts) else ""
        distinct = [f"{column}.n}} (of {column}.of}}){shares}", *(one for one in distinct if one not in counts)]
    return " ".join(one for one in distinct if not any(one != other and one in other for other in distinct))


def add_layout(folder: Path, table: str, layout: Layout) -> bool:
    """Append a layout to a study's ``tables.yml``; False if that lays the table out already, which stays as it is."""
    path = folder / "tables.yml"
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    known = (load_yaml(path) or {}) if before.strip() else {}
    if table in known:
        return False
    kept = before if known else "".join(line for line in before.splitlines(keepends=True) if line.strip() not in ("{}", "---"))
    path.write_text(kept + "\n" * bool(kept and not kept.endswith("\n")) + _as_yaml(table, layout), encoding="utf-8")
    return True


def _as_yaml(table: str, layout: Layout) -> str:
    columns = [f"    - {{label: {_quote(label)}, cell: {_quote(cell)}}}" for label, cell in layout.columns]
    rows = [
        f"    - {{label: {_quote(label)}{f', key: {key}' if key else ''}{f', indent: {indent}' if indent else ''}}}"
        for label, key, indent in layout.rows
    ]
    head = [f"{table}:", f"  source: {_quote(layout.source)}", f"  caption: {_quote(layout.caption)}"]
    return "\n".join([*head, "  columns:", *columns, "  rows:", *rows]) + "\n"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
