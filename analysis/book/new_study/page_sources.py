"""Page sources of a study, generated from its declarations, its layouts and the places of its printed numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.book.new_study.checklists import GUIDELINES
from analysis.cohorts import conditions
from analysis.cohorts.scales import PER_MONTH
from analysis.cohorts.study import Study
from analysis.errors import Fault, InputError
from analysis.ledger.registers.findings_and_claims import Layout
from analysis.ledger.rows.row import Ledger
from analysis.paths import shown

#: Place of numbers of the abstract: the first word of their ids.
ABSTRACT = "abs"


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
    found = [Source("summary", "Summary", _summary(study, layouts, ledger))]
    for name, layout in layouts.items():
        if name != ABSTRACT:
            found.append(Source(f"table_{name}", layout.source, _table(study, name, layout)))
    for name, endpoint in study.endpoints.items():
        found.append(Source(name, endpoint.label, _endpoint(study, name)))
        for grouping, declared in study.groupings.items():
            if declared.table == endpoint.table:
                label = _within(declared.label)
                found.append(Source(f"{name}_by_{grouping}", f"{endpoint.label} by {label}", _grouped(study, name, grouping)))
    guideline = GUIDELINES[study.design]
    return [
        *found,
        Source("reporting", "Reporting checklist", _reporting(study, ledger, guideline)),
        Source("findings", "Findings", _register(study, "Findings", _FINDINGS, "page.table.findings()")),
        Source("claims", "Claims", _register(study, "Claims", _CLAIMS, "page.table.claims()")),
        Source("data", "Data dictionary", _data(study)),
        Source("audit", "Audit", _register(study, "Audit", _AUDIT, "page.table.audit()")),
    ]


def population_of_level(study: Study, grouping: str, level: str) -> str | None:
    """The declared population that holds exactly the patients of one level of a grouping."""
    asked = conditions.parse(f"{grouping}={level}").canonical
    table = study.groupings[grouping].table
    return next((name for name, one in study.populations.items() if one.table == table and one.condition.canonical == asked), None)


def whole_population(study: Study, table: str) -> str | None:
    """The declared population that holds everybody of a table."""
    return next((name for name, one in study.populations.items() if one.table == table and not one.condition.clauses), None)


def _check(study: Study) -> None:
    file, faults = shown(study.folder / "study.yml"), []
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


def _within(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _cell(code: str, tags: str = "") -> str:
    return "```{code-cell} ipython3\n" + (f":tags: [{tags}]\n\n" if tags else "") + code + "\n```\n"


def _page(study: Study, heading: str, body: list[str], parameters: Mapping[str, object], first: str = "page.notice()") -> str:
    """A notebook source: header, title, parameters, opening cell, body."""
    given: dict[str, object] = {"study": study.slug, "cohort": None, **parameters}
    assigned = "\n".join(f"{name} = {_python(value)}" for name, value in given.items())
    opening = f"from analysis.pages.page import Page\n\npage = Page()\n{first}"
    return "\n".join([_HEADER, f"# {heading}\n", _cell(assigned, "parameters"), _cell(opening), *body]).rstrip("\n") + "\n"


def _python(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _text(value: str) -> str:
    """A label as a Python string."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _horizon(study: Study) -> float:
    """Follow-up that figures show, months."""
    return round(float(study.horizon or 36.0 * PER_MONTH[study.time_unit]) / PER_MONTH[study.time_unit], 2)


_HEADER = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""


def _summary(study: Study, layouts: Mapping[str, Layout], ledger: Ledger) -> str:
    body = ["## What was studied\n", _cell(_design_table(study))]
    if ABSTRACT in layouts:
        body += ["## Main results, recomputed\n", _RECOMPUTED, _cell(f'page.table.paper("{ABSTRACT}")')]
    elif any(row.id.startswith(f"{ABSTRACT}.") for row in ledger):
        call = f'page.table.rows(*page.ids("{ABSTRACT}"), caption="Numbers of the abstract, printed and recomputed")'
        body += ["## Main results, recomputed\n", _RECOMPUTED, _cell(call)]
    parameters: dict[str, object] = {}
    for name, endpoint in study.endpoints.items():
        if not endpoint.competing:
            body.append(_cell(_curve(study, name, endpoint.label, over_cohorts=False, figure=f"summary-{name.replace('_', '-')}")))
            parameters = {"horizon": _horizon(study), "level": 0.95, "interval": None}
            break
    body += [
        "## How the printed numbers fared\n",
        _cell("page.table.verdicts()"),
        "Results recomputed from *counts* alone, and results that were {term}`withheld` and predicted by every cohort, test the paper; agreement of a *cohort* with a number that was used to make it does not ([how to read a verdict](../../book/guide/reading.md)).\n",
        "## What the abstract concludes\n",
        _cell('page.table.conclusions("Abstract")'),
        "## What to know before quoting it\n",
        _cell("page.table.main_findings()"),
        "[Findings](findings.md) lists all of them, with possible explanations.\n",
        "## Caveats\n",
        *(f"- {line}" for line in _caveats(study)),
    ]
    return _page(study, f"Summary: {study.label}", body, parameters, "page.together(page.sentence.citation(), page.notice())")


_RECOMPUTED = (
    "Each number is recomputed from printed counts or from the reconstruction; where the recomputed number differs from the printed one, "
    "both are shown, and the mark links to the entry in the [audit](audit.md).\n"
)


def _caveats(study: Study) -> Iterator[str]:
    if study.design == "trial":
        yield "Patients were allocated at random to the groups of the main comparison; subgroups formed after the start of follow-up were not."
        yield "A difference that is not significant does not show that the groups are equivalent: the confidence interval says what is compatible with the data."
    elif study.design == "prognostic":
        yield "An association of a marker with the outcome is no effect of changing the marker."
        yield "Cut-offs and models that were chosen on the same patients fit them better than they will fit others."
    else:
        yield "Groups that were not formed at random differ in more than the treatment; a difference in outcome is an association."
        yield "Groups defined by what happened during follow-up give immortal time to those who reached it ({term}`immortal time`)."
    yield "The patients shown were reconstructed: they are compatible with the printed numbers, and so would others be."


def _design_table(study: Study) -> str:
    designs = {
        "cohort": "Cohort study",
        "trial": "Randomised trial" if any(one.randomised for one in study.groupings.values()) else "Clinical trial",
        "prognostic": "Study of prognostic markers",
    }
    rows = [("Design", designs[study.design]), ("Times counted from", study.origin)]
    rows += [("Endpoints", "; ".join(endpoint.label for endpoint in study.endpoints.values()))] if study.endpoints else []
    for name, grouping in study.groupings.items():
        how = " (randomised)" if grouping.randomised else ""
        rows.append((f"{grouping.label}{how}", f"{', '.join(study.levels_of(name))}; reference {study.reference_of(name)}"))
    rows.append(("Software", ", ".join(study.software) or "not named"))
    listed = "".join(f"        ({_text(head)}, {_text(cell)}),\n" for head, cell in rows if cell)
    return f'page.table.definitions(\n    [\n{listed}    ],\n    heads=("", "As described"), caption="The study in brief",\n)'


def _table(study: Study, name: str, layout: Layout) -> str:
    body = [
        "Each number is recomputed: percentages, totals and P values follow from the printed counts alone.",
        "Where the recomputed number differs from the printed one, both are shown; every mark links to the entry in the [audit](audit.md) that explains it.\n",
        _cell(f'page.table.paper("{name}")'),
        "With few patients, a non-significant test does not show that there is no difference.\n",
    ]
    return _page(study, f"{layout.source}: {layout.caption}", body, {})


def _curve(study: Study, endpoint: str, title: str, grouping: str = "", over_cohorts: bool = True, figure: str = "") -> str:
    """The call that draws an endpoint: survival, or cumulative incidence where another event competes."""
    declared = study.endpoints[endpoint]
    if grouping:
        groups = {study.populations[name].label: name for name in _populations(study, grouping)}
    else:
        whole = whole_population(study, declared.table) or ""
        groups = {study.populations[whole].label: whole}
    curves = ", ".join(f'{_text(label)}: ("{endpoint}", "{population}")' for label, population in groups.items())
    name = figure or (f"{endpoint}-by-{grouping}" if grouping else endpoint).replace("_", "-")
    further = f'competing="{declared.competing}", ' if declared.competing else ""
    ending = "" if over_cohorts or declared.competing else ", over_cohorts=False"
    ylabel = f"ylabel={_text(declared.label)}, "
    kind = "incidence" if declared.competing else "survival"
    return f'page.figure.{kind}({{{curves}}}, {further}title={_text(title)}, {ylabel}name="{name}"{ending})'


def _populations(study: Study, grouping: str) -> list[str]:
    return [population_of_level(study, grouping, level) or "" for level in study.levels_of(grouping)]


def _endpoint(study: Study, name: str) -> str:
    declared = study.endpoints[name]
    horizon, whole = _horizon(study), whole_population(study, declared.table) or ""
    told = [f"Times are counted from {declared.origin}." if declared.origin else ""]
    if declared.competing:
        told.append(
            f"Another event competes with this one ({_within(_meaning(study, name))}); the cumulative incidence is the Aalen–Johansen estimate."
        )
    told.append(
        "The curves are those of a cohort [reconstructed](../../book/guide/reconstruction.md) from the printed numbers; hollow marks with bars are the printed estimates."
    )
    body = [
        "\n".join(filter(None, told)) + "\n",
        _cell(_curve(study, name, declared.label)),
        "## Printed and recomputed\n",
        _cell(f'page.table.endpoint_numbers("{name}", caption={_text(f"{declared.label}, all patients")})'),
        "## Follow-up\n",
        _cell(
            f'page.table.follow_up({{{_text(study.populations[whole].label)}: ""}}, endpoint="{name}", at={horizon}, population="{whole}", caption="Follow-up")'
        ),
    ]
    used: dict[str, object] = {"horizon": horizon, "level": 0.95, **({} if declared.competing else {"interval": None})}
    return _page(study, f"{declared.label}: {study.label}", body, used)


def _meaning(study: Study, endpoint: str) -> str:
    declared = study.endpoints[endpoint]
    return study.variables[declared.table][declared.competing].meaning or declared.competing


def _grouped(study: Study, name: str, grouping: str) -> str:
    declared, groups = study.endpoints[name], study.groupings[grouping]
    reference, whole = study.reference_of(grouping), whole_population(study, declared.table) or ""
    others = [level for level in study.levels_of(grouping) if level != reference]
    comparisons = "".join(
        f'    {_text(f"{level} versus {reference}")}: ("{name}", "{grouping}", ({_text(level)}, {_text(reference)})),\n' for level in others
    )
    title = f"{declared.label} by {_within(groups.label)}"
    how = (
        "Patients were allocated to these groups at random."
        if groups.randomised
        else "These groups were not formed at random: a difference between them is an association."
    )
    body = [
        f"{how}\n",
        _cell(_curve(study, name, title, grouping)),
        "## Printed and recomputed\n",
        _cell(f'page.table.endpoint_numbers("{name}", by="{grouping}", caption={_text(title)})'),
        "## Comparisons\n",
    ]
    if declared.competing:
        body.append("Hazard ratios below are cause-specific: patients who have the competing event are censored then.\n")
    what = _text(_event(study, name))
    called = ",\n    ".join(
        f'page.sentence.hazard_ratio({what}, endpoint="{name}", by="{grouping}", groups=({_text(level)}, {_text(reference)}), population="{whole}")'
        for level in others
    )
    means = f'    page.table.restricted_mean_differences(compared, population="{whole}", caption="Restricted mean survival time, difference"),\n'
    means = "" if declared.competing else means  # which takes the competing event for censoring
    body += [
        _cell(
            f"compared = {{\n{comparisons}}}\n"
            f'page.together(\n    page.table.hazard_ratios(compared, population="{whole}", caption="Hazard ratios, with the range over these cohorts"),\n    {called},\n)'
        ),
        "## Checks\n",
        _cell(
            f"page.together(\n{means}"
            f'    page.table.proportional_hazards_tests(compared, population="{whole}", caption="Checks of proportional hazards"),\n'
            f'    page.table.detectable_hazard_ratios(compared, population="{whole}", caption="Minimum detectable hazard ratio (Schoenfeld)"),\n)'
        ),
        "With few events, a check that finds no departure does not show that hazards are proportional.\n",
    ]
    used: dict[str, object] = {"horizon": _horizon(study), "level": 0.95, **({} if declared.competing else {"interval": None})}
    return _page(study, f"{title}: {study.label}", body, used | {"ties": "breslow"})


def _event(study: Study, name: str) -> str:
    """What happens at an endpoint, for a sentence."""
    label = _within(study.endpoints[name].label)
    if study.endpoints[name].competing:
        return label
    return "death" if label == "overall survival" else f"an event of {label}"


def _reporting(study: Study, ledger: Ledger, guideline) -> str:
    rows = "".join(f"| {item} | {NOT_ASSESSED} | {NOT_ASSESSED} | – |\n" for item in guideline.items)
    body = [
        f"{guideline.said}",
        "It concerns the reporting of the study, not the care of the patients: what is not reported may well have been done.",
        "Items are paraphrased.\n",
        f"## {guideline.name}\n",
        f"| Item | Where the paper meets it | What is missing | What this book adds |\n| --- | --- | --- | --- |\n{rows}",
    ]
    places = list(dict.fromkeys(row.id.split(".")[0] for row in ledger))
    if places:
        listed = ", ".join(f'"{_place(ledger, place)}": ["{place}"]' for place in places)
        body += [
            "## Parts of the paper\n",
            "The [audit](audit.md) lists each number.\n",
            _cell(f'page.table.verdicts_by_part({{{listed}}}, caption="Printed numbers of each part of the paper by verdict")'),
        ]
    return _page(study, f"Reporting checklist: {study.label}", body, {})


NOT_ASSESSED = "not assessed yet"
"""Cell of a checklist that nobody has filled."""


def _place(ledger: Ledger, place: str) -> str:
    """Where the numbers of a place stand: their first source, made different from those of other places."""
    source = next(row.source for row in ledger if row.id.split(".")[0] == place)
    return f"{source} ({place})".replace('"', "'")


def _register(study: Study, heading: str, prose: str, call: str) -> str:
    return _page(study, f"{heading}: {study.label}", [prose, _cell(call)], {})


_FINDINGS = """Printed numbers that cannot be taken at face value: they disagree with one another, with their own arithmetic, with their label, or with the stated method.
A finding concerns printed numbers, not people.
The explanations that would resolve it are listed, with the one favoured by the evidence marked.
If a finding is our own mistake, a correction in the ledger removes it from the next build.

## Findings, one by one
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
            _HEADER,
            f"# Data dictionary: {study.label}\n",
            _cell(f'study = "{study.slug}"', "parameters"),
            f"The variables of this study, generated from the declaration (`data/{study.slug}/study.yml`) against which every file is checked: the reconstructed cohort and [your own](../../book/guide/own-cohort.md).",
            "The last column says what a cohort of your own must contain: *needed* columns are required; the others are optional, and analyses that use a missing column are omitted.\n",
            _cell(code),
            "A condition joins clauses by `&`: `variable=level`, `variable!=level`, comparisons with a number, `|` between levels that are all meant, and `?` for missing.",
            "Truth values are written 1 and 0.\n",
        ]
    )
