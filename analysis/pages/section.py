"""What a page offers: calls made of sections, each one a figure, a table or a sentence with one name.

A section is an object that computes results of one topic on what its page has opened.  Its methods marked
`figure`, `table` or `sentence` are the page's calls ``page.figure.…``, ``page.table.…`` and ``page.sentence.…``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any, NamedTuple

from analysis.estimators.engines.shown import shown
from analysis.pages import takeaway
from analysis.pages.guards import not_shown, together

KINDS = ("figure", "table", "sentence")
"""What a call shows."""

_KIND = "shown_as"


def figure(method: Callable) -> Callable:
    """Mark a section's method as a figure of its page."""
    setattr(method, _KIND, "figure")
    return method


def table(method: Callable) -> Callable:
    """Mark a section's method as a table of its page."""
    setattr(method, _KIND, "table")
    return method


def sentence(method: Callable) -> Callable:
    """Mark a section's method as a sentence, or several, of its page."""
    setattr(method, _KIND, "sentence")
    return method


class Section:
    """Results of one topic.

    Parameters
    ----------
    page : object
        What it computes on, the same for all sections of a page.
    """

    def __init__(self, page: Any):
        self.page = page


class Call(NamedTuple):
    """One call that a page offers.

    Attributes
    ----------
    kind, name : str
        ``page.<kind>.<name>``.
    section : type
        Class of the section that it is a method of.
    """

    kind: str
    name: str
    section: type[Section]

    @property
    def function(self) -> Callable:
        """The method itself."""
        return vars(self.section)[self.name]


def calls(sections: Sequence[type[Section]]) -> Iterator[Call]:
    """Calls that sections offer, in their order; a later section takes the place of an earlier one with its call of the same name.

    What a section inherits is offered by the section that it comes from.
    """
    found = {}
    for section in sections:
        for name, member in vars(section).items():
            kind = getattr(member, _KIND, None)
            if kind is not None:
                found[kind, name] = Call(kind, name, section)
    yield from found.values()


class Namespace:
    """Calls of one kind.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    methods : dict of name to callable
    """

    def __init__(self, kind: str, methods: dict[str, Callable]):
        self._kind = kind
        vars(self).update(methods)

    def __getattr__(self, name: str) -> Callable:
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(f"this page has no {self._kind} {name!r}; it has {', '.join(sorted(dir(self)))}")

    def __dir__(self) -> list[str]:
        return [name for name in vars(self) if not name.startswith("_")]


class Shown:
    """Something whose sections a notebook calls by kind and name.

    Attributes
    ----------
    sections : tuple of type
        Classes of its sections.
    figure, table, sentence : Namespace
    """

    sections: tuple[type[Section], ...] = ()
    together = staticmethod(together)

    figure: Namespace
    table: Namespace
    sentence: Namespace

    def offer(self) -> None:
        """Make the calls of all sections."""
        made = {section: section(self) for section in self.sections}
        offered = list(calls(self.sections))
        for kind in KINDS:
            methods = {
                call.name: self._by_engines(takeaway.keep(getattr(made[call.section], call.name))) for call in offered if call.kind == kind
            }
            setattr(self, kind, Namespace(kind, methods))

    def _by_engines(self, method: Callable) -> Callable:
        """A call whose values are those of libraries; of patients whom a person chose a remark says what these do not confirm."""

        @wraps(method)
        def called(*arguments: Any, **named: Any) -> Any:
            with shown(strict=getattr(self, "compared", True)) as scope:
                before = len(scope.remarks)
                result = method(*arguments, **named)
                remarks = scope.remarks[before:]
            return together(result, *(not_shown(f"{remark}; the kernel’s value is shown.") for remark in remarks)) if remarks else result

        return called
