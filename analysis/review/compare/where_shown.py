"""On which pages a number or a curve stands, read from the notebook sources without running them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

import jupytext
import yaml

from analysis.errors import Fault, InputError
from analysis.review.compare.states import State
from analysis.tables.rows.cell_template import Reference, fill

_GLUE = re.compile(r"\{glue[^}]*\}`([^`]+)`")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)\}")


class _Shown(NamedTuple):
    """What a page shows of one study: ids, names of curves, and whether all rows of the audit."""

    ids: set[str]
    curves: set[str]
    everything: bool


class Standing:
    """Where things stand in one state.

    A page shows what its code names: a table (`table.paper("t2")`), rows (ids, or the words they
    begin with), registers of findings and claims, a curve (endpoint and population).  Names
    that code puts together while it runs are not seen.
    """

    def __init__(self, state: State):
        self.state = state

    def of_number(self, study: str, id: str) -> tuple[str, ...]:
        """Pages that show a ledger row, in reading order; a page of the whole audit only where there is no other."""
        own = tuple(page for page, shown in self._shown(study).items() if id in shown.ids)
        return own or tuple(page for page, shown in self._shown(study).items() if shown.everything)

    def of_curve(self, study: str, name: str) -> tuple[str, ...]:
        """Pages that draw a curve, in reading order."""
        return tuple(page for page, shown in self._shown(study).items() if name in shown.curves)

    def _shown(self, study: str) -> dict[str, _Shown]:
        if study not in self._by_study:
            found = ((page, self._page(page, study)) for page in self._pages)
            self._by_study[study] = {page: shown for page, shown in found if shown is not None}
        return self._by_study[study]

    @cached_property
    def _by_study(self) -> dict[str, dict[str, _Shown]]:
        return {}

    @cached_property
    def _pages(self) -> dict[str, tuple[str, str]]:
        """Code and prose of the book's notebooks by page, in reading order."""
        found = {}
        for page in _find_named(_yaml(self.state, "_toc.yml")):
            text = self.state.files.get(f"{page}.md", "")
            if "{code-cell}" in text:
                try:
                    cells = jupytext.reads(text, fmt="md:myst").cells
                except Exception:
                    continue
                code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
                prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
                found[page] = code, prose
        return found

    def _page(self, page: str, study: str) -> _Shown | None:
        """What a page shows of a study; None if it is about others."""
        code, prose = self._pages[page]
        folder = page.split("/")
        own = folder[1] if folder[0] == "notebooks" and len(folder) > 2 else ""
        if own != study and not re.search(rf"['\"]{re.escape(study)}['\"]", code):
            return None
        plain = "\n".join("" if line.lstrip()[:1] in ("%", "!") else line for line in code.split("\n"))
        try:
            tree = ast.parse(plain)
        except SyntaxError:
            return None  # the build will say so, with the cell
        known = self.state.audits.get(study, {})
        curves = {name for owner, name in self.state.curves if owner == study}
        shown = _Shown({id for id in _GLUE.findall(prose) if id in known}, set(), _calls(tree, "audit"))
        for words, exact in _words(tree):
            shown.ids.update(_rows(words, known, exact))
            shown.ids.update(id for id in _PLACEHOLDER.findall(words) if id in known)
        for call in _find_calls(tree, "paper"):
            for name in _texts(call):
                shown.ids.update(self._table(study, name))
        for register, column in (("findings", "rows"), ("claims", "rests_on")):
            for call in _find_calls(tree, register):
                shown.ids.update(self._register(study, f"{register}.yml", column, set(_texts(call))))
        shown.curves.update(name for name in _pairs(tree) if name in curves)
        return shown

    def _table(self, study: str, name: str) -> Iterator[str]:
        known = self.state.audits.get(study, {})
        layout = (_yaml(self.state, f"data/{study}/tables.yml") or {}).get(name) or {}
        for row in layout.get("rows", ()):
            for column in layout.get("columns", ()) if row.get("key") else ():
                parts = fill(column["cell"], f"{name}.{row['key']}", known.__contains__)
                yield from (part.id for part in parts if isinstance(part, Reference))

    def _register(self, study: str, file: str, column: str, chosen: set[str]) -> Iterator[str]:
        """Ids that the entries of a register rest on; all entries, if none is chosen."""
        for entry in _yaml(self.state, f"data/{study}/{file}") or ():
            if not chosen or entry.get("id") in chosen:
                yield from entry.get(column) or ()


def _yaml(state: State, path: str) -> Any:
    try:
        return yaml.safe_load(state.files.get(path, ""))
    except yaml.YAMLError as error:
        raise InputError(Fault(f"{path} ({state.name})", "file", "YAML", " ".join(str(error).split()))) from None


def _find_named(toc: Any) -> Iterator[str]:
    """Pages of a table of contents, in its order."""
    if isinstance(toc, dict):
        for key, value in toc.items():
            if key in ("root", "file") and isinstance(value, str):
                yield value
            else:
                yield from _find_named(value)
    elif isinstance(toc, list):
        for entry in toc:
            yield from _find_named(entry)


def _rows(word: str, known: Iterable[str], whole_place: bool) -> Iterator[str]:
    """Ids that a text in the code means: the row itself, or those it is the beginning of.

    A single word such as ``t1`` means the rows of that place only where rows are asked for.
    """
    if whole_place or "." in word:
        yield from (id for id in known if id == word or id.startswith(word + "."))
    elif word in known:
        yield word


def _words(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """Texts in the code, each with whether it is asked for as rows: an argument of ``ids(…)``."""
    asked = {id(node) for call in _find_calls(tree, "ids") for node in call.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, id(node) in asked


def _find_calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
            yield node


def _calls(tree: ast.AST, name: str) -> bool:
    return next(_find_calls(tree, name), None) is not None


def _texts(call: ast.Call) -> Iterator[str]:
    """Arguments of a call that are plain texts."""
    yield from (node.value for node in call.args if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _pairs(tree: ast.AST) -> Iterator[str]:
    """Names of curves that may be meant: two texts side by side in a tuple or call; one in a call means all patients."""
    for node in ast.walk(tree):
        items = node.elts if isinstance(node, ast.Tuple) else node.args if isinstance(node, ast.Call) else []
        texts = [item.value for item in items[:2] if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if texts:
            yield "-".join([*texts, "all"][:2])
