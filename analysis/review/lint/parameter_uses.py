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
        call, (target, *_) = node.value, node.targets
        if call.func.id in MAKERS and not call.args and not call.keywords and isinstance(target, ast.Name):
            found = (found or set(ALWAYS)) | of_page(call.func.id, frozenset({"__init__"} | set(_attributes(tree, target.id))))
    return found


def names_read(code: str) -> set[str]:
    """Names that code reads."""
    return {node.id for node in ast.walk(ast.parse(_plain(code))) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


@cache
def of_page(maker: str, called: frozenset[str]) -> set[str]:
    """Parameters that some attributes of a page depend on, by what their code asks of ``self``."""
    from analysis.pages import page  # all that a page can do

    known = declarations.declared().keys() - declarations.everywhere().keys()
    methods = _methods(getattr(page, maker))
    waiting, seen = list(called), set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += methods.get(name, ())
    return seen & known


@cache
def _methods(owner: type) -> dict[str, set[str]]:
    """What each method of a class, or of those that it inherits from, asks of ``self``."""
    found: dict[str, set[str]] = {}
    for one in owner.__mro__[:-1]:
        body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0].body
        for function in (node for node in body if isinstance(node, ast.FunctionDef)):
            found.setdefault(function.name, set()).update(_attributes(function, "self"), _subscripts(function))
    return found


def _attributes(tree: ast.AST, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
            yield node.attr


def _subscripts(tree: ast.AST) -> Iterator[str]:
    """Names asked for as ``self.parameters["name"]``."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "parameters"
            and isinstance(node.slice, ast.Constant)
        ):
            yield node.slice.value


def _plain(code: str) -> str:
    """Code without magic commands."""
    return "\n".join("" if line.lstrip()[:1] in ("%", "!") else line for line in code.split("\n"))
