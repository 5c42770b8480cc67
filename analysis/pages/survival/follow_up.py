"""How long the patients of a page were followed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from IPython.display import HTML

from analysis.estimators.curves import follow_up
from analysis.pages.guards import where_it_applies
from analysis.pages.section import Section, table
from analysis.tables.estimates import Result, not_estimable
from analysis.tables.html.view import View
from analysis.tables.range_sentences import across
from analysis.tables.sentences import number


class FollowUp(Section):
    """Follow-up of groups."""

    @table
    @where_it_applies
    def follow_up(self, groups: Mapping[str, str], *, endpoint: str, at: float, caption: str, population: str = "all") -> View | HTML:
        """Follow-up of each group: median by the reverse Kaplan-Meier estimate, and how many are still followed at a time.

        Parameters
        ----------
        groups : mapping of label to condition
        endpoint : str
        at : float
            Months.
        caption, population : str
        """
        results = []
        for label, where in groups.items():
            found = self.page.over(
                lambda frame, where=where: self._followed_up(frame[self.page.met(frame, where)], endpoint, at), population
            )
            if "at_risk" not in found:
                results.append(not_estimable(label, found["value"].why))
                continue
            n, events = across(found["n"], "patients"), across(found["events"])
            quartiles = " and ".join(across(found[end], "", lambda value: number(value, 1)) for end in ("lower", "upper"))
            remark = f"{n}, {events} with the event; quartiles {quartiles}"
            results.append(
                Result(
                    f"{label}: median follow-up", found["value"].reference, range=found["value"], decimals=1, unit=" months", remark=remark
                )
            )
            results.append(
                Result(
                    f"{label}: still followed at {at:g} months",
                    found["at_risk"].reference,
                    range=found["at_risk"],
                    decimals=0,
                    remark=f"of {across(found['n'])}",
                )
            )
        return self.page.results_table(results, f"{caption} (reverse Kaplan–Meier estimate)")

    def _followed_up(self, frame: pd.DataFrame, endpoint: str, at: float) -> dict[str, float]:
        time, event, _ = self.page.times(frame, endpoint)
        found = follow_up.summarise(time, event, over="reverse-kaplan-meier")
        return {
            "value": found.median,
            "lower": found.lower_quartile,
            "upper": found.upper_quartile,
            "n": found.n,
            "events": int(event.sum()),
            "at_risk": int((time >= at).sum()),
        }
