"""The first page of a sweep: its scenarios side by side, what each parameter changed, and plots of the chosen statistics."""

from __future__ import annotations

import json
from collections import defaultdict
from html import escape
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.book import built_book, redaction
from analysis.book.editions.scenario_statistics import known_statistics
from analysis.book.editions.sweeps import Sweep
from analysis.book.html import sweep_table
from analysis.book.html.sweep_table import DONE, FAILED, NUMBER, PARTS, SCENARIO, STATE
from analysis.book.provenance import spell_value
from analysis.book.sources.book_page import Page
from analysis.book.sphinx.titles import as_markdown
from analysis.errors import Undefined
from analysis.figures.plots.scenarios import curves_figure, estimates_figure
from analysis.figures.style import RECONSTRUCTED
from analysis.parameters.validation import is_own

MOST_CURVES = 12
"""Different curves that are laid over one another; more cannot be told apart."""

RATIOS = ("Hazard ratio", "Odds ratio")
"""How the meaning of a statistic begins that is drawn on a logarithmic axis."""


def statistics_file(page: Page):
    """Where a scenario's statistics stand, once it is done."""
    return built_book.current().folder / "statistics" / f"{page.name}.json"


class Filling(NamedTuple):
    """What is there of a sweep that is still going on.

    Attributes
    ----------
    found : dict of str to dict or None
        Statistics and curves by scenario; None of one that is not finished.
    states : dict of str to str
        In a word, of those that are not finished.
    addresses : dict of str to str
        Of the pages that are finished, by the name of the page.
    """

    found: dict[str, dict[str, Any] | None]
    states: dict[str, str]
    addresses: dict[str, str]


def first_page(sweep: Sweep, filling: Filling | None = None) -> str:
    """Markdown of the page; every text from outside is escaped.

    Parameters
    ----------
    sweep : Sweep
    filling : Filling, optional
        What is there so far; by default what stands in the folder of a sweep that has ended.
    """
    found = filling.found if filling else {name: _read_scenario(sweep, name) for name in sweep.scenarios}
    done = sum(values is not None for values in found.values())
    others = "Rows say what the others wait for." if filling else "The others failed; their rows say so."
    told = f"{done} of {len(found)} scenarios are finished." + ("" if done == len(found) else f" {others}")
    own = all(is_own(page.values.get("cohort")) for page in sweep.pages)
    whose = "" if own else f"Unless a scenario names a cohort of the reader's own, its patients are *{RECONSTRUCTED}*."
    given = _parameters(sweep)
    frame = _frame(sweep, given, found, filling.states if filling else {})
    blocks = [
        f"# {as_markdown(sweep.title)}",
        as_markdown(sweep.about),
        told,
        whose,
        "Scenarios are choices of the reader, not samples: their spread has no probability meaning.",
    ]
    blocks += [f"{sentence}." for sentence in find_changed_parameters(given, found)]
    known = known_statistics(_study(sweep))
    meanings = {name: known[name][:1].upper() + known[name][1:] for name in sweep.statistics}
    blocks.append(
        _raw(sweep_table.table(frame, list(given), meanings, _links(sweep, found, filling.addresses if filling else {}), "Scenarios"))
    )
    blocks += [_draw(frame, given, name, meanings[name], not own) for name in sweep.statistics]
    blocks.append(_curves(given, found, not own))
    return "\n\n".join(block for block in blocks if block) + "\n"


def find_changed_parameters(given: dict[str, list[str]], found: dict[str, dict | None]) -> list[str]:
    """Which parameters changed no statistic, all others being the same, and which changed some.

    Parameters
    ----------
    given : dict of str to list of str
        Values of each parameter, one a scenario.
    found : dict of str to dict or None
        What each scenario gave, in the same order.

    Returns
    -------
    list of str
        At most two sentences; a parameter that never varies alone is in neither.
    """
    outcomes = [None if one is None else _outcome(one) for one in found.values()]
    told: dict[bool, list[str]] = {False: [], True: []}
    for name in given:
        alike = defaultdict(list)
        for place, outcome in enumerate(outcomes):
            if outcome is not None:
                alike[tuple(values[place] for other, values in given.items() if other != name)].append((given[name][place], outcome))
        pairs = [group for group in alike.values() if len({value for value, _ in group}) > 1]
        if pairs:
            told[any(len({outcome for _, outcome in group}) > 1 for group in pairs)].append(name)
    words = {True: "Changed a statistic or a curve", False: "Changed nothing"}
    return [f"{words[moved]}: {', '.join(names)}" for moved, names in told.items() if names]


def _outcome(found: dict[str, Any]) -> str:
    """What a scenario gave as text to compare; why a value is missing is no part of it, as reasons name parameters."""
    kept = {name: one and {part: value for part, value in one.items() if part != "reason"} for name, one in found["statistics"].items()}
    return json.dumps(found | {"statistics": kept}, sort_keys=True)


def _parameters(sweep: Sweep) -> dict[str, list[str]]:
    """Values, as they are spelled, of every parameter that some scenario is given, one a scenario."""
    names = list(dict.fromkeys(name for values in sweep.scenarios.values() for name in values))
    shown = [redaction.redact_parameters(values) for values in sweep.scenarios.values()]
    return {name: [(spell_value(values[name]) or "everybody") if name in values else "as published" for values in shown] for name in names}


def _study(sweep: Sweep) -> str | None:
    from analysis.book.sources import notebooks

    page = sweep.pages[0]
    return page.values.get("study") or notebooks.declared_values(notebooks.read(page.source), "").get("study")


def _read_scenario(sweep: Sweep, scenario: str) -> dict[str, Any] | None:
    """Statistics and curves of a scenario; None if it is not finished."""
    files = [statistics_file(page) for page in sweep.pages if page.name.startswith(f"scenarios/{scenario}/")]
    if not all(file.is_file() for file in files):
        return None
    read = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return {part: {name: value for one in read for name, value in one[part].items()} for part in ("statistics", "curves")}


def _frame(sweep: Sweep, given: dict[str, list[str]], found: dict[str, dict | None], states: dict[str, str]) -> pd.DataFrame:
    """One row a scenario, as `sweep_table.table` takes it."""
    rows = []
    for place, (name, one) in enumerate(found.items()):
        row = {NUMBER: place + 1, SCENARIO: name, STATE: states.get(name, FAILED) if one is None else DONE} | {
            key: values[place] for key, values in given.items()
        }
        for statistic in sweep.statistics:
            estimate = ((one or {}).get("statistics") or {}).get(statistic) or {}
            row |= {f"{statistic} {part}": estimate.get(part) for part in PARTS}
        rows.append(row)
    return pd.DataFrame(
        rows, columns=[NUMBER, SCENARIO, STATE, *given, *(f"{statistic} {part}" for statistic in sweep.statistics for part in PARTS)]
    ).astype(object)


def _links(sweep: Sweep, found: dict[str, dict | None], addresses: dict[str, str]) -> list[str]:
    """HTML of each scenario's name, leading to its pages if it is finished; a name made from parameters, which have columns, is left out."""
    told = []
    for name, one in found.items():
        pages = [page for page in sweep.pages if page.name.startswith(f"scenarios/{name}/")]
        links = " ".join(
            f'<a href="{escape(addresses.get(page.name, page.name + ".html"))}">{escape(page.source.stem)}</a>' for page in pages
        )
        told.append(escape(name) if one is None else links if sweep.named_by_parameters else f"{escape(name)}: {links}")
    return told


def _axes(given: dict[str, list[str]]) -> list[str]:
    """Parameters that vary, those with most values first: axis, colour and panels of a plot."""
    varying = [name for name, values in given.items() if len(set(values)) > 1]
    return sorted(varying, key=lambda name: -len(set(given[name])))[:3]


def _draw(frame: pd.DataFrame, given: dict[str, list[str]], name: str, meaning: str, reconstructed: bool) -> str:
    """A statistic against the parameters that vary."""
    if frame[f"{name} text"].notna().any() and frame[f"{name} text"].astype(bool).any():
        return f"{escape(meaning)}: ranges that include the exact value, to protect the patients; they are in the table and are not drawn."
    along = _axes(given) or [SCENARIO]
    drawn = pd.DataFrame(
        {part: pd.to_numeric(frame[f"{name} {part}"]).astype(float) for part in ("value", "lower", "upper")}
        | {key: frame[key].astype(str) for key in along}
    )
    try:
        figure = estimates_figure(
            drawn, along, title=meaning, ylabel=_axis_label(name, meaning), ratio=meaning.startswith(RATIOS), reconstructed=reconstructed
        )
    except Undefined:
        reasons = list(dict.fromkeys(reason for reason in frame[f"{name} reason"] if reason))
        return f"{escape(meaning)}: no scenario has a value{': ' if reasons else ''}{escape('; '.join(reasons))}."
    return _raw(figure._repr_html_())


def _axis_label(name: str, meaning: str) -> str:
    """Label of a statistic's axis: its meaning where that is short, else its name, as the title holds the meaning."""
    return meaning if len(meaning) <= 36 else name


def _curves(given: dict[str, list[str]], found: dict[str, dict | None], reconstructed: bool) -> str:
    """Curves of all scenarios, equal ones once, by the parameters that vary."""
    varying, rows = _axes(given), []
    seen: dict[str, tuple[str, Any, list[int]]] = {}
    for place, one in enumerate(found.values()):
        if one is not None and one["curves"]:
            label = ", ".join(f"{name} {given[name][place]}" for name in varying) or f"scenario {place + 1}"
            seen.setdefault(json.dumps(one["curves"], sort_keys=True), (label, one["curves"], []))[2].append(place + 1)
    if not 1 < len(seen) <= MOST_CURVES:
        return (
            ""
            if not seen
            else "All scenarios have the same curves."
            if len(seen) == 1
            else f"{len(seen)} different curves: too many to overlay."
        )
    for label, curves, places in seen.values():
        named = label if len(places) == 1 else f"No. {', '.join(map(str, places))}"
        for group, curve in curves.items():
            rows.append(
                pd.DataFrame({"scenario": named, "group": group, "time": curve["time"], "survival": 100 * np.array(curve["survival"])})
            )
    return _raw(
        curves_figure(
            pd.concat(rows, ignore_index=True),
            title="Kaplan–Meier estimates of the scenarios",
            ylabel="Survival, percent",
            reconstructed=reconstructed,
        )._repr_html_()
    )


def _raw(html: str) -> str:
    return f"```{{raw}} html\n{html}\n```"
