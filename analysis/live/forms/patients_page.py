"""The page of a reader's own file: dropped, checked, its mapping edited beside what is wrong, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from analysis.cohorts.importing.checking import Checked
from analysis.cohorts.importing.columns import required
from analysis.cohorts.importing.columns.schema import describe_allowed
from analysis.cohorts.importing.parsing import units
from analysis.cohorts.importing.problems import Problem, make_printable, row_list
from analysis.cohorts.importing.readers.files import SUFFIXES
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Variable
from analysis.live.forms import markup
from analysis.live.patients import mapping_edit
from analysis.live.patients.columns_found import Found
from analysis.live.patients.mapping_edit import ABSENT, BY_NAME, COLUMN, CONSTANT, DATES, KNOWN, ROWS
from analysis.live.patients.own_file import OwnFile

ROOT = "../"
UNITS = ("", "days", "weeks", "months", "years")
SHARES = ("", *units.SHARES)
ORDERS = ("", "day.month.year", "month/day/year", "year-month-day", "serial")
_MOST_FAULTS = 60


class Told(NamedTuple):
    """What is told of a file.

    Attributes
    ----------
    own : OwnFile
    checked : Checked
    columns : dict of str to Found
    summaries : list of str
        Of a sound file, each endpoint in ranges.
    pages : sequence of (str, str)
        Pages that can be run on it, and their titles.
    """

    own: OwnFile
    checked: Checked
    columns: Mapping[str, Found]
    summaries: Sequence[str]
    pages: Sequence[tuple[str, str]]


def studies_page(studies: Mapping[str, str], own: Mapping[str, OwnFile]) -> str:
    """The studies, each with the reader's file for it.

    Parameters
    ----------
    studies : mapping of str to str
        Labels.
    own : mapping of str to OwnFile
    """
    items = "".join(
        f'<li><a href="patients?study={escape(study)}">{escape(label)}</a>: {escape(own[study].name) if study in own else "no file yet"}</li>'
        for study, label in studies.items()
    )
    body = f"<p>Your file is read as the table of one study, whose columns it needs. Which study?</p><ul>{items}</ul>"
    return markup.frame("My own patients", ROOT, body)


def page(study: Study, told: Told | None, kept: str) -> str:
    """The page of a study's file.

    Parameters
    ----------
    study : Study
    told : Told or None
        None where there is no file.
    kept : str
        Where it is kept, in HTML.
    """
    body = f'<p>For <strong>{escape(study.label)}</strong>. <a href="patients">Another study</a></p>'
    if told is None:
        return markup.frame("My own patients", ROOT, body + _drop(study, "Drop a file here, or choose one") + kept)
    own = told.own
    body += (
        f'<p>File: <strong>{escape(own.name)}</strong> <button type="button" class="live-forget" data-live-study="{escape(study.slug)}">Forget this file</button> '
        "It is deleted then, with all pages that were made of it.</p>"
    )
    body += _verdict(told) + _faults(told.checked) + _mapping_form(study, told) + _as_text(study, own) + _read(told.checked)
    return markup.frame("My own patients", ROOT, body + _drop(study, "Drop another file, or a mapping (.yml)") + kept)


def _drop(study: Study, words: str) -> str:
    accepted = ",".join([*SUFFIXES, ".yml", ".yaml"])
    return (
        f'<label class="live-drop" data-live-study="{escape(study.slug)}">{words}<br><small>{escape(" ".join(SUFFIXES))}; at most 20 MB</small><br>'
        f'<input type="file" accept="{accepted}"></label><p class="live-error" role="alert" data-live-upload hidden></p>'
    )


def _verdict(told: Told) -> str:
    if not told.own.sound:
        number = len(told.checked.problems)
        faults, they = ("1 fault", "it is") if number == 1 else (f"{number} faults", "they are")
        return f'<p class="live-verdict live-faulty" role="status">{faults}. Nothing is analysed until {they} mended, here in the mapping or in the file.</p>'
    lines = "".join(f"<li>{escape(line)}</li>" for line in told.summaries)
    doubts = "".join(f"<li>{escape(make_printable(line, 500))}</li>" for line in told.checked.doubts)
    doubted = (
        f'<h2>What contradicts itself</h2><p>A column misread, or a patient mistyped? The numbers are those of rows.</p><ul class="live-doubts">{doubts}</ul>'
        if doubts
        else ""
    )
    pages = "".join(
        f'<li><a href="{ROOT}{escape(page)}.html?study={escape(told.own.study)}#live-panel">{escape(title)}</a></li>'
        for page, title in told.pages
    )
    return (
        '<p class="live-verdict live-sound" role="status">The file is sound. Pages run on it, protected: counts in ranges, nothing of a row.</p>'
        f"<h2>What was read</h2><p>Compare it with what you know: events counted the wrong way round, or days taken for months, show here.</p><ul>{lines}</ul>{doubted}"
        f'<h2>Run a page on it</h2><ul class="live-pages">{pages}</ul>'
    )


def _faults(checked: Checked) -> str:
    if not checked.problems:
        return ""
    noun = checked.raw.noun if checked.raw else "row"
    rows = "".join(_fault(problem, noun) for problem in checked.problems[:_MOST_FAULTS])
    more = f"<p>And {len(checked.problems) - _MOST_FAULTS} more.</p>" if len(checked.problems) > _MOST_FAULTS else ""
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Column or key", f"{noun.capitalize()}s", "Found", "Allowed"))
    return (
        '<div class="live-scroll" tabindex="0" role="region" aria-label="Faults"><table class="live-table"><caption>Faults: the cells at fault, nothing else of a row</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{more}"
    )


def _fault(problem: Problem, noun: str) -> str:
    subject = ("mapping: " if problem.source == "mapping" else "") + problem.subject
    where = row_list(problem.rows, noun).split(" ", 1)[1] if problem.rows else "–"
    anchor = f'<a href="#map-{escape(problem.variable)}">{escape(subject)}</a>' if problem.variable else escape(subject)
    return f'<tr><th scope="row">{anchor}</th><td>{escape(where)}</td><td><code>{escape(problem.found)}</code></td><td>{escape(problem.expected)}</td></tr>'


def _read(checked: Checked) -> str:
    raw = checked.raw
    lines = [*raw.detected, *checked.marks, *raw.remarks] if raw else []
    lines += [f"not used: {', '.join(make_printable(name) for name in checked.unused)}"] if checked.unused else []
    items = "".join(f"<li>{escape(make_printable(line, 500))}</li>" for line in lines)
    return f"<details><summary>How the file was read</summary><ul>{items}</ul></details>" if items else ""


def _as_text(study: Study, own: OwnFile) -> str:
    return (
        '<details><summary>The mapping as text</summary><form class="live-mapping-text" '
        f'data-live-study="{escape(study.slug)}"><p><label for="mapping-text">All that a mapping can say; see <em>Your own cohort</em> in the book.</label></p>'
        f'<textarea id="mapping-text" spellcheck="false">{escape(own.mapping)}</textarea><p><button type="submit">Check with this mapping</button> '
        f'<a href="patients/mapping.yml?study={escape(study.slug)}" download>Save the mapping</a></p></form></details>'
    )


def _mapping_form(study: Study, told: Told) -> str:
    """The mapping as a form; nothing where the file cannot be read."""
    if not told.columns:
        return ""
    content = mapping_edit.content_of(told.own.mapping)
    entries, absent = mapping_edit.entries_of(content), content.get("absent") or []
    reasons = required.required_variables(study, "cohort")
    rows = {
        name: _row(name, variable, entries.get(name), name in absent, name in reasons, told)
        for name, variable in study.variables["cohort"].items()
    }
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Needed of the study", "In your file", "What became of it"))
    table = lambda names, caption: (  # noqa: E731
        f'<table class="live-table live-mapping-table"><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{"".join(rows[name] for name in names)}</tbody></table>'
    )
    needed, others = [name for name in rows if name in reasons], [name for name in rows if name not in reasons]
    concerned = any(problem.variable in others for problem in told.checked.problems)
    more = (
        f"<details{' open' if concerned else ''}><summary>{len(others)} optional columns</summary>{table(others, 'Optional columns')}</details>"
        if others
        else ""
    )
    return (
        f'<form class="live-mapping" data-live-study="{escape(study.slug)}"><h2>How your columns become the study’s</h2>'
        f'{_options(content)}<div class="live-scroll" tabindex="0" role="region" aria-label="Mapping">{table(needed, "Needed columns")}{more}</div>'
        '<p><button type="submit" class="live-run">Check with this mapping</button></p></form>'
    )


def _options(content: Mapping[str, Any]) -> str:
    file = mapping_edit.section(content, "file")
    missing = content.get("missing") or []
    missing = "; ".join(missing) if isinstance(missing, list) else missing
    return (
        '<p class="live-options">'
        + _select("option-decimal", "decimal mark", "decimal", ("", "comma", "point"), str(file.get("decimal", "")), "found out")
        + _select("option-dates", "order of dates", "dates", ORDERS, str(file.get("dates", "")), "found out")
        + f'<label for="option-missing">codes for missing in all columns <input id="option-missing" type="text" data-option="missing" value="{escape(missing)}" placeholder="NA; unknown"></label></p>'
    )


def _select(id: str, label: str, option: str, choices: Sequence[str], chosen: str, empty: str) -> str:
    known = [*choices, *([chosen] if chosen not in choices else [])]
    options = "".join(
        f'<option value="{escape(one)}"{" selected" if one == chosen else ""}>{escape(one or empty)}</option>' for one in known
    )
    return f'<label for="{id}">{label} <select id="{id}" data-option="{option}">{options}</select></label> '


def _row(name: str, variable: Variable, entry: Mapping[str, Any] | None, absent: bool, needed: bool, told: Told) -> str:
    source = mapping_edit.source_of(entry, absent)
    allowed = describe_allowed(variable, variable.range)
    meaning = f"{escape(' '.join(variable.meaning.split()))}<br><small>{escape(allowed)}{'' if needed else '; may be left out'}</small>"
    problems = [problem for problem in told.checked.problems if problem.variable == name]
    made = told.checked.columns.get(name)
    became = "".join(f'<p class="live-error">Expected {escape(one.expected)}; found {escape(one.found)}.</p>' for one in problems[:3])
    if not became:
        became = (
            f"<p>read from {escape(make_printable(made.site, 120)) or 'the mapping'}</p>" if made else "<p>not in the file</p>"
        ) + "".join(f"<p><small>{escape(make_printable(note, 300))}</small></p>" for note in (made.notes if made else ()))
    return (
        f'<tr id="map-{escape(name)}" data-variable="{escape(name)}"><th scope="row"><code>{escape(name)}</code><br>{meaning}</th>'
        f"<td>{_source(name, variable, entry or {}, source, told)}</td><td>{became}</td></tr>"
    )


def _source(name: str, variable: Variable, entry: Mapping[str, Any], source: str, told: Told) -> str:
    """Choice of where a variable comes from, and what that asks besides."""
    kinds = [
        (BY_NAME, f"a column called {name}, if there is one"),
        *((f"{COLUMN}:{column}", f"column {column}") for column in told.columns),
    ]
    if variable.type in ("number", "integer"):
        kinds.append((DATES, "time between two dates"))
    if variable.type == "boolean":
        kinds.append((KNOWN, "yes where there is a date"))
    kinds += [(ROWS, "number the rows")] if variable.type == "id" else []
    kinds += [(CONSTANT, "the same for everybody"), (ABSENT, "my site does not have it")]
    chosen = f"{COLUMN}:{entry.get('column')}" if source == COLUMN else source
    if chosen not in [value for value, _ in kinds]:
        kinds.append((chosen, f"column {entry.get('column')} (not in the file)"))
    parts = [_choice(name, "source", f"Where {name} comes from", kinds, chosen)]
    column = entry.get("column", "") if source == COLUMN else (told.checked.columns[name].site if name in told.checked.columns else "")
    if source == COLUMN and variable.type in ("number", "integer"):
        parts.append(
            _choice(
                name,
                "unit",
                "in",
                [(unit, unit or f"{variable.unit or 'as it is'}") for unit in (SHARES if variable.unit in units.PERCENT else UNITS)],
                str(entry.get("unit", "")),
                True,
            )
        )
    if source in (COLUMN, BY_NAME) and variable.type in ("category", "boolean") and column in told.columns:
        parts.append(_codes(name, variable, entry, told.columns[column], source, column))
    if source == DATES:
        columns = [(column, column) for column in ("", *told.columns)]
        ends = entry.get("to", "")
        parts.append(_choice(name, "from", "from", columns, str(entry.get("from", "")), True))
        parts.append(
            _text(
                name,
                "to",
                "to (columns, the first that holds a date; semicolons between)",
                "; ".join(ends) if isinstance(ends, list) else ends,
            )
        )
    if source == KNOWN:
        parts.append(
            _choice(name, "known", "date in", [(column, column) for column in ("", *told.columns)], str(entry.get("known", "")), True)
        )
    if source == CONSTANT:
        parts.append(_text(name, "constant", "value", str(entry.get("constant", ""))))
    if source in (COLUMN, DATES, KNOWN):
        missing = entry.get("missing", "")
        parts.append(_text(name, "missing", "codes for missing", "; ".join(missing) if isinstance(missing, list) else missing))
    return "".join(f"<div>{part}</div>" for part in parts)


def _codes(name: str, variable: Variable, entry: Mapping[str, Any], found: Found, source: str, column: str) -> str:
    """Each code of a column with the declared value that it means."""
    if not found.codes:
        return f"<small>{escape(str(found.filled))} rows filled; more different values than codes have</small>"
    known = mapping_edit.section(entry, "codes")
    levels = [(level, level) for level in variable.levels] or [("1", "yes"), ("0", "no")]
    rows = []
    for number, code in enumerate(found.codes):
        label = f" ({escape(code.label)})" if code.label else ""
        chosen = str(known.get(code.spelled, known.get(code.label, "")))
        options = "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
            for value, words in (("", "as it is"), *levels, ("?", "missing"))
        )
        id = f"code-{escape(name)}-{number}"
        rows.append(
            f'<tr><td><label for="{id}"><code>{escape(code.spelled)}</code>{label}, {escape(str(code.rows))}</label></td>'
            f'<td><select id="{id}" data-code="{escape(code.spelled)}">{options}</select></td></tr>'
        )
    by_name = f' data-column="{escape(column)}"' if source == BY_NAME else ""
    return f'<table class="live-codes"{by_name}><tbody>{"".join(rows)}</tbody></table>'


def _choice(name: str, key: str, label: str, choices: Sequence[tuple[str, str]], chosen: str, shown: bool = False) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>' for value, words in choices
    )
    id = f"map-{escape(name)}-{key}"
    said = f'<label for="{id}">{escape(label)} </label>' if shown else ""
    named = "" if shown else f' aria-label="{escape(label)}"'
    return f'{said}<select id="{id}" data-key="{key}"{named}>{options}</select>'


def _text(name: str, key: str, label: str, value: str) -> str:
    id = f"map-{escape(name)}-{key}"
    return f'<label for="{id}">{escape(label)} </label><input id="{id}" type="text" data-key="{key}" value="{escape(str(value))}">'
