"""Sphinx extension: the code of all cells of a page behind one switch in its header.

A page is read as prose, tables and figures; its code is there for whoever asks.  Without scripts a link at the foot
of the page shows it.  Code is no text of the page: the search does not index it.
Markup and states are those of ``book/_static/code.js`` and ``book.css``.
"""

from __future__ import annotations

import json
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from analysis.book.sources import notebooks

HIDDEN = frozenset(("hide-input", "hide_input", "remove-input", "remove_input"))
"""Tags by which notebooks fold or drop the code of single cells: the switch does either for all."""

ANCHOR = "page-code"
"""Fragment of the address that shows a page's code without scripts."""

_LINK = f'<p class="code-link" id="{ANCHOR}"><a href="#{ANCHOR}">Show the code of this page</a></p>\n'
_BUTTON = {
    "type": "javascript",
    "javascript": "codeOfThePage.toggle()",
    "text": "Show code",
    "tooltip": "Show all code of this page",
    "icon": "fas fa-code",
    "label": "code-switch",
    "classes": "pst-js-only",
}


class CodeCell(nodes.Element):
    """The code of a cell, kept as attributes and not as text, which would be indexed."""


def setup(app: Sphinx) -> dict:
    """Read all code of notebooks, and write it to be shown by the switch."""
    app.add_node(CodeCell, html=(_visit, None))
    app.connect("source-read", _read_all_code)
    app.connect("doctree-read", _set_code_apart)
    app.connect("html-page-context", _add_switch, priority=502)  # the theme makes its buttons at 501
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _read_all_code(app: Sphinx, page: str, source: list[str]) -> None:
    if str(app.env.doc2path(page)).endswith(".ipynb"):
        source[0] = with_all_code(source[0])


def with_all_code(text: str) -> str:
    """JSON of a notebook whose cells keep their code: without tags that fold or drop it."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", ())
        if HIDDEN.intersection(tags):
            cell["metadata"]["tags"] = [tag for tag in tags if tag not in HIDDEN]
    return json.dumps(notebook, ensure_ascii=False)


def _set_code_apart(app: Sphinx, document: nodes.document) -> None:
    """Put `CodeCell` in the place of each cell's source."""
    for cell in list(document.findall(nodes.container)):
        if cell.get("nb_element") != "cell_code":
            continue
        sources = [part for part in cell.children if part.get("nb_element") == "cell_code_source"]
        for source in sources:
            blocks = list(source.findall(nodes.literal_block))
            source.replace_self([CodeCell(code=block.astext(), language=block.get("language", "default")) for block in blocks])
        if notebooks.SHOWN in cell.get("cell_metadata", {}).get("tags", ()):
            cell["classes"].append("code-shown")
        if len(cell.children) == len(sources):
            cell["classes"].append("code-only")


def _visit(translator: HTML5Translator, node: CodeCell) -> None:
    highlighted = translator.highlighter.highlight_block(node["code"], node["language"], location=node)
    kind = f"highlight-{node['language']} notranslate"
    translator.body.append(f'<div class="cell_input code-cell docutils container"><div class="{kind}">{highlighted}</div></div>\n')
    raise nodes.SkipNode


def _add_switch(app: Sphinx, page: str, template: str, context: dict, doctree: Any) -> None:
    if doctree is not None and any(doctree.findall(CodeCell)):
        context["header_buttons"].append(_BUTTON)
        context["body"] += _LINK
