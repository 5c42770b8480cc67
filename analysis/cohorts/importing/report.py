"""What became of a cohort file, in words: on the terminal and as a page that stands alone.

A report tells numbers of rows and the offending cells, never another cell of a row.
"""

from __future__ import annotations

import os
import tempfile
from html import escape
from pathlib import Path

from analysis.cohorts import glance
from analysis.cohorts.importing.checking import Checked
from analysis.cohorts.importing.columns import required
from analysis.cohorts.importing.problems import Problem, make_printable, row_list
from analysis.errors import Fault, InputError
from analysis.paths import shorten_path

_ROWS_ON_PAGE = 1000
_MOST_A_COLUMN = 30
_MOST_LABELS = 12

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
caption { text-align: left; font-weight: bold; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8886; overflow-wrap: anywhere; }
thead th { white-space: nowrap; }
code { font-family: ui-monospace, monospace; white-space: pre-wrap; }
.verdict { border-left: .4rem solid; padding: .5rem 1rem; }
.faulty { border-color: #b3261e; } .sound { border-color: #2e7d32; }
"""


def headline(checked: Checked) -> str:
    """The outcome in a sentence."""
    if checked.frame is not None:
        rows, columns = len(checked.frame), len(checked.columns)
        return (
            f"Sound: {rows} {'row' if rows == 1 else 'rows'}, {columns} of {len(checked.study.variables[checked.table])} declared columns."
            + (
                f" {len(checked.doubts)} {'contradiction' if len(checked.doubts) == 1 else 'contradictions'} to look at below."
                if checked.doubts
                else ""
            )
        )
    count = len(checked.problems)
    cells = sum(len(problem.rows) for problem in checked.problems)
    where = f" ({cells} {'row' if cells == 1 else 'rows'} concerned, a row with two faults counted twice)" if cells else ""
    return f"{count} {'fault' if count == 1 else 'faults'}{where}; nothing was analysed."


def as_text(checked: Checked) -> str:
    """The whole report for a terminal."""
    mapping = f" with {make_printable(checked.mapping_file)}" if checked.mapping_file else ", no mapping"
    parts = [f"{make_printable(checked.file)}{mapping}, as {checked.table} of {checked.study.slug}", headline(checked)]
    noun = checked.raw.noun if checked.raw else "row"
    for heading, problems in _by_subject(checked).items():
        lines = [f"  {_where(problem, noun)}expected {problem.expected}; found {problem.found}" for problem in problems[:_MOST_A_COLUMN]]
        if len(problems) > _MOST_A_COLUMN:
            lines.append(f"  and {len(problems) - _MOST_A_COLUMN} more faults of this column")
        parts.append("\n".join([heading, *lines]))
    parts += ["\n".join([heading, *(f"  {line}" for line in lines)]) for heading, lines in _remarks(checked).items()]
    return "\n\n".join(parts) + "\n"


def as_html(checked: Checked) -> str:
    """The whole report as one HTML file, without scripts and without anything from elsewhere."""
    noun = checked.raw.noun if checked.raw else "row"
    title = f"Check of {make_printable(checked.file)}"
    about = f"<p>Checked as <em>{escape(checked.table)}</em> of <em>{escape(checked.study.label)}</em>, mapping: {escape(make_printable(checked.mapping_file)) or 'none'}.</p>"
    kind = "sound" if checked.frame is not None else "faulty"
    body = [f"<h1>{escape(title)}</h1>", about, f'<p class="verdict {kind}">{escape(headline(checked))}</p>']
    if checked.problems:
        rows = "".join(_table_row(problem, noun) for problems in _by_subject(checked).values() for problem in problems)
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("Column or key", f"{noun.capitalize()}s", "Found", "Allowed"))
        body.append(f"<table><caption>Faults</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    for heading, lines in _remarks(checked).items():
        body.append(f"<h2>{escape(heading)}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def write_html(checked: Checked, path: Path) -> Path:
    """Write the page; a half-written one is never left.

    Raises
    ------
    InputError
        If the name does not end in ``.html``, or its folder is missing or may not be written to.
    """
    if path.suffix.lower() not in (".html", ".htm") or path.is_dir():
        raise InputError(Fault("command line", "--html", "a file that ends in .html", repr(path.name)))
    try:
        handle, scratch = tempfile.mkstemp(dir=path.parent, suffix=".html")  # readable for its owner alone
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(as_html(checked))
        os.replace(scratch, path)
    except OSError:
        raise InputError(Fault("command line", "--html", "a folder to write into", repr(shorten_path(path.parent)))) from None
    return path


def _by_subject(checked: Checked) -> dict[str, list[Problem]]:
    """Problems by column, those of the mapping first, since others may follow from them."""
    ordered = sorted(checked.problems, key=lambda problem: (problem.source != "mapping", problem.rows[:1]))
    groups: dict[str, list[Problem]] = {}
    for problem in ordered:
        prefix = "mapping: " if problem.source == "mapping" else ""
        groups.setdefault(prefix + problem.subject, []).append(problem)
    return groups


def _where(problem: Problem, noun: str) -> str:
    return f"{row_list(problem.rows, noun)}: " if problem.rows else ""


def _table_row(problem: Problem, noun: str) -> str:
    subject = ("mapping: " if problem.source == "mapping" else "") + problem.subject
    rows = row_list(problem.rows, noun, _ROWS_ON_PAGE).split(" ", 1)[1] if problem.rows else "–"
    return (
        f'<tr><th scope="row">{escape(subject)}</th><td>{escape(rows)}</td>'
        f"<td><code>{escape(problem.found)}</code></td><td>{escape(problem.expected)}</td></tr>"
    )


def _remarks(checked: Checked) -> dict[str, list[str]]:
    """What else is worth knowing: how the file was read, what each column became, what is not there."""
    raw = checked.raw
    if raw is None:
        return {}
    read = [f"{raw.form}: {len(raw)} rows, {len(raw.columns)} columns", *raw.detected, *checked.marks]
    if checked.left_out:
        out = checked.left_out
        read.append(
            f"{row_list(out.rows, raw.noun)} left out by 'without' in the mapping ({out.number} in all): no value of {' or '.join(out.names)}"
        )
    remarks = {}
    if checked.frame is not None:
        remarks["What was read: compare it with what you know"] = [
            glance.sentence(found) for found in glance.glances(checked.study, checked.frame, checked.table)
        ]
    if checked.doubts:
        remarks["Contradictions: a misread column, or a mistyped patient?"] = [printable_sentence(line) for line in checked.doubts]
    remarks["How the file was read"] = [printable_sentence(line) for line in read]
    if checked.columns and len(raw):
        remarks["Columns"] = _column_lines(checked, len(raw))
    if checked.absent and checked.columns:
        lines = [f"without {', '.join(checked.absent)}: missing throughout"]
        for noun, labels in zip(
            ("endpoints", "populations"), required.find_lost(checked.study, checked.table, checked.absent), strict=True
        ):
            if labels:
                more = f"; and {len(labels) - _MOST_LABELS} more" if len(labels) > _MOST_LABELS else ""
                lines.append(f"{noun} not shown: {'; '.join(labels[:_MOST_LABELS])}{more}")
        lines.append("every number, table row and figure that uses these columns is omitted")
        remarks["Not in the file"] = lines
    aside = [", ".join(make_printable(name) for name in checked.unused)] if checked.unused else []
    if aside or raw.remarks:
        remarks["Columns of the file that are not used"] = aside + [printable_sentence(line) for line in raw.remarks]
    return remarks


def printable_sentence(text: str) -> str:
    """A sentence about a file, whatever the file put into it."""
    return make_printable(text, longest=500)


def _column_lines(checked: Checked, rows: int) -> list[str]:
    """One line for each column that something is to be said of, one for all others."""
    lines, plain = [], []
    for name, made in checked.columns.items():
        said = list(made.notes)
        if checked.empty.get(name):
            said.insert(0, f"{checked.empty[name]} of {rows} missing")
        if not said and made.site in ("", name):
            plain.append(name)
            continue
        origin = f" from {make_printable(made.site, 120)}" if made.site and made.site != name else ""
        lines.append(printable_sentence(f"{name}{origin}" + (": " if said else "") + "; ".join(said)))
    return lines + ([f"as they are, without gaps: {', '.join(plain)}"] if plain else [])
