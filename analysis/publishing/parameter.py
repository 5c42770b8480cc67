"""One parameter of a notebook: its declaration and the check of a value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.errors import suggestion

EMPTY = ("", "none")
"""Spellings of "not given" for an optional parameter on a command line."""


class Misfit(ValueError):
    """A value that may not stand in a parameter; the message says what was found."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: what may stand in it and what it means.

    Attributes
    ----------
    name : str
    kind : type
        ``int``, ``float``, ``str`` or ``Path`` (an existing file).
    meaning : str
        For the command line's help, the documentation and the provenance panel.
    default : object
        Value where nobody gives one.
    unit : str
    low, high : float
        Smallest and largest value of a number, both allowed.
    choices : tuple of str
        The only values of a text, where it is not free.
    optional : bool
        Whether ``None`` is a value.
    varies : bool
        Whether each notebook sets its own default in its ``parameters`` cell.
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

    @property
    def expected(self) -> str:
        """What may stand in the parameter, in words."""
        unit = f" of {self.unit}" if self.unit else ""
        if self.choices:
            words = "one of " + ", ".join(self.choices)
        elif self.kind in (int, float):
            noun = "a whole number" if self.kind is int else "a number"
            if math.isinf(self.high):
                words = f"{noun}{unit} of at least {self.low:g}"
            else:
                words = f"{noun}{unit} from {self.low:.15g} to {self.high:.15g}"
        else:
            words = "an existing file" if self.kind is Path else "a text"
        return words + (" or none" if self.optional else "")

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
        if self.kind in (int, float):
            return self._number(value, found)
        if not isinstance(value, (str, Path)):
            raise Misfit(found)
        if self.kind is Path:
            return _existing(str(value))
        if self.choices and value not in self.choices:
            raise Misfit(found + suggestion(str(value), self.choices))
        return str(value)

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


def _existing(text: str) -> str:
    """Path of a file that a person named from where they stand, or from the repository."""
    for candidate in (Path(text).expanduser(), paths.ROOT / text):
        if candidate.is_file():
            resolved = candidate.resolve()
            inside = resolved.is_relative_to(paths.ROOT)
            return resolved.relative_to(paths.ROOT).as_posix() if inside else str(resolved)
    raise Misfit(f"no such file: {text!r}")
