"""Sphinx extension: a range, a P value, the name of an interval and a power of ten stay on one line.

A browser breaks a line after the dash of a range and around the sign between P and its value, which no style sheet
forbids within a sentence.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

#: Left as it is; the text that a page shows is what else stands before the next tag: within a tag, ">" comes before "<".
_KEPT = r'<(?P<kept>head|pre|code|script|style|svg|math|textarea|option)\b.*?</(?P=kept)>|<span class="one-line">[^<]*'
_NUMBER = r"[-−]?\d[\d.,]*(?<![.,])%?"
_SIGN = r"(?:=|≤|≥|&[lg]t;)"
_POWER = r"\d[\d.]*[ \xa0]×[ \xa0]10[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:/L)?"
_WHOLE = re.compile(
    rf"{_KEPT}|(?P<whole>{_NUMBER}–{_NUMBER}|\bP[ \xa0]{_SIGN}[ \xa0]{_NUMBER}|\b\d\d%[ ]CI\b|\b{_POWER})(?=[^<>]*<)", re.DOTALL
)
_BEFORE_A_NUMBER = re.compile(rf"{_KEPT}|\bP (?:{_SIGN} )?(?=<(?:a|span)\b)|(?<=[\d%>])–(?=<(?:a|span)\b)", re.DOTALL)
_JOINER = "\u2060"


def setup(app: Sphinx) -> dict:
    """Look at each page that is written."""
    app.connect("html-page-context", _set)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _set(app: Sphinx, page: str, template: str, context: dict, doctree: Any) -> None:
    if context.get("body"):
        context["body"] = keep_numbers_whole(context["body"])


def keep_numbers_whole(html: str) -> str:
    """The HTML of a page on which no line breaks within a number.

    Text keeps its characters, to be searched and copied.  Where a number is an element of its own, the blank or the dash
    before it forbids the break.  Code, drawings, formulas and what is whole already stay as they are.
    """

    def whole(found: re.Match[str]) -> str:
        return f'<span class="one-line">{found["whole"]}</span>' if found["whole"] else found[0]

    def before_a_number(found: re.Match[str]) -> str:
        if found[0].startswith("<"):
            return found[0]
        return f"–{_JOINER}" if found[0] == "–" else found[0].replace(" ", "\xa0")

    return _BEFORE_A_NUMBER.sub(before_a_number, _WHOLE.sub(whole, html))
