"""How results show: several as one output, and a sentence where a result does not apply."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from html import escape
from typing import Protocol

from IPython.display import HTML

from analysis.errors import NotShown, Undefined
from analysis.pages import plain_counts


def not_shown(text: str) -> HTML:
    """A sentence in place of something that cannot be shown."""
    return HTML(f'<p class="not-shown">{escape(text)}</p>')


def why_not(what: str, problem: Undefined) -> HTML:
    """A sentence that says why there is no result."""
    if isinstance(problem, NotShown):
        return not_shown(f"{what}: not shown, to protect the patients ({problem}); -p disclosure=local shows it.")
    return not_shown(f"{what}: does not apply here ({problem}).")


def where_it_applies(method: Callable) -> Callable:
    """Show one sentence with the reason where a section's result does not exist for a cohort (one arm, no events, nobody).

    Only `analysis.errors.Undefined` says that; any other error is a fault and fails the page.
    """

    @wraps(method)
    def shown(section, *arguments, **named):
        try:
            with section.page.parameters.if_shown():
                plain_counts.require_censored(section.page.opened.study, arguments, named)
                return method(section, *arguments, **named)
        except Undefined as problem:
            opening = arguments[0] if arguments and isinstance(arguments[0], str) else method.__name__.replace("_", " ")
            return why_not(named.get("title") or named.get("caption") or named.get("what") or opening, problem)

    return shown


class Shown(Protocol):
    """What a notebook shows as HTML."""

    def _repr_html_(self) -> str: ...


def together(*parts: HTML | Shown) -> HTML:
    """Several results under one another, as the output of one cell.

    Parameters
    ----------
    parts : HTML or what shows itself as HTML
        Figures, tables and sentences.
    """
    return HTML("".join(part.data if isinstance(part, HTML) else part._repr_html_() for part in parts))
