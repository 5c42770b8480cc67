"""Formulas become MathML; one that cannot is a warning, so the build fails on it."""

from __future__ import annotations

from docutils import nodes

from analysis.book.sphinx import mathml


def test_fraction_and_sum():
    text = mathml.mathml(r"\sum_i \frac{d_i}{n_i}", True, nodes.math_block())
    assert text.startswith("<math")
    assert "<mfrac>" in text


def test_unknown_command_is_reported_and_shown_as_written(caplog):
    text = mathml.mathml(r"\nosuch < 1", False, nodes.math())
    assert text == r"<code>\nosuch &lt; 1</code>"
    assert "cannot be shown" in caplog.text
