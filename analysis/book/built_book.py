"""Which book is built: the published one, or that of an edition or a sweep.

Whoever builds another book than the published one says so with :func:`building`; everything below asks
:func:`current` when it is called.  A job in a process of its own is told by its arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import TypeVar

from analysis import paths

Value = TypeVar("Value")


@dataclass(frozen=True)
class Book:
    """A book that can be built.

    Attributes
    ----------
    file : Path, optional
        YAML of the edition or sweep; none for the published book.
    only_finished : bool
        Whether it leaves out notebooks that were not executed, as a sweep does with scenarios that failed.
    """

    file: Path | None = None
    only_finished: bool = False

    @property
    def folder(self) -> Path:
        """Folder of everything that its build makes; that of another book holds nothing of the published one."""
        return paths.BUILD / "editions" / self.file.stem if self.file else paths.BUILD

    @property
    def arguments(self) -> list[str]:
        """Arguments of ``python -m analysis.book.jobs.one_job`` that have a job build this book."""
        return [*(["--edition", str(self.file)] if self.file else []), *(["--only-finished"] if self.only_finished else [])]


PUBLISHED = Book()
_CURRENT: ContextVar[Book] = ContextVar("book", default=PUBLISHED)


def current() -> Book:
    """The book that is built here and now; the published one where nobody said otherwise."""
    return _CURRENT.get()


@contextmanager
def building(book: Book) -> Iterator[Book]:
    """Have a block build a book."""
    token = _CURRENT.set(book)
    try:
        yield book
    finally:
        _CURRENT.reset(token)


def cache_per_book(function: Callable[..., Value]) -> Callable[..., Value]:
    """Keep what a function returned, as `functools.cache` does, for each book apart."""

    @cache
    def find(book: Book, *arguments: Hashable) -> Value:
        return function(*arguments)

    @wraps(function)
    def kept(*arguments: Hashable) -> Value:
        return find(current(), *arguments)

    kept.cache_clear = find.cache_clear  # type: ignore[attr-defined]  # as `functools.cache` gives it
    return kept
