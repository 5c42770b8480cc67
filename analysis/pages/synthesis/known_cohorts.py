"""Known cohorts, reconstructed from what a paper would print of them: how often the truth lies in ranges."""

from __future__ import annotations

from IPython.display import Markdown

from analysis.cohorts.declarations import load_yaml
from analysis.pages.section import Section, sentence, table
from analysis.reconstruction.validation import validation
from analysis.reconstruction.validation.digitised import narrowed
from analysis.reconstruction.validation.known import DIGITISED, known
from analysis.tables.html.plain import plain_table
from analysis.tables.html.view import View


def read_known_cohorts() -> list[dict]:
    """Saved outcomes of the known cohorts."""
    return load_yaml(validation.SAVED)["cohorts"] if validation.SAVED.is_file() else []


class KnownCohorts(Section):
    """Ranges held against the truth."""

    @table
    def validation(self) -> View:
        """Known cohorts published as papers, by size: how often the truth lies in proven and in sampled ranges."""
        rows = []
        for entry in sorted(read_known_cohorts(), key=lambda entry: entry["patients"]):
            (proven, of_proven), (sampled, of_sampled) = (validation.inside(entry[kind]) for kind in ("proven", "sampled"))
            rows.append([
                entry["cohort"],
                f"{entry['traits']} ({entry['source']})",
                f"{entry['patients']} ({entry['events']})",
                f"{entry['satisfied']} of {entry['printed']}" if entry["cohorts"] else "no cohort found",
                str(entry["cohorts"]),
                f"{proven} of {of_proven}",
                f"{sampled} of {of_sampled}",
            ])  # fmt: skip
        heads = [
            "Cohort", "What it is", "Patients (events)", "Printed numbers satisfied", "Cohorts", "Truth in proven range",
            "Truth in sampled range",
        ]  # fmt: skip
        return plain_table(heads, rows, "Known cohorts, reconstructed from what a paper would print")

    @sentence
    def digitised(self) -> Markdown:
        """One sentence for each known cohort that was published with its curves, too: which ranges these narrow."""
        entries = {entry["cohort"]: entry for entry in read_known_cohorts()}
        told = []
        for one in known():
            if one.figure and one.name in entries and (alone := entries.get(one.name.removesuffix(DIGITISED))):
                changes = {kind: narrowed(alone[kind], entries[one.name][kind]) for kind in ("proven", "sampled")}
                parts = [f"of {many} {kind} ranges {less} narrower and {more} wider" for kind, (less, more, many) in changes.items()]
                told.append(f"{one.name}, compared with the printed numbers alone: {', '.join(parts)}.")
        return Markdown(" ".join(told))
