"""Sources of the pages of an endpoint: of all patients, and of groups."""

from __future__ import annotations

from analysis.book.new_study.source_text import code_cell, curve_call, horizon_of, in_sentence, page_text, quote, whole_population
from analysis.cohorts.study import Study


def endpoint_source(study: Study, name: str) -> str:
    """The page of an endpoint: its curve in all patients, and its numbers."""
    declared = study.endpoints[name]
    horizon, whole = horizon_of(study), whole_population(study, declared.table) or ""
    told = [f"Times are counted from {declared.origin}." if declared.origin else ""]
    if declared.competing:
        told.append(
            f"Another event competes with this one ({in_sentence(_meaning(study, name))}); the cumulative incidence is the Aalen–Johansen estimate."
        )
    told.append(
        "The curves are those of a cohort [reconstructed](../../book/guide/reconstruction.md) from the printed numbers; hollow marks with bars are the printed estimates."
    )
    body = [
        "\n".join(filter(None, told)) + "\n",
        code_cell(curve_call(study, name, declared.label)),
        "## Printed and recomputed\n",
        code_cell(f'page.table.endpoint_numbers("{name}", caption={quote(f"{declared.label}, all patients")})'),
        "## Follow-up\n",
        code_cell(
            f'page.table.follow_up({{{quote(study.populations[whole].label)}: ""}}, endpoint="{name}", at={horizon}, population="{whole}", caption="Follow-up")'
        ),
    ]
    used: dict[str, object] = {"horizon": horizon, "level": 0.95, **({} if declared.competing else {"interval": None})}
    return page_text(study, f"{declared.label}: {study.label}", body, used)


def _meaning(study: Study, endpoint: str) -> str:
    declared = study.endpoints[endpoint]
    return study.variables[declared.table][declared.competing].meaning or declared.competing


def grouped_source(study: Study, name: str, grouping: str) -> str:
    """The page of an endpoint by the levels of a grouping: curves, comparisons, numbers."""
    declared, groups = study.endpoints[name], study.groupings[grouping]
    reference, whole = study.reference_of(grouping), whole_population(study, declared.table) or ""
    others = [level for level in study.levels_of(grouping) if level != reference]
    comparisons = "".join(
        f'    {quote(f"{level} versus {reference}")}: ("{name}", "{grouping}", ({quote(level)}, {quote(reference)})),\n' for level in others
    )
    title = f"{declared.label} by {in_sentence(groups.label)}"
    how = (
        "Patients were allocated to these groups at random."
        if groups.randomised
        else "These groups were not formed at random: a difference between them is an association."
    )
    body = [
        f"{how}\n",
        code_cell(curve_call(study, name, title, grouping)),
        "## Printed and recomputed\n",
        code_cell(f'page.table.endpoint_numbers("{name}", by="{grouping}", caption={quote(title)})'),
        "## Comparisons\n",
    ]
    if declared.competing:
        body.append("Hazard ratios below are cause-specific: patients who have the competing event are censored then.\n")
    what = quote(_event(study, name))
    called = ",\n    ".join(
        f'page.sentence.hazard_ratio({what}, endpoint="{name}", by="{grouping}", groups=({quote(level)}, {quote(reference)}), population="{whole}")'
        for level in others
    )
    means = f'    page.table.restricted_mean_differences(compared, population="{whole}", caption="Restricted mean survival time, difference"),\n'
    means = "" if declared.competing else means  # which takes the competing event for censoring
    body += [
        code_cell(
            f"compared = {{\n{comparisons}}}\n"
            f'page.together(\n    page.table.hazard_ratios(compared, population="{whole}", caption="Hazard ratios"),\n    {called},\n)'
        ),
        "## Checks\n",
        code_cell(
            f"page.together(\n{means}"
            f'    page.table.proportional_hazards_tests(compared, population="{whole}", caption="Checks of proportional hazards"),\n'
            f'    page.table.detectable_hazard_ratios(compared, population="{whole}", caption="Minimum detectable hazard ratio (Schoenfeld)"),\n)'
        ),
        "With few events, a check that finds no departure does not show that hazards are proportional.\n",
    ]
    used: dict[str, object] = {"horizon": horizon_of(study), "level": 0.95, **({} if declared.competing else {"interval": None})}
    return page_text(study, f"{title}: {study.label}", body, used | {"ties": _ties(study)})


def _event(study: Study, name: str) -> str:
    """What happens at an endpoint, for a sentence."""
    label = in_sentence(study.endpoints[name].label)
    if study.endpoints[name].competing:
        return label
    return "death" if label == "overall survival" else f"an event of {label}"


def _ties(study: Study) -> str:
    """How Cox models of a page treat ties: as the study names it for hazard ratios, else as most programs do that print them."""
    named = [one.removeprefix("cox-") for one in study.named_conventions("hazard_ratio") if one.startswith("cox-")]
    return next(iter(named), "breslow")
