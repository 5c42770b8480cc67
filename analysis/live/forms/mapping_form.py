"""The mapping of a reader's own file as a form: where each declared variable comes from, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from analysis.cohorts.importing.checking import Checked
from analysis.cohorts.importing.columns import required
from analysis.cohorts.importing.columns.schema import describe_allowed
from analysis.cohorts.importing.parsing import units
from analysis.cohorts.importing.problems import make_printable
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Variable
from analysis.live.forms.markup import options
from analysis.live.patients import mapping_edit
from analysis.live.patients.columns_found import Found
from analysis.live.patients.mapping_edit import ABSENT, BY_NAME, COLUMN, CONSTANT, DATES, KNOWN, ROWS

UNITS = ("", "days", "weeks", "months", "years")
SHARES = ("", *units.SHARES)
ORDERS = ("", "day.month.year", "month/day/year", "year-month-day", "serial")


def write_mapping_form(study: Study, mapping: str, checked: Checked, columns: Mapping[str, Found]) -> str:
    """HTML of the form; nothing where the file cannot be read.

    Parameters
    ----------
    study : Study
    mapping : str
        As it stands.
    checked : Checked
        The file, read with it.
    columns : mapping of str to Found
        Columns of the file.
    """
    if not columns:
        return ""
    content = mapping_edit.content_of(mapping)
    entries, absent = mapping_edit.entries_of(content), content.get("absent") or []
    reasons = required.required_variables(study, "cohort")
    rows = {
        name: _Row(
            name, variable, entries.get(name) or {}, mapping_edit.source_of(entries.get(name), name in absent), checked, columns
        ).html(name in reasons)
        for name, variable in study.variables["cohort"].items()
    }
    needed, others = [name for name in rows if name in reasons], [name for name in rows if name not in reasons]
    concerned = any(problem.variable in others for problem in checked.problems)
    optional = _table((rows[name] for name in others), "Optional columns")
    more = f"<details{' open' if concerned else ''}><summary>{len(others)} optional columns</summary>{optional}</details>" if others else ""
    return (
        f'<form class="live-mapping" data-live-study="{escape(study.slug)}"><h2>How your columns become the study’s</h2>'
        f'{_options_of_file(content)}<div class="live-scroll" tabindex="0" role="region" aria-label="Mapping">'
        f"{_table((rows[name] for name in needed), 'Needed columns')}{more}</div>"
        '<p><button type="submit" class="live-run">Check with this mapping</button></p></form>'
    )


def _table(rows: Iterable[str], caption: str) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Needed of the study", "In your file", "What became of it"))
    return f'<table class="live-table live-mapping-table"><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _options_of_file(content: Mapping[str, Any]) -> str:
    """What holds for all columns."""
    file = mapping_edit.section(content, "file")
    return (
        '<p class="live-options">'
        + _option("decimal", "decimal mark", ("", "comma", "point"), str(file.get("decimal", "")))
        + _option("dates", "order of dates", ORDERS, str(file.get("dates", "")))
        + '<label for="option-missing">codes for missing in all columns <input id="option-missing" type="text" data-option="missing" '
        + f'value="{escape(_list(content.get("missing") or ""))}" placeholder="NA; unknown"></label></p>'
    )


def _option(name: str, label: str, choices: Sequence[str], chosen: str) -> str:
    known = [*choices, *([chosen] if chosen not in choices else [])]
    inner = options([(one, one or "found out") for one in known], chosen)
    return f'<label for="option-{name}">{label} <select id="option-{name}" data-option="{name}">{inner}</select></label> '


def _list(texts: Any) -> str:
    return "; ".join(texts) if isinstance(texts, list) else str(texts)


class _Row(NamedTuple):
    """A declared variable in the form; `source` is where the mapping takes it from, `entry` what else it says."""

    name: str
    variable: Variable
    entry: Mapping[str, Any]
    source: str
    checked: Checked
    columns: Mapping[str, Found]

    def html(self, needed: bool) -> str:
        allowed = describe_allowed(self.variable, self.variable.range)
        meaning = (
            f"{escape(' '.join(self.variable.meaning.split()))}<br><small>{escape(allowed)}{'' if needed else '; may be left out'}</small>"
        )
        name, parts = escape(self.name), "".join(f"<div>{part}</div>" for part in self._parts() if part)
        return (
            f'<tr id="map-{name}" data-variable="{name}"><th scope="row"><code>{name}</code><br>{meaning}</th>'
            f"<td>{parts}</td><td>{self._became()}</td></tr>"
        )

    def _became(self) -> str:
        """Its first faults, or what it was read from."""
        problems = [problem for problem in self.checked.problems if problem.variable == self.name]
        if problems:
            return "".join(f'<p class="live-error">Expected {escape(one.expected)}; found {escape(one.found)}.</p>' for one in problems[:3])
        made = self.checked.columns.get(self.name)
        if made is None:
            return "<p>not in the file</p>"
        notes = "".join(f"<p><small>{escape(make_printable(note, 300))}</small></p>" for note in made.notes)
        return f"<p>read from {escape(make_printable(made.site, 120)) or 'the mapping'}</p>{notes}"

    def _parts(self) -> list[str]:
        """Choice of where the variable comes from, then what that asks besides; empty where it asks nothing."""
        numeric = self.variable.type in ("number", "integer")
        return [
            self._choice("source", f"Where {self.name} comes from", *self._sources()),
            self._unit() if self.source == COLUMN and numeric else "",
            self._codes() if self.source in (COLUMN, BY_NAME) and self.variable.type in ("category", "boolean") else "",
            *((self._of_column("from", "from"), self._ends()) if self.source == DATES else ()),
            self._of_column("known", "date in") if self.source == KNOWN else "",
            self._text("constant", "value", str(self.entry.get("constant", ""))) if self.source == CONSTANT else "",
            self._text("missing", "codes for missing", _list(self.entry.get("missing", "")))
            if self.source in (COLUMN, DATES, KNOWN)
            else "",
        ]

    def _sources(self) -> tuple[list[tuple[str, str]], str]:
        """Where it can come from, in words, and what is chosen."""
        kinds = [(BY_NAME, f"a column called {self.name}, if there is one")]
        kinds += [(f"{COLUMN}:{column}", f"column {column}") for column in self.columns]
        kinds += [(DATES, "time between two dates")] if self.variable.type in ("number", "integer") else []
        kinds += [(KNOWN, "yes where there is a date")] if self.variable.type == "boolean" else []
        kinds += [(ROWS, "number the rows")] if self.variable.type == "id" else []
        kinds += [(CONSTANT, "the same for everybody"), (ABSENT, "my site does not have it")]
        chosen = f"{COLUMN}:{self.entry.get('column')}" if self.source == COLUMN else self.source
        if chosen not in dict(kinds):
            kinds.append((chosen, f"column {self.entry.get('column')} (not in the file)"))
        return kinds, chosen

    def _unit(self) -> str:
        offered = SHARES if self.variable.unit in units.PERCENT else UNITS
        choices = [(unit, unit or self.variable.unit or "as it is") for unit in offered]
        return self._choice("unit", "in", choices, str(self.entry.get("unit", "")), labelled=True)

    def _of_column(self, key: str, label: str) -> str:
        columns = [(column, column) for column in ("", *self.columns)]
        return self._choice(key, label, columns, str(self.entry.get(key, "")), labelled=True)

    def _ends(self) -> str:
        return self._text("to", "to (columns, the first that holds a date; semicolons between)", _list(self.entry.get("to", "")))

    def _codes(self) -> str:
        """Each code of its column with the declared value that it means."""
        made = self.checked.columns.get(self.name)
        column = self.entry.get("column", "") if self.source == COLUMN else made.site if made else ""
        if column not in self.columns:
            return ""
        found = self.columns[column]
        if not found.codes:
            return f"<small>{escape(str(found.filled))} rows filled; more different values than codes have</small>"
        known = mapping_edit.section(self.entry, "codes")
        values = [("", "as it is"), *([(level, level) for level in self.variable.levels] or [("1", "yes"), ("0", "no")]), ("?", "missing")]
        rows = []
        for number, code in enumerate(found.codes):
            label = f" ({escape(code.label)})" if code.label else ""
            inner = options(values, str(known.get(code.spelled, known.get(code.label, ""))))
            id = f"code-{escape(self.name)}-{number}"
            rows.append(
                f'<tr><td><label for="{id}"><code>{escape(code.spelled)}</code>{label}, {escape(str(code.rows))}</label></td>'
                f'<td><select id="{id}" data-code="{escape(code.spelled)}">{inner}</select></td></tr>'
            )
        by_name = f' data-column="{escape(column)}"' if self.source == BY_NAME else ""
        return f'<table class="live-codes"{by_name}><tbody>{"".join(rows)}</tbody></table>'

    def _choice(self, key: str, label: str, choices: Sequence[tuple[str, str]], chosen: str, labelled: bool = False) -> str:
        id = f"map-{escape(self.name)}-{key}"
        said = f'<label for="{id}">{escape(label)} </label>' if labelled else ""
        named = "" if labelled else f' aria-label="{escape(label)}"'
        return f'{said}<select id="{id}" data-key="{key}"{named}>{options(choices, chosen)}</select>'

    def _text(self, key: str, label: str, value: str) -> str:
        id = f"map-{escape(self.name)}-{key}"
        return f'<label for="{id}">{escape(label)} </label><input id="{id}" type="text" data-key="{key}" value="{escape(value)}">'
