"""One parameter of a notebook: its declaration and the check of a value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.errors import suggestion

EMPTY = ("", "none")
"""Spellings of "not given" for an optional parameter on a command line."""

TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
"""Spellings of a truth value on a command line."""


class Misfit(ValueError):
    """A value that may not stand in a parameter; the message says what was found."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: what may stand in it and what it means.

    Attributes
    ----------
    name : str
    kind : type
        ``int``, ``float``, ``bool``, ``str``, ``list`` (of texts) or ``Path`` (an existing file).
    meaning : str
        For the command line's help, the documentation and the provenance panel.
    default : object
        Value where nobody gives one.
    unit : str
    low, high : float
        Smallest and largest value of a number, both allowed.
    choices : tuple of str
        The only values of a text, or of a list's entries, where they are not free.
    optional : bool
        Whether ``None`` is a value.
    varies : bool
        Whether each notebook sets its own default in its ``parameters`` cell.
    everywhere : bool
        Whether every page that opens a study honours it, also where its ``parameters`` cell does not name it.
    special : callable, optional
        Of a text to the value that it stands for, or None if it is no such text; asked first.
    words : str
        What may stand in it, where kind and limits do not say it.
    """

    name: str
    kind: type
    meaning: str
    default: Any = None
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    optional: bool = False
    varies: bool = False
    everywhere: bool = False
    special: Callable[[str], str | None] | None = None
    words: str = ""

    @property
    def expected(self) -> str:
        """What may stand in the parameter, in words."""
        return (self.words or self._plain_words()) + (" or none" if self.optional else "")

    def _plain_words(self) -> str:
        unit = f" of {self.unit}" if self.unit else ""
        if self.choices:
            return ("some of " if self.kind is list else "one of ") + ", ".join(self.choices)
        if self.kind in (int, float):
            noun = "a whole number" if self.kind is int else "a number"
            if math.isinf(self.high):
                return f"{noun}{unit} of at least {self.low:g}"
            return f"{noun}{unit} from {self.low:.15g} to {self.high:.15g}"
        return {bool: "true or false", Path: "an existing file", list: "texts, separated by commas"}.get(self.kind, "a text")

    def convert(self, value: Any) -> Any:
        """Value in the parameter's own type.

        Parameters
        ----------
        value : object
            A typed value, or its spelling on a command line.

        Raises
        ------
        Misfit
            If the value is ill-typed or out of range; the message says what was found.
        """
        if self.optional and (value is None or str(value).strip().lower() in EMPTY):
            return None
        found = repr(str(value) if isinstance(value, Path) else value)
        if self.kind is bool:
            return _truth(value, found)
        if self.kind is list:
            return self._list(value, found)
        if self.kind in (int, float):
            return self._number(value, found)
        if not isinstance(value, (str, Path)):
            raise Misfit(found)
        if not str(value).isprintable():  # it will stand in code, on pages and in commands
            raise Misfit(found)
        meant = self.special(str(value)) if self.special else None
        if meant is not None:
            return meant
        if self.kind is Path:
            return _existing(str(value))
        if self.choices:
            self._chosen(str(value), found)
        return str(value)

    def _chosen(self, value: str, found: str) -> None:
        if value not in self.choices:
            raise Misfit(found + suggestion(value, self.choices))

    def _list(self, value: Any, found: str) -> list[str]:
        entries = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if (
            not isinstance(entries, (list, tuple))
            or not entries
            or not all(isinstance(entry, str) and entry and entry.isprintable() for entry in entries)
        ):
            raise Misfit(found)
        if len(set(entries)) < len(entries):
            raise Misfit(f"{found}, one of them twice")
        for entry in entries if self.choices else ():
            self._chosen(entry, repr(entry))
        return list(entries)

    def _number(self, value: Any, found: str) -> int | float:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise Misfit(found)
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise Misfit(found) from None
        if not self.low <= number <= self.high or math.isinf(number):
            raise Misfit(found)
        if self.kind is float:
            return number
        if number != int(number):
            raise Misfit(found)
        return int(number)


def _truth(value: Any, found: str) -> bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.strip().lower() not in TRUTH:
        raise Misfit(found)
    return TRUTH[value.strip().lower()]


def _existing(text: str) -> str:
    """Path of a file that a person named from where they stand, or from the repository."""
    try:
        candidates = [candidate for candidate in (Path(text).expanduser(), paths.ROOT / text) if candidate.is_file()]
    except (OSError, RuntimeError, ValueError):  # nobody's home, or a name that no file can have
        candidates = []
    if candidates:
        resolved = candidates[0].resolve()
        inside = resolved.is_relative_to(paths.ROOT)
        return resolved.relative_to(paths.ROOT).as_posix() if inside else str(resolved)
    raise Misfit(f"no such file: {text if len(text) <= 80 else text[:77] + '...'!r}")
