"""Values by name, each computed when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any


class Lazy(Mapping[str, Any]):
    """Values by name, each computed when it is first asked for, and then kept.

    A verdict often rests on the first convention alone, an ensemble on one, and a page on a few
    rows of its ledger: what is not looked at is not computed.

    Parameters
    ----------
    compute : mapping of name to callable without arguments

    Attributes
    ----------
    within : callable without arguments
        Gives the context that each value is computed in.
    """

    def __init__(self, compute: Mapping[str, Callable[[], Any]]):
        self._compute = dict(compute)
        self._known: dict[str, Any] = {}
        self.within: Callable[[], AbstractContextManager[Any]] = nullcontext

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            with self.within():
                self._known[name] = self._compute[name]()
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._compute  # a mapping's own way would compute the value

    def __iter__(self) -> Iterator[str]:
        return iter(self._compute)

    def __len__(self) -> int:
        return len(self._compute)
