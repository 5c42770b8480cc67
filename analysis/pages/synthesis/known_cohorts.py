"""Known cohorts, reconstructed from what a paper would print of them: how often the truth lies in ranges."""

from __future__ import annotations

from collections.abc import Sequence

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


def sizes_of(entries: Sequence[dict]) -> list[int]:
    """Numbers of cohorts whose ranges are held against the truth: few, several, and as many as were found of most."""
    most = max((entry["cohorts"] for entry in entries), default=0)
    return sorted({size for size in (3, 10, most) if size <= most})


class KnownCohorts(Section):
    """Ranges held against the truth."""

    @table
    def validation(self) -> View:
        """Known cohorts published as papers, by size: how often the truth lies in proven ranges, and in those across few and more cohorts."""
        rows, entries = [], sorted(read_known_cohorts(), key=lambda entry: entry["patients"])
        sizes = sizes_of(entries)
        for entry in entries:
            proven, of_proven = validation.inside(entry["proven"])
            across = [str(validation.inside_by(entry["sampled"], size)) if size <= entry["cohorts"] else "–" for size in sizes]
            rows.append([
                entry["cohort"],
                f"{entry['traits']} ({entry['source']})",
                f"{entry['patients']} ({entry['events']})",
                f"{entry['satisfied']} of {entry['printed']}" if entry["cohorts"] else "no cohort found",
                str(entry["cohorts"]),
                f"{proven} of {of_proven}",
                f"{' / '.join(across)} of {len(entry['sampled'])}",
            ])  # fmt: skip
        heads = [
            "Cohort", "What it is", "Patients (events)", "Printed numbers satisfied", "Cohorts", "Truth in proven range",
            f"Truth in range across {' / '.join(map(str, sizes))} cohorts",
        ]  # fmt: skip
        return plain_table(heads, rows, "Known cohorts, reconstructed from what a paper would print")

    @table
    def validation_by_kind(self) -> View:
        """What ranges across few and more known cohorts include, by the kind of quantity, beside what exchangeable cohorts would give."""
        entries = read_known_cohorts()
        sizes = sizes_of(entries)
        enough = [entry for one in entries if sizes and one["cohorts"] >= sizes[-1] for entry in one["sampled"]]
        rows = []
        for kind in sorted({validation.kind_of(entry["quantity"]) for entry in enough}, reverse=True):
            ranges = [entry for entry in enough if validation.kind_of(entry["quantity"]) == kind]
            shares = [validation.inside_by(ranges, size) / len(ranges) for size in sizes]
            rows.append([kind, str(len(ranges)), *(f"{100 * share:.0f}%" for share in shares)])
        rows.append(["if the truth were another such cohort", "", *(f"{100 * (size - 1) / (size + 1):.0f}%" for size in sizes)])
        heads = ["Quantity not printed", "Ranges", *(f"{size} cohorts" for size in sizes)]
        return plain_table(heads, rows, "How often the range across cohorts includes the truth, by number of cohorts")

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
