"""What is said of a ledger row, and what is known of a study beside its ledger and cohorts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.ledger.rows.row import Row
from analysis.ledger.statistics.registry import Values
from analysis.ledger.verdicts.withheld import Trial, Withheld


@dataclass(frozen=True)
class Judgement:
    """A ledger row, judged.

    Attributes
    ----------
    row : Row
    recomputed, verdict, convention, evidence, note : str
        As in ``audit.csv``.
    tried : int
        Conventions × rounding rules tried under the profile of the row's result.
    values : mapping
        Recomputed value by convention, on which the verdict rests; empty if there is none.
    profile : str
        Output profile under which the row's result is judged; empty where no program sets one.
    withheld : Trial, optional
        What cohorts made without the number say of it.
    chance : float, optional
        Share of shuffled cohorts that give the printed digits.
    """

    row: Row
    recomputed: str
    verdict: str
    convention: str
    evidence: str
    note: str
    tried: int = 0
    values: Values = field(default_factory=dict)
    profile: str = ""
    withheld: Trial | None = None
    chance: float | None = None


@dataclass(frozen=True)
class Known:
    """What is known of a study's numbers beside its ledger and cohorts.

    Attributes
    ----------
    conflicts : mapping of str to str
        Rows of proven minimal conflict sets under the declared reading, each with the note that names set and reading.
    lifted : mapping of str to str
        Rows that other printed numbers exclude under the plain reading, with the declared reading under which they hold.
    denied : mapping of str to str
        Rows printed in a statement that the register of claims does not support, with the claim.
    withheld : Withheld
    """

    conflicts: Mapping[str, str] = field(default_factory=dict)
    lifted: Mapping[str, str] = field(default_factory=dict)
    denied: Mapping[str, str] = field(default_factory=dict)
    withheld: Withheld = field(default_factory=Withheld)


def join_notes(*parts: str) -> str:
    """Parts of a note as one text."""
    return "; ".join(part.strip().rstrip(".") for part in parts if part and part.strip())
