"""Cells of a printed table's layout: a template with placeholders for ledger rows.

``{all.n}`` stands for the row ``<table>.<row key>.all.n``.  A placeholder whose row does not exist
leaves its innermost bracket group out, unless it says what stands in its place: ``{a.upper|NR}``.  A cell in which none exists is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_TOKEN = re.compile(r"\{([^{}]*)\}|([(\[])|([)\]])|([^{}()\[\]]+|[{}])")
_CLOSING = {"(": ")", "[": "]"}


class Reference(NamedTuple):
    """A place in a cell where a ledger row's number goes."""

    id: str


Part = str | Reference


def fill(template: str, prefix: str, known: Callable[[str], bool]) -> list[Part]:
    """Resolve a template.

    Parameters
    ----------
    template : str
        E.g. ``{cr.pct} ({cr.n}/{n})``.
    prefix : str
        ``<table>.<row key>``.
    known : callable
        Whether the ledger holds an id.

    Returns
    -------
    list of str and Reference
        Empty if no placeholder resolves.

    Raises
    ------
    ValueError
        If brackets do not match.
    """
    stack: list[tuple[str, list[Part], list[bool]]] = [("", [], [])]
    for placeholder, opening, closing, text in _TOKEN.findall(template):
        kind, parts, missing = stack[-1]
        if opening:
            stack.append((opening, [opening], []))
        elif closing:
            if not kind or _CLOSING[kind] != closing:
                raise ValueError(f"matching brackets expected, {template!r} found")
            stack.pop()
            _close(stack[-1][1], [*parts, closing], any(missing))
        elif text:
            parts.append(text)
        else:
            name, _, instead = placeholder.partition("|")
            id = f"{prefix}.{name}"
            parts += [Reference(id)] if known(id) else [instead]
            missing.append(not (known(id) or instead))
    if len(stack) > 1:
        raise ValueError(f"matching brackets expected, {template!r} found")
    parts = stack[0][1]
    if "{" in template and not any(isinstance(part, Reference) for part in parts):
        return []
    return _trim(parts)


def _close(parts: list[Part], group: list[Part], left_out: bool) -> None:
    """Add a bracket group to what holds it, or take away the space before a group left out."""
    if not left_out:
        parts += group
    elif parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()


def _trim(parts: list[Part]) -> list[Part]:
    """Join neighbouring texts and strip the ends of the cell."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part:
            joined.append(part)
    if joined and isinstance(joined[0], str):
        joined[0] = joined[0].lstrip()
    if joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip()
    return [part for part in joined if part]
