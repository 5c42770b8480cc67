"""Which parameters the results of a notebook depend on, read from its code and that of the page, without running either."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache

from analysis.parameters import declarations

MAKERS = ("Page", "GeneralPage")
"""Classes that a notebook makes without arguments: they take its parameters."""

ALWAYS = ("study", "cohort")
"""What every page of a study opens with, beside the parameters that all pages honour."""


def of_code(code: str) -> set[str] | None:
    """Parameters that the cell tagged ``parameters`` must name, those of every page left out.

    Parameters
    ----------
    code : str
        The notebook's code, the parameters cell left out.

    Returns
    -------
    set of str or None
        None where no page is made of the notebook's parameters.
    """
    tree = ast.parse(_plain(code))
    found: set[str] | None = None
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)):
            continue
        call, maker, (target, *_) = node.value, node.value.func.id, node.targets
        if maker in MAKERS and not call.args and not call.keywords and isinstance(target, ast.Name):
            found = (found or set(ALWAYS)) | of_page(maker, frozenset({"__init__"} | set(_attributes(tree, target.id))))
    return found


def names_read(code: str) -> set[str]:
    """Names that code reads."""
    return {node.id for node in ast.walk(ast.parse(_plain(code))) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


@cache
def of_page(maker: str, called: frozenset[str]) -> set[str]:
    """Parameters that some attributes of a page, or calls such as ``figure.survival``, depend on, by what their code asks of the page."""
    from analysis.pages import page  # all that a page can do
    from analysis.pages.section import calls

    owner = getattr(page, maker)
    sections = {f"{call.kind}.{call.name}": call for call in calls(owner.sections)}
    known = declarations.list_parameters().keys() - declarations.everywhere().keys()
    waiting: list[tuple[type, str]] = [
        (sections[name].section, sections[name].name) if name in sections else (owner, name) for name in called
    ]
    seen = set()
    while waiting:
        where, name = waiting.pop()
        if (where, name) not in seen:
            seen.add((where, name))
            own, of_the_page = _methods(where).get(name, (set(), set()))
            waiting += [*((where, one) for one in own), *((owner, one) for one in of_the_page)]
    return {name for where, name in seen if where is owner} & known


@cache
def _methods(owner: type) -> dict[str, tuple[set[str], set[str]]]:
    """What each method of a class, or of those that it inherits from, asks of ``self`` and of ``self.page``."""
    from analysis.pages.section import Section

    found: dict[str, tuple[set[str], set[str]]] = {}
    for one in owner.__mro__[:-1]:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(one))).body
        for function in (node for node in ast.iter_child_nodes(definition) if isinstance(node, ast.FunctionDef)):
            own, of_the_page = found.setdefault(function.name, (set(), set()))
            names = set(_attributes(function, "self"))
            own.update(name for name in names if "." not in name)
            of_the_page.update(name.removeprefix("page.") for name in names if name.startswith("page."))
            (of_the_page if issubclass(owner, Section) else own).update(_subscripts(function))
    return found


def _attributes(tree: ast.AST, name: str) -> Iterator[str]:
    """Attributes of a name, and attributes of these: ``figure`` and ``figure.survival``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            inner = node.value
            if isinstance(inner, ast.Name) and inner.id == name:
                yield node.attr
            elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == name:
                yield f"{inner.attr}.{node.attr}"


def _subscripts(tree: ast.AST) -> Iterator[str]:
    """Names asked for as ``parameters["name"]`` of an object."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "parameters"
            and isinstance(node.slice, ast.Constant)
        ):
            yield str(node.slice.value)


def _plain(code: str) -> str:
    """Code without magic commands."""
    return "\n".join("" if line.lstrip()[:1] in ("%", "!") else line for line in code.split("\n"))
