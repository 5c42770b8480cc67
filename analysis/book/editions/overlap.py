"""Pages of one protected cohort that would tell of few patients by what their selections differ in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.book import redaction
from analysis.book.sources import notebooks
from analysis.book.sources.book_page import Page
from analysis.errors import Fault
from analysis.parameters import declarations


def faults(pages: Sequence[Page], source: str) -> list[Fault]:
    """One fault for each pair of pages whose selections differ by fewer patients than the threshold, or whose ranges differ.

    Ranges of five and of six numbers, or intervals of three and of four months, tell more together than either does.

    Parameters
    ----------
    pages : sequence of Page
    source : str
        Where they were declared, for the messages.
    """
    groups: dict[tuple, list[tuple[str, Mapping[str, Any]]]] = {}
    for page in pages:
        if not redaction.protected(page.values):
            continue
        values = (
            {name: one.default for name, one in declarations.list_parameters().items()}
            | notebooks.declared_values(notebooks.read(page.source), source)
            | dict(page.values)
        )
        groups.setdefault((values["study"], redaction.place(values)), []).append((page.name, values))
    return [fault for same in groups.values() for fault in (*_of_several_ranges(same, source), *_of_one_cohort(same, source))]


def _of_several_ranges(pages: Sequence[tuple[str, Mapping[str, Any]]], source: str) -> Iterator[Fault]:
    first, values = pages[0]
    for parameter in ("threshold", "coarsening"):
        other = next((name for name, one in pages if one[parameter] != values[parameter]), None)
        if other:
            yield Fault(
                source,
                f"parameter {parameter} of {first} and {other}",
                "one value for all pages of the same patients (or -p disclosure=local)",
                "two, whose ranges together would disclose more than either",
            )


def _of_one_cohort(pages: Sequence[tuple[str, Mapping[str, Any]]], source: str):
    from analysis.cohorts.importing.checking import read_cohort  # costly, and only own cohorts need it
    from analysis.cohorts.protection.counts import Protection
    from analysis.cohorts.protection.released import alike
    from analysis.cohorts.selection import Selection
    from analysis.cohorts.study import read_study

    _, first = pages[0]
    study = read_study(first["study"])
    asked = [Selection(values["where"], values["first_enrolments"]) for _, values in pages]
    distinct = list(dict.fromkeys(asked))
    if len(distinct) < 2:
        return
    how = Protection(first["threshold"], first["coarsening"])
    file = redaction.place(first)
    if file is None:
        return
    pairs = alike(study, read_cohort(study, file), how, [selection.condition(study) for selection in distinct])
    for one, other in pairs:
        named = [next(name for (name, _), selection in zip(pages, asked, strict=True) if selection == distinct[at]) for at in (one, other)]
        expected = f"selections of the same patients, or that differ by at least {how.threshold} of them (or -p disclosure=local)"
        yield Fault(source, f"parameter where of {named[0]} and {named[1]}", expected, "fewer: the two pages together would disclose these")
