"""The calls that pages offer, read from their signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import NamedTuple

import pandas as pd

from analysis.pages.section import Call, Section, Shown, calls, table
from analysis.tables.html.plain import cell
from analysis.tables.html.view import View, grid, headings, scrolling
from analysis.tables.html.view import caption as view_caption

OWN = ("notice", "ids", "glue", "glue_paper", "together")
"""What a page offers beside figures, tables and sentences."""

_PARAMETERS = re.compile(r"\nParameters\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", re.DOTALL)


_RETURNS = re.compile(r"\nReturns\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", re.DOTALL)

_SIMPLE = ("str", "bool", "int", "float", "object")
"""Kinds that an argument's name or default says already."""


class Argument(NamedTuple):
    """One argument of a call: as a call writes it, and what it is."""

    spelled: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.spelled}: {self.meaning}" if self.meaning else self.spelled


class CallReference(Section):
    """What can be called, with its arguments."""

    @table
    def calls(self, kind: str) -> View:
        """Calls of one kind of all pages, in alphabetical order.

        Parameters
        ----------
        kind : {"figure", "table", "sentence"}
        """
        found = sorted(((call.name, on, call) for call, on in find_calls(type(self.page)) if call.kind == kind), key=lambda one: one[:2])
        return _list_calls([(f"{kind}.{name}", call.function, on) for name, on, call in found], f"{kind.capitalize()}s")

    @table
    def own_calls(self) -> View:
        """What a page offers beside figures, tables and sentences."""
        from analysis.pages.page import Page  # this page needs what all others do

        return _list_calls([(name, getattr(Page, name), "every page of one study") for name in OWN], "Of the page itself")

    @table
    def estimators(self) -> View:
        """Functions on pandas objects that `analysis.estimators.frames` offers to whoever imports it."""
        from analysis.estimators import frames  # pages themselves never hold tables of patients

        found = [(name, getattr(frames, name)) for name in frames.__all__]
        functions = [(f"frames.{name}", one, describe_return(one)) for name, one in found if inspect.isfunction(one)]
        return _list_calls(functions, "Functions of analysis.estimators.frames", "Function", "What it gives", "Returns")


def find_calls(guide: type[Shown]) -> Iterator[tuple[Call, str]]:
    """Every call, and on which pages it is.

    Parameters
    ----------
    guide : type
        The page of the guide, which is one of them.
    """
    from analysis.pages.page import GeneralPage, Page
    from analysis.pages.synthesis.reconstruction_evidence import Evidence
    from analysis.pages.synthesis.scoreboards import Overview
    from analysis.pages.synthesis.synthesis import Synthesis

    study, general = list(calls(Page.sections)), list(calls(GeneralPage.sections))
    yield from ((call, "Page, GeneralPage" if call in general else "Page") for call in study)
    yield from ((call, "GeneralPage") for call in general if call not in study)
    for page in (Synthesis, Overview, Evidence, guide):
        yield from ((call, page.__name__) for call in calls(page.sections))


def _list_calls(
    rows: Sequence[tuple[str, Callable, str]], caption: str, call: str = "Call", shows: str = "What it shows", last: str = "Offered by"
) -> View:
    """A table of calls, each argument on a line of its own."""
    heads = [call, shows, "Arguments", last]
    told = [(name, summary(function), arguments(function), on) for name, function, on in rows]
    body = "".join(
        f'<tr><th scope="row"><code>{escape(name)}</code></th><td class="sentence">{escape(shows)}</td><td class="sentence">{_lines(given)}</td>{cell(on)}</tr>'
        for name, shows, given, on in told
    )
    head = f"<thead><tr>{headings(heads)}</tr></thead>"
    html = f"<table>{view_caption(caption)}{head}<tbody>{body}</tbody></table>"
    plain = [[name, shows, "; ".join(map(str, given)), on] for name, shows, given, on in told]
    text = f"{caption}\n\n{grid([heads, *plain])}"
    return View(f'<div class="exhibit exhibit-table">{scrolling(html, caption)}</div>', pd.DataFrame(plain, columns=heads), text)


def _lines(given: list[Argument]) -> str:
    items = (f"<code>{escape(one.spelled)}</code>{': ' if one.meaning else ''}{escape(one.meaning)}" for one in given)
    return "<br>".join(items) or "none"


def summary(function: Callable) -> str:
    """First paragraph of a docstring."""
    return _plain((inspect.getdoc(function) or "").split("\n\n")[0])


def arguments(function: Callable) -> list[Argument]:
    """Arguments of a call, with their defaults and what the docstring says of each."""
    told = describe_arguments(function)
    return [Argument(_spell(one), told.get(one.name, "")) for one in inspect.signature(function).parameters.values() if one.name != "self"]


def describe_return(function: Callable) -> str:
    """What a function gives, as its docstring says: its kind, then its meaning."""
    found = _RETURNS.search("\n" + (inspect.getdoc(function) or ""))
    lines = found[1].split("\n") if found else []
    kind, meaning = _plain(" ".join(lines[:1])), _plain(" ".join(lines[1:]))
    return ". ".join(filter(None, (kind, meaning.removesuffix(".")))) + "." * bool(kind)


def describe_arguments(function: Callable) -> dict[str, str]:
    """What a docstring says of each argument: its kind unless it is simple, then its meaning."""
    found = _PARAMETERS.search("\n" + (inspect.getdoc(function) or ""))
    kinds: dict[str, str] = {}
    meanings: dict[str, list[str]] = {}
    names: list[str] = []
    for line in found[1].split("\n") if found else ():
        if line[:1].strip():
            listed, _, kind = line.partition(" : ")
            names = [name.strip() for name in listed.split(",")]
            kind = _plain(kind).removesuffix(", optional")
            kinds |= {name: "" if kind in _SIMPLE or ", (" in kind and len(names) > 1 else kind for name in names}
            meanings |= {name: [] for name in names}
        elif line.strip():
            for name in names:
                meanings[name].append(_plain(line))
    return {name: ". ".join(filter(None, (kind, " ".join(meanings[name]).removesuffix(".")))) for name, kind in kinds.items()}


def _spell(one: inspect.Parameter) -> str:
    """An argument as a call would write it."""
    star = "*" * (one.kind is inspect.Parameter.VAR_POSITIONAL)
    return star + one.name + ("" if one.default is inspect.Parameter.empty else f" = {one.default!r}")


def _plain(text: str) -> str:
    """A docstring's words without its marks."""
    return " ".join(text.replace("`", "").split())
