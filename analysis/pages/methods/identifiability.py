"""What printed numbers leave open, on examples small enough to look at every possibility."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from analysis.estimators.group_tests import contingency
from analysis.figures.light_dark_pair import PairedFigure
from analysis.figures.plots.attainable import attainable
from analysis.ledger.rows.printed import Printed, parse
from analysis.ledger.rows.rounding import PLAIN, exact, first_stating
from analysis.pages.section import Section, figure, table
from analysis.reconstruction.problem.problem import read_problem
from analysis.reconstruction.validation import leave_out
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View


def sequences(size: int, estimate: str, error: str, events: int) -> pd.DataFrame:
    """Every falling sequence of numbers at risk of up to so many events, with the survival and error that it gives.

    Parameters
    ----------
    size : int
        Patients at the start.
    estimate, error : str
        As printed, in percent: ``81.45%``.
    events : int
        Most events looked at.

    Returns
    -------
    DataFrame
        Columns ``sequence``, ``survival`` and ``error`` (percent), ``fits``.
    """
    wanted = parse(estimate), parse(error)
    rows = []
    for sequence in _falling(size, events):
        survival = math.prod((at_risk - 1) / at_risk for at_risk in sequence)
        spread = sum(1 / (at_risk * (at_risk - 1)) for at_risk in sequence if at_risk > 1)
        values = 100 * survival, 100 * survival * math.sqrt(spread)
        rows.append((", ".join(map(str, sequence)), *values, all(_states(*pair) for pair in zip(wanted, values, strict=True))))
    return pd.DataFrame(rows, columns=["sequence", "survival", "error", "fits"])


def tables(first: int, second: int, with_it: int, p: str = "") -> pd.DataFrame:
    """Every two-by-two table with given margins.

    Parameters
    ----------
    first, second : int
        Patients of the two groups.
    with_it : int
        Those of both groups that have the feature.
    p : str
        Fisher's P as printed; without it every table fits.

    Returns
    -------
    DataFrame
        Columns ``count`` (with the feature in the first group), ``P``, ``fits``.
    """
    rows = []
    for count in range(max(0, with_it - second), min(first, with_it) + 1):
        found = contingency.p_value([[count, first - count], [with_it - count, second - with_it + count]], "fisher")
        rows.append((count, found, not p or _states(parse(p), found)))
    return pd.DataFrame(rows, columns=["count", "P", "fits"])


class Identifiability(Section):
    """Every possibility, counted."""

    @figure
    def risk_sets(self, size: int, estimate: str, error: str, events: int) -> PairedFigure:
        """The same as a picture: each point a curve that could have been, the printed one marked.

        Parameters
        ----------
        size : int
            Patients at the start.
        estimate, error : str
            As printed, in percent.
        events : int
            Most events looked at.
        """
        found = sequences(size, estimate, error, events).drop_duplicates(["survival", "error"])
        frame = found.rename(columns={"survival": "survival, %", "error": "standard error, %"})[
            ["survival, %", "standard error, %", "fits"]
        ]
        return attainable(
            frame,
            name="risk-sets",
            title=f"Survival and standard error of {size} patients after at most {events} deaths",
            caption=f"Each grey point is a sequence of numbers at risk; the marked one gives {estimate} and {error}.",
        )

    @table
    def matching_risk_sets(self, size: int, estimate: str, error: str, events: int) -> View:
        """The sequences that give the printed numbers, beside how many there are in all.

        Parameters
        ----------
        size : int
            Patients at the start.
        estimate, error : str
            As printed, in percent.
        events : int
            Most events looked at.
        """
        found = sequences(size, estimate, error, events)
        rows = [[row.sequence, f"{row.survival:.4f}", f"{row.error:.4f}"] for row in found[found["fits"]].itertuples()]
        title = f"{len(rows)} of {len(found)} sequences of at most {events} deaths among {size} print {estimate} with {error}"
        return plain_table(["At risk before each death", "Survival, %", "Standard error, %"], rows, title)

    @figure
    def fourfold_tables(self, first: int, second: int, with_it: int, p: str) -> PairedFigure:
        """Fisher's P of every table with given margins, those that print the P marked.

        Parameters
        ----------
        first, second : int
            Patients of the two groups.
        with_it : int
            Those of both groups that have the feature.
        p : str
            Fisher's P as printed.
        """
        frame = tables(first, second, with_it, p).rename(columns={"count": "with the feature in the first group", "P": "Fisher’s P"})
        left = int(frame["fits"].sum())
        return attainable(
            frame,
            name="cells",
            title=f"Tables of {first} and {second} patients of whom {with_it} have the feature",
            caption=f"The margins alone allow {len(frame)} tables; P = {p} leaves the {left} that {'is' if left == 1 else 'are'} marked.",
        )

    @table
    def narrowing(self, first: int, second: int, with_it: int, *p: str) -> View:
        """How a P value narrows an unknown count, printed with more and more digits.

        Parameters
        ----------
        first, second : int
            Patients of the two groups.
        with_it : int
            Those of both groups that have the feature.
        p : str
            Fisher's P, printed in several ways.
        """
        rows = []
        for told, given in [("the margins", ""), *((f"and Fisher’s P {text if text[0] in '<>' else '= ' + text}", text) for text in p)]:
            found = tables(first, second, with_it, given)
            counts = found.loc[found["fits"], "count"]
            rows.append([told, ", ".join(map(str, counts)), str(len(counts))])
        return plain_table(
            ["Printed are", "Possible counts", "How many"],
            rows,
            f"With the feature in the first group of {first}, if {with_it} of {first + second} have it",
        )

    @table
    def left_out_examples(self, *studies: str, most: int = 2) -> View:
        """Counts left out of the ledgers: what the others prove of them; of each study a wide, some narrow and some fixed ranges.

        Parameters
        ----------
        studies : str
            Slugs.
        most : int
            How many narrow and how many fixed ones.
        """
        rows = []
        for problem in map(read_problem, studies):
            entries, stale = leave_out.saved(problem)
            asked = sorted((row for entry in entries.values() for row in entry.get("proven", ()) if row["value"] > 0), key=_width)
            opened, fixed = [row for row in asked if _width(row)], [row for row in asked if not _width(row)]
            for row in [*opened[-1:], *opened[:-1][:most], *fixed[:most]]:
                told = "fixed by the others" if not _width(row) else "open"
                rows.append(
                    [
                        f"{problem.study.label}: {problem.ledger[row['id']].quantity}",
                        row["printed"],
                        f"{row['low']} to {row['high']}",
                        told + (" (stale)" if stale else ""),
                    ]
                )
        return plain_table(
            ["Count that was left out", "Printed", "Proven range without it", "So it is"],
            rows,
            "What the other printed numbers imply for a count",
        )


def _width(row: dict) -> int:
    return row["high"] - row["low"]


def _falling(largest: int, most: int) -> Iterator[tuple[int, ...]]:
    yield ()
    if most:
        for at_risk in range(largest, 0, -1):
            for rest in _falling(at_risk - 1, most - 1):
                yield (at_risk, *rest)


def _states(printed: Printed, value: float) -> bool:
    return first_stating(printed, exact(value), PLAIN) is not None
