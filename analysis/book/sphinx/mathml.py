"""Sphinx extension: mathematics as MathML, which browsers show without any script."""

from __future__ import annotations

import html

from docutils import nodes
from docutils.utils.math import latex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def mathml(latex: str, block: bool, node: nodes.Element) -> str:
    """MathML of a formula.

    A formula that cannot be converted is shown as it was written and reported as a
    warning, which the build of the book treats as an error.

    Parameters
    ----------
    latex : str
        Formula without dollar signs.
    block : bool
        Whether it stands on its own line.
    node : nodes.Element
        Where it stands, for the warning.
    """
    try:
        return "".join(latex2mathml.tex2mathml(latex, as_block=block).split("\n"))
    except (SyntaxError, ValueError) as error:
        logger.warning("formula %r cannot be shown: %s", latex, error, location=node)
        return f"<code>{html.escape(latex)}</code>"


def visit_inline(self, node: nodes.math) -> None:
    """Write a formula within a line."""
    self.body.append(f'<span class="math">{mathml(node.astext(), False, node)}</span>')
    raise nodes.SkipNode


def visit_block(self, node: nodes.math_block) -> None:
    """Write a formula on its own line, with its number if it has one; it scrolls in itself, by keyboard as well."""
    self.body.append(self.starttag(node, "div", CLASS="math", tabindex="0"))
    if node.get("number"):
        number = f"({node['number']})"
        self.body.append(f'<span class="eqno">{number}')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append(mathml(node.astext(), True, node) + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    """Register the renderer; ``html_math_renderer: mathml`` selects it."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
