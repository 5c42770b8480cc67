"""One kind of error for every fault in what a person wrote or passed in."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong in an input.

    Attributes
    ----------
    file : str
        File (or other input, e.g. ``command line``) that holds the fault.
    place : str
        Row, column or parameter, e.g. ``row 12, column role``.
    expected : str
        What would have been right.
    found : str
        What stands there.
    """

    file: str
    place: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.file}: {self.place}: expected {self.expected}; found {self.found}"


class InputError(Exception):
    """All faults of one input, reported together.

    The command line prints it without a traceback and exits with status 2.

    Parameters
    ----------
    faults : iterable of Fault
        At least one fault.
    """

    def __init__(self, faults: Iterable[Fault] | Fault):
        self.faults = [faults] if isinstance(faults, Fault) else list(faults)
        if not self.faults:
            raise ValueError("an InputError needs at least one fault")
        super().__init__(str(self))

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: what is wrong, and not where in this package it was noticed."""
        return [f"InputError: {self}"]


class Undefined(ValueError):
    """A result that does not exist for these patients: one arm, no event, nobody left at a landmark.

    Raised on purpose, and the only error that a page turns into a sentence in place of a result.  Any other
    error, a plain ``ValueError`` of numpy or pandas among them, is a fault of ours and fails the page.
    """


class NotShown(Undefined):
    """A result that exists and is not shown, to protect somebody's own patients."""

    def __init__(self, why: str = "it does not follow from ranges of counts"):
        super().__init__(why)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Name the nearest known word, for the end of an error sentence.

    Parameters
    ----------
    word : str
        What was written.
    known : iterable of str
        What would have been understood.

    Returns
    -------
    str
        ``" (did you mean 'horizon'?)"``, or the empty string if nothing is near.
    """
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""


class EnginesDiffer(ArithmeticError):
    """Two engines do not give one value, or one of them none: a fault of the program or of a library, never of the data shown."""
