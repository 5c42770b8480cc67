"""What came of withholding printed numbers: how many cohorts made without a number give it.

Two records stand beside a ledger.  ``leave_out.yml``: families of numbers withheld in turn, with
cohorts made from the others.  ``withheld.yml``: numbers that a whole ensemble was made without.
``chance.yml`` says how often shuffled cohorts give the same digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from analysis.cohorts.declarations import load_yaml
from analysis.cohorts.study import Study

LEFT_OUT, ENSEMBLE, CHANCE = "leave_out.yml", "withheld.yml", "chance.yml"
ONLY = "only"
"""Name in a record of the one convention of a statistic that has no other."""
_ANY = "*"


class Trial(NamedTuple):
    """Cohorts made without a number: how many were made, and how many of them give it.

    `made` is 0 where a search without the number's family found no cohort.
    """

    hits: int
    made: int


@dataclass(frozen=True)
class Withheld:
    """Trials of a study's numbers.

    Attributes
    ----------
    trials : mapping of str to list of (made, hits by convention)
        By ledger id.
    chance : mapping of str to (shuffled, hits by convention)
        Shuffled cohorts, by ledger id.
    """

    trials: Mapping[str, list[tuple[int, Mapping[str, int]]]] = field(default_factory=dict)
    chance: Mapping[str, tuple[int, Mapping[str, int]]] = field(default_factory=dict)

    def of(self, id: str, convention: str) -> Trial | None:
        """The trial of a number with the most cohorts; None if it was never withheld."""
        trials = self.trials.get(id)
        if not trials:
            return None
        made, hits = max(reversed(trials), key=lambda trial: trial[0])  # of equals the last: two families withheld together
        return Trial(_hits(hits, convention), made)

    def by_chance(self, id: str, convention: str) -> float | None:
        """Share of shuffled cohorts that give a number; None where shuffling cannot change it or was not tried."""
        if id not in self.chance:
            return None
        made, hits = self.chance[id]
        return _hits(hits, convention) / made if made else None


def _hits(hits: Mapping[str, int], convention: str) -> int:
    """Hits by a convention; by whichever gives most where the convention is not known to the record."""
    known = hits.get(convention or ONLY, hits.get(_ANY))
    return max(hits.values(), default=0) if known is None else known


def read_withheld(study: Study) -> Withheld:
    """Trials recorded beside a study's ledger; none where there is no record."""
    trials: dict[str, list[tuple[int, Mapping[str, int]]]] = {}
    for entry in _load(study, LEFT_OUT).get("families", ()):
        rebuilt = entry.get("rebuilt")
        if rebuilt is None:
            continue
        for row in rebuilt["rows"]:
            trials.setdefault(row["id"], []).append((row["of"], {_ANY: row["back"]}))
        if not rebuilt["made"]:
            for id in entry.get("ids", ()):
                trials.setdefault(id, []).append((0, {}))
    for entry in _load(study, ENSEMBLE).get("ensembles", ()):
        for row in entry["rows"]:
            trials.setdefault(row["id"], []).append((row["made"], row["hits"]))
    chance = {row["id"]: (row["made"], row["hits"]) for row in _load(study, CHANCE).get("rows", ())}
    return Withheld(trials, chance)


def _load(study: Study, name: str) -> Mapping[str, Any]:
    path = study.folder / name
    return load_yaml(path) if path.is_file() else {}
