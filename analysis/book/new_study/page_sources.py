"""Page sources of a study, generated from its declarations, its layouts and the places of its printed numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.book.new_study.checklists import GUIDELINES
from analysis.book.new_study.endpoint_sources import endpoint_source, grouped_source
from analysis.book.new_study.source_text import HEADER, code_cell, in_sentence, page_text, population_of_level, whole_population
from analysis.book.new_study.summary_source import ABSTRACT, summary_source
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.ledger.registers.table_layouts import Layout
from analysis.ledger.rows.row import Ledger
from analysis.paths import shorten_path

_NUMBERED = re.compile(r"(\D*)(\d*)")


@dataclass(frozen=True)
class Source:
    """A page: its name below the study's folder, its title in the contents, its text."""

    name: str
    title: str
    text: str


def page_sources(study: Study, layouts: Mapping[str, Layout], ledger: Ledger) -> list[Source]:
    """Every page that a study's declarations ask for, in reading order.

    Raises
    ------
    InputError
        A grouping has a level of which no population is declared, or no design is declared.
    """
    _check(study)
    found = [Source("summary", "Summary", summary_source(study, layouts, ledger))]
    for name, layout in sorted(layouts.items(), key=lambda one: _as_printed(one[1].source)):
        if name != ABSTRACT:
            found.append(Source(f"table_{name}", layout.source, _table(study, name, layout)))
    for name, endpoint in study.endpoints.items():
        found.append(Source(name, endpoint.label, endpoint_source(study, name)))
        for grouping, declared in study.groupings.items():
            if declared.table == endpoint.table:
                label = in_sentence(declared.label)
                found.append(Source(f"{name}_by_{grouping}", f"{endpoint.label} by {label}", grouped_source(study, name, grouping)))
    guideline = GUIDELINES[study.design]
    return [
        *found,
        Source("reporting", "Reporting checklist", _reporting(study, ledger, guideline)),
        Source("findings", "Findings", _register(study, "Findings", _FINDINGS, "page.table.findings()")),
        Source("claims", "Claims", _register(study, "Claims", _CLAIMS, "page.table.claims()")),
        Source("data", "Data dictionary", _data(study)),
        Source("audit", "Audit", _register(study, "Audit", _AUDIT, "page.table.audit()")),
    ]


def _as_printed(source: str) -> tuple[bool, list[tuple[str, int]]]:
    """Key that orders tables by their numbers, before figures: Table 1, Table 2, Table 10, Fig. 3."""
    numbered = [(words, int(number or 0)) for words, number in _NUMBERED.findall(source)]
    return not source.lower().startswith("table"), numbered


def _check(study: Study) -> None:
    file, faults = shorten_path(study.folder / "study.yml"), []
    if not study.design:
        faults.append(Fault(file, "design", f"one of {', '.join(GUIDELINES)}", "none"))
    for grouping in study.groupings:
        for level in study.levels_of(grouping):
            if population_of_level(study, grouping, level) is None:
                expected = f'one of {grouping}={level}, for instance  {{where: "{grouping}={level}", label: {level}}}'
                faults.append(Fault(file, "populations", expected, "none"))
    for table in dict.fromkeys(endpoint.table for endpoint in study.endpoints.values()):
        if whole_population(study, table) is None:
            faults.append(Fault(file, "populations", f"one of everybody in the table {table}, without `where`", "none"))
    if faults:
        raise InputError(faults)


def _table(study: Study, name: str, layout: Layout) -> str:
    body = [
        "Each number is recomputed: percentages, totals and P values follow from the printed counts alone.",
        "Where the recomputed number differs from the printed one, both are shown; every mark links to the entry in the [audit](audit.md) that explains it.\n",
        code_cell(f'page.table.paper("{name}")'),
        "With few patients, a non-significant test does not show that there is no difference.\n",
    ]
    return page_text(study, f"{layout.source}: {layout.caption}", body, {})


def _reporting(study: Study, ledger: Ledger, guideline) -> str:
    rows = "".join(f"| {item} | {NOT_ASSESSED} | {NOT_ASSESSED} | – |\n" for item in guideline.items)
    body = [
        f"{guideline.said}",
        "It concerns the reporting of the study, not the care of the patients: what is not reported may well have been done.",
        "Items are paraphrased.\n",
        f"## {guideline.name}\n",
        f"| Item | Reported | Not reported | In this book |\n| --- | --- | --- | --- |\n{rows}",
    ]
    places = list(dict.fromkeys(row.id.split(".")[0] for row in ledger))
    if places:
        listed = ", ".join(f'"{_place(ledger, place)}": ["{place}"]' for place in places)
        body += [
            "## Parts of the paper\n",
            "The [audit](audit.md) lists each number.\n",
            code_cell(f'page.table.verdicts_by_part({{{listed}}}, caption="Printed numbers of each part of the paper by verdict")'),
        ]
    return page_text(study, f"Reporting checklist: {study.label}", body, {})


NOT_ASSESSED = "not assessed yet"
"""Cell of a checklist that nobody has filled."""


def _place(ledger: Ledger, place: str) -> str:
    """Where the numbers of a place stand: their first source, made different from those of other places."""
    source = next(row.source for row in ledger if row.id.split(".")[0] == place)
    return f"{source} ({place})".replace('"', "'")


def _register(study: Study, heading: str, prose: str, call: str) -> str:
    return page_text(study, f"{heading}: {study.label}", [prose, code_cell(call)], {})


_FINDINGS = """Printed numbers that cannot be taken at face value: they disagree with one another, with their own arithmetic, with their label, or with the stated method.
A finding is about printed numbers, not about people, and most have an ordinary explanation.
If a finding is our own mistake, correcting one number of the ledger removes it from the next build.

## Before you quote the paper
"""

_CLAIMS = """The paper’s conclusions in our words, the printed numbers behind each, and whether those numbers support it.
*Supported* means supported by the printed numbers; *not testable* means that nothing printed could decide the question.

## Claims, one by one
"""

_AUDIT = """Every number that the paper prints, in order: as printed, as recomputed, the verdict, and the evidence behind it.
[How to read a verdict](../../book/guide/reading.md) explains the terms.
Search, filter by verdict, evidence, place or statistic, and sort by any column; the address of a row stays the same from one version of the book to the next.
"""


def _data(study: Study) -> str:
    code = "from analysis.cohorts.study import read_study\nfrom analysis.tables.data_dictionary import data_dictionary\n\ndata_dictionary(read_study(study))"
    return "\n".join(
        [
            HEADER,
            f"# Data dictionary: {study.label}\n",
            code_cell(f'study = "{study.slug}"', "parameters"),
            f"The variables of this study, generated from the declaration (`data/{study.slug}/study.yml`) against which every file is checked: the reconstructed cohort and [your own](../../book/guide/own-cohort.md).",
            "The last column says what a cohort of your own must contain: *needed* columns are required; the others are optional, and analyses that use a missing column are omitted.\n",
            code_cell(code),
            "A condition joins clauses by `&`: `variable=level`, `variable!=level`, comparisons with a number, `|` between levels that are all meant, and `?` for missing.",
            "Truth values are written 1 and 0.\n",
        ]
    )
