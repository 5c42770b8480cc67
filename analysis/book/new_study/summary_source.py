"""The source of a study's summary page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.book.new_study.source_text import code_cell, curve_call, horizon_of, page_text, quote
from analysis.cohorts.study import Study
from analysis.ledger.registers.table_layouts import Layout
from analysis.ledger.rows.row import Ledger

#: Place of numbers of the abstract: the first word of their ids.
ABSTRACT = "abs"


def summary_source(study: Study, layouts: Mapping[str, Layout], ledger: Ledger) -> str:
    """The summary page: design, main results of the abstract, findings and claims."""
    body = ["## What was studied\n", code_cell(_design_table(study))]
    if ABSTRACT in layouts:
        body += ["## Main results, recomputed\n", _RECOMPUTED, code_cell(f'page.table.paper("{ABSTRACT}")')]
    elif any(row.id.startswith(f"{ABSTRACT}.") for row in ledger):
        call = f'page.table.rows(*page.ids("{ABSTRACT}"), caption="Numbers of the abstract, printed and recomputed")'
        body += ["## Main results, recomputed\n", _RECOMPUTED, code_cell(call)]
    parameters: dict[str, object] = {}
    for name, endpoint in study.endpoints.items():
        if not endpoint.competing:
            body.append(code_cell(curve_call(study, name, endpoint.label, over_cohorts=False, figure=f"summary-{name.replace('_', '-')}")))
            parameters = {"horizon": horizon_of(study), "level": 0.95, "interval": None}
            break
    body += [
        "## Reproducibility of the printed numbers\n",
        code_cell("page.table.verdicts()"),
        "Results recomputed from *counts* alone, and results that were {term}`withheld` and predicted by every cohort, test the paper; agreement of a *cohort* with a number that was used to make it does not ([how to read a verdict](../../book/guide/reading.md)).\n",
        "## What the abstract concludes\n",
        code_cell('page.table.conclusions("Abstract")'),
        "## What to know before quoting it\n",
        code_cell("page.table.main_findings()"),
        "The register of [findings](findings.md) gives possible explanations.\n",
        "## Caveats\n",
        *(f"- {line}" for line in _caveats(study)),
    ]
    return page_text(study, f"Summary: {study.label}", body, parameters, "page.together(page.sentence.citation(), page.notice())")


_RECOMPUTED = (
    "Each number is recomputed from printed counts or from the reconstruction; where the recomputed number differs from the printed one, "
    "both are shown, and the mark links to the entry in the [audit](audit.md).\n"
)


def _caveats(study: Study) -> Iterator[str]:
    if study.design == "trial":
        yield "Patients were allocated at random to the groups of the main comparison; subgroups formed after the start of follow-up were not."
        yield "A difference that is not significant does not show that the groups are equivalent: the confidence interval says what is compatible with the data."
    elif study.design == "prognostic":
        yield "An association of a marker with the outcome does not show that changing the marker would change the outcome."
        yield "Cut-offs and models that were chosen on the same patients fit them better than they will fit others."
    else:
        yield "Groups that were not formed at random differ in more than the treatment; a difference in outcome is an association."
        yield "Groups defined by what happened during follow-up give immortal time to those who reached it ({term}`immortal time`)."
    yield "The patients shown were reconstructed: other sets of patients would be just as compatible with the printed numbers."


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
    listed = "".join(f"        ({quote(head)}, {quote(cell)}),\n" for head, cell in rows if cell)
    return f'page.table.definitions(\n    [\n{listed}    ],\n    heads=("", "In the paper"), caption="The study in brief",\n)'
