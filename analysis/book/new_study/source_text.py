"""The text of a page source: header, cells of code, calls that several pages make."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.cohorts import conditions
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import PER_MONTH


def population_of_level(study: Study, grouping: str, level: str) -> str | None:
    """The declared population that holds exactly the patients of one level of a grouping."""
    asked = conditions.parse(f"{grouping}={level}").canonical
    table = study.groupings[grouping].table
    return next((name for name, one in study.populations.items() if one.table == table and one.condition.canonical == asked), None)


def whole_population(study: Study, table: str) -> str | None:
    """The declared population that holds everybody of a table."""
    return next((name for name, one in study.populations.items() if one.table == table and not one.condition.clauses), None)


def in_sentence(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def code_cell(code: str, tags: str = "") -> str:
    """A cell of code, with its tags."""
    return "```{code-cell} ipython3\n" + (f":tags: [{tags}]\n\n" if tags else "") + code + "\n```\n"


def page_text(study: Study, heading: str, body: list[str], parameters: Mapping[str, object], first: str = "page.notice()") -> str:
    """A notebook source: header, title, parameters, opening cell, body."""
    given: dict[str, object] = {"study": study.slug, "cohort": None, **parameters}
    assigned = "\n".join(f"{name} = {_python(value)}" for name, value in given.items())
    opening = f"from analysis.pages.page import Page\n\npage = Page()\n{first}"
    return "\n".join([HEADER, f"# {heading}\n", code_cell(assigned, "parameters"), code_cell(opening), *body]).rstrip("\n") + "\n"


def _python(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def quote(value: str) -> str:
    """A label as a Python string."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def horizon_of(study: Study) -> float:
    """Follow-up that figures show, months."""
    return round(float(study.horizon or 36.0 * PER_MONTH[study.time_unit]) / PER_MONTH[study.time_unit], 2)


HEADER = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""


def curve_call(study: Study, endpoint: str, title: str, grouping: str = "", over_cohorts: bool = True, figure: str = "") -> str:
    """The call that draws an endpoint: survival, or cumulative incidence where another event competes."""
    declared = study.endpoints[endpoint]
    if grouping:
        groups = {study.populations[name].label: name for name in populations_of(study, grouping)}
    else:
        whole = whole_population(study, declared.table) or ""
        groups = {study.populations[whole].label: whole}
    curves = ", ".join(f'{quote(label)}: ("{endpoint}", "{population}")' for label, population in groups.items())
    name = figure or (f"{endpoint}-by-{grouping}" if grouping else endpoint).replace("_", "-")
    further = f'competing="{declared.competing}", ' if declared.competing else ""
    ending = "" if over_cohorts or declared.competing else ", over_cohorts=False"
    ylabel = f"ylabel={quote(declared.label)}, "
    kind = "incidence" if declared.competing else "survival"
    return f'page.figure.{kind}({{{curves}}}, {further}title={quote(title)}, {ylabel}name="{name}"{ending})'


def populations_of(study: Study, grouping: str) -> list[str]:
    """The declared population of each level of a grouping; empty for a level without one."""
    return [population_of_level(study, grouping, level) or "" for level in study.levels_of(grouping)]
