"""The page of a reader's own file: dropped, checked, its mapping edited beside what is wrong, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from analysis.cohorts.importing.checking import Checked
from analysis.cohorts.importing.problems import Problem, make_printable, row_list
from analysis.cohorts.importing.readers.files import SUFFIXES
from analysis.cohorts.study import Study
from analysis.live.forms import markup
from analysis.live.forms.mapping_form import write_mapping_form
from analysis.live.patients.columns_found import Found
from analysis.live.patients.own_file import OwnFile

ROOT = "../"
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
        "It is then deleted, with all pages made from it.</p>"
    )
    body += (
        _verdict(told)
        + _faults(told.checked)
        + write_mapping_form(study, own.mapping, told.checked, told.columns)
        + _as_text(study, own)
        + _read(told.checked)
    )
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
        f'<h2>Contradictions</h2><p>A misread column, or a mistyped patient? The numbers are row numbers.</p><ul class="live-doubts">{doubts}</ul>'
        if doubts
        else ""
    )
    pages = "".join(
        f'<li><a href="{ROOT}{escape(page)}.html?study={escape(told.own.study)}#live-panel">{escape(title)}</a></li>'
        for page, title in told.pages
    )
    return (
        '<p class="live-verdict live-sound" role="status">The file is valid. Pages run on it, protected: counts in ranges, no rows.</p>'
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
