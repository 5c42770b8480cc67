"""What the members of a saved ensemble give for rows that no member was made to give."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.cohorts.ensemble import ensemble_path
from analysis.cohorts.study import Study
from analysis.errors import Undefined
from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.lazy import Lazy
from analysis.ledger.statistics.registry import Range, Values
from analysis.ledger.verdicts.recompute import CohortValues, StackedMembers, Tables
from analysis.ledger.verdicts.verdicts import ends

Ends = tuple[Decimal, Decimal]

_CODE = ("cohorts", "estimators", "ledger", "errors.py", "paths.py")
_LIBRARIES = ("numpy", "pandas", "scipy", "statsmodels", "lifelines", "firthmodels", "pydantic")
_REFERENCE = "on the reference cohort"


class Members:
    """Values of ledger rows on every member of an ensemble.

    A hundred members take seconds, and most often nothing that they depend on has changed since they were last
    evaluated.  Their values, and those of the saved reference cohort (`of_reference`), are therefore kept in a file
    beside the build, under a digest of everything that can change them: the cohorts, the declarations, this
    package's code, the interpreter and the libraries.
    Anything else there is dropped, and the file can be deleted at any time.

    Parameters
    ----------
    study : Study
    load : callable without arguments
        Gives the members' tables; called only where a value is not known yet.
    memory : Path, optional
        File of the values known so far; none: always evaluated.
    """

    def __init__(self, study: Study, load: Callable[[], Sequence[Tables]], memory: Path | None = None):
        self._study, self._load, self._memory = study, load, memory
        self._fresh = self._many = False
        self._due = 0.0
        self._read: dict[str, list[Ends]] = {}  # values as numbers, each read once
        self._grouped: dict[str, dict[Ends, list[int]]] = {}

    @cached_property
    def _digest(self) -> str:
        return digest(self._study) if self._memory else ""

    @cached_property
    def _known(self) -> dict[str, list[list[str]]]:
        """Values by row and convention; read when the first is asked for, as many pages ask for none."""
        return self._recalled()

    @cached_property
    def _tables(self) -> Sequence[Tables]:
        return self._load()

    @cached_property
    def cohorts(self) -> tuple[CohortValues, ...]:
        """The members, each ready to evaluate ledger rows."""
        return tuple(CohortValues(self._study, tables) for tables in self._tables)

    @cached_property
    def _stacked(self) -> StackedMembers:
        return StackedMembers(self._study, self._tables)

    def ends(self, row: Row, convention: str) -> list[Ends]:
        """Least and greatest value of a row by a convention, one pair a member that has the row's table."""
        key = _key(row, convention)
        if key not in self._known:
            found = [ends(value) for value in self._evaluate(row, convention)]
            self._known[key] = [[str(end) for end in pair] for pair in found]
            self._fresh = True
        if key not in self._read:
            self._read[key] = [(Decimal(low), Decimal(high)) for low, high in self._known[key]]
        return self._read[key]

    def _evaluate(self, row: Row, convention: str) -> list[float | Fraction | Range]:
        """Value of a row on each member that has its table; NaN where it is undefined."""
        cohorts = [cohort for cohort in self.cohorts if cohort.has(row)]
        counted = row.registered.from_counts
        if counted is None or not cohorts:
            return [_value(cohort, row, convention) for cohort in cohorts]
        try:
            return [counted(chosen, total) for chosen, total in self._stacked.counts(row)]
        except Undefined:
            return [float("nan")] * len(cohorts)

    def grouped(self, row: Row, convention: str) -> dict[Ends, list[int]]:
        """Members by their `ends`, as places among those that have the row's table: most members give one value."""
        key = _key(row, convention)
        if key not in self._grouped:
            found: dict[Ends, list[int]] = {}
            for place, pair in enumerate(self.ends(row, convention)):
                found.setdefault(pair, []).append(place)
            self._grouped[key] = found
        return self._grouped[key]

    def numbers(self, row: Row, convention: str) -> list[float]:
        """Value of a row by a convention, one a member that has the row's table; NaN where it is undefined."""
        return [float(low) for low, _ in self.ends(row, convention)]

    def of_reference(self, row: Row, compute: Callable[[], Values]) -> Values:
        """Values of a row on the saved reference cohort, kept as those of the members are.

        A library that differs from this project's kernel raises an error, so that what is kept was confirmed by it, under the same
        digest.

        Parameters
        ----------
        row : Row
        compute : callable without arguments
            Evaluates the row; asked for what is not known yet.

        Raises
        ------
        Undefined
            As `compute` does; that is not kept.
        """
        key = _key(row, _REFERENCE)
        if key not in self._known:
            found = compute()
            self._known[key] = [[name] for name in found]
            self._fresh = True
            computed = cache(lambda: found)
        else:
            computed = cache(compute)

        def value(entry: list[str]) -> Any:
            if len(entry) == 1:
                given = computed()[entry[0]]
                entry += _as_texts(given)
                self._fresh = True
                return given
            return _from_texts(entry[1:])

        return Lazy({entry[0]: partial(value, entry) for entry in self._known[key]})

    def remember(self, at_once: bool = False) -> None:
        """Keep what was evaluated, here and meanwhile elsewhere; a folder that cannot be written to costs time, nothing else.

        Unless it is to be done at once, it is left for later where the last time took more than a small share of the time since.
        """
        start = time.monotonic()
        if self._memory is None or not self._fresh or self._many or (not at_once and start < self._due):
            return
        for key, values in self._recalled().items():  # in place, as values that are given out are written into their entries
            self._known.setdefault(key, values)
        try:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._memory.parent, delete=False, encoding="utf-8") as file:
                file.write(json.dumps({"digest": self._digest, "values": self._known}))  # in one piece: much faster than json.dump
            os.replace(file.name, self._memory)
        except OSError:
            return
        self._fresh, self._due = False, time.monotonic() + 20 * (time.monotonic() - start)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep what a block evaluates at its end, in one go, however often it asks for that."""
        self._many = True
        try:
            yield
        finally:
            self._many = False
            self.remember(at_once=True)

    def _recalled(self) -> dict[str, list[list[str]]]:
        try:
            saved = json.loads(self._memory.read_text(encoding="utf-8")) if self._memory else {}
        except (OSError, ValueError):  # none yet, or cut off: evaluated anew
            return {}
        return saved["values"] if isinstance(saved, dict) and saved.get("digest") == self._digest else {}


def _value(cohort: CohortValues, row: Row, convention: str) -> float | Fraction | Range:
    """Value of a row on one member; NaN where it is undefined there."""
    try:
        return cohort.of(row)[convention]
    except Undefined:
        return float("nan")


def locate_memory(study: Study) -> Path | None:
    """Where the members' values of one of the repository's own studies are kept; nowhere for another folder."""
    return paths.BUILD / "members" / f"{study.slug}.json" if study.folder == paths.study_folder(study.slug) else None


def digest(study: Study) -> str:
    """SHA-256 of everything that a member's value can depend on."""
    package = paths.ROOT / "analysis"
    places = [package / name for name in _CODE]
    files = sorted(file for place in places for file in (place.rglob("*.py") if place.is_dir() else [place]))
    files += [study.folder / "study.yml", *(ensemble_path(study, table) for table in sorted(study.tables))]
    files += [study.folder / study.tables[table].file for table in sorted(study.tables)]
    content = hashlib.sha256(json.dumps([platform.python_version(), platform.machine(), *map(version, _LIBRARIES)]).encode())
    for file in files:
        if file.is_file():
            content.update(f"\n{file.name} {file.stat().st_size}\n".encode())
            content.update(file.read_bytes())
    return content.hexdigest()


def _key(row: Row, convention: str) -> str:
    """Everything of a row that decides its value, as text; what was printed does not."""
    return json.dumps([row.statistic, row.population, str(row.subset), sorted(row.arguments.items()), convention])


def _as_texts(value: float | Fraction | Range) -> list[str]:
    """A value as texts that give it back, digit by digit."""
    if isinstance(value, Range):
        return [repr(float(value.low)), repr(float(value.high))]
    return [f"{value.numerator}/{value.denominator}" if isinstance(value, Fraction) else repr(float(value))]


def _from_texts(texts: Sequence[str]) -> float | Fraction | Range:
    """The value of `_as_texts`."""
    if len(texts) == 2:
        return Range(*map(float, texts))
    return Fraction(texts[0]) if "/" in texts[0] else float(texts[0])
