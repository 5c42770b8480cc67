"""The first page of a sweep: its scenarios side by side, what became of each, and plots of the chosen statistics."""

from __future__ import annotations

import json
from html import escape

from analysis import paths
from analysis.figures.scenarios import scenarios_figure
from analysis.figures.style import RECONSTRUCTED
from analysis.publishing import own_file
from analysis.publishing.asked import is_own
from analysis.publishing.contents import Page
from analysis.publishing.provenance import spelled
from analysis.publishing.statistics import known_statistics
from analysis.publishing.sweeps import Sweep
from analysis.publishing.titles import as_markdown


def statistics_file(page: Page):
    """Where a scenario's statistics stand, once it is done."""
    return paths.BUILD / "statistics" / f"{page.name}.json"


def first_page(sweep: Sweep) -> str:
    """Markdown of the page; every text from outside is escaped."""
    found = {name: _statistics(sweep, name) for name in sweep.scenarios}
    done = sum(values is not None for values in found.values())
    told = f"{done} of {len(found)} scenarios are finished." + ("" if done == len(found) else " The others failed; their rows say so.")
    own = all(is_own(page.values.get("cohort")) for page in sweep.pages)
    whose = "" if own else f"Unless a scenario names a cohort of the reader's own, its patients are *{RECONSTRUCTED}*."
    blocks = [f"# {as_markdown(sweep.title)}", as_markdown(sweep.about), told, whose, "Scenarios are choices of the reader, not samples: their spread has no probability meaning.", _table(sweep, found)]
    meanings = known_statistics(_study(sweep))
    for name in sweep.statistics:
        values = {scenario: (one or {}).get(name) for scenario, one in found.items()}
        if any(isinstance(value, str) for value in values.values()):
            blocks.append(f"{escape(name)}: ranges that hold the exact value, to protect the patients; they stand in the table and are not drawn.")
            continue
        try:
            figure = scenarios_figure(values, title=f"{name}: {meanings[name]}"[:110], ylabel=name, reconstructed=not own)
        except ValueError:
            blocks.append(f"No scenario has a value of {escape(name)}.")
            continue
        blocks.append(f"```{{raw}} html\n{figure._repr_html_()}\n```")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _study(sweep: Sweep) -> str | None:
    from analysis.publishing import notebooks

    page = sweep.pages[0]
    return page.values.get("study") or notebooks.declared_values(notebooks.read(page.source), "").get("study")


def _statistics(sweep: Sweep, scenario: str) -> dict | None:
    """Statistics of a scenario; None if it is not finished."""
    files = [statistics_file(page) for page in sweep.pages if page.name.startswith(f"scenarios/{scenario}/")]
    if not all(file.is_file() for file in files):
        return None
    return {name: value for file in files for name, value in json.loads(file.read_text(encoding="utf-8")).items()}


def _table(sweep: Sweep, found: dict[str, dict | None]) -> str:
    heads = ["No.", "Scenario", "Parameters", *sweep.statistics]
    lines = []
    for number, (name, values) in enumerate(sweep.scenarios.items(), 1):
        given = ", ".join(f"{key} = {spelled(value) or 'everybody'}" for key, value in own_file.veiled(values).items())
        pages = [page for page in sweep.pages if page.name.startswith(f"scenarios/{name}/")]
        links = " ".join(f'<a href="{escape(page.name)}.html">{escape(page.source.stem)}</a>' for page in pages) if found[name] is not None else "failed"
        cells = [_number((found[name] or {}).get(statistic)) for statistic in sweep.statistics]
        lines.append(f'<tr><td>{number}</td><th scope="row">{escape(name)}: {links}</th><td>{escape(given)}</td>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>\n" + "\n".join(lines) + "\n</tbody></table>"
    return f"```{{raw}} html\n<div class=\"exhibit exhibit-table\">{table}</div>\n```"


def _number(value: float | str | None) -> str:
    if isinstance(value, str):
        return escape(value)
    return "—" if value is None else f"{value:.4g}"
