"""The field's words in prose: private or archaic idiom, and what to write instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from analysis.errors import Fault
from analysis.review.lint.line_breaks import prose_lines

#: What is not to be written, as a regular expression, and what is.
SUBSTITUTES = {
    r"\bcom(?:es?|ing) back\b|\bcame back\b": "is reproduced, was reproduced",
    r"\breckon(?:s|ed|ing)? with\b": "account for",
    r"\bin the median\b": "a median of",
    r"\bhangs? on\b": "depends on",
    r"\bset against\b": "compared with",
    r"\broom for\b": "compatible with",
    r"\bwhoever\b": "those who",
    r"\ballotted\b": "allocated, randomised",
    r"\bcannot be told apart\b|\bcan be told apart\b": "cannot be distinguished, can be distinguished",
    r"\bless lower\b": "minus lower",
    r"\b(?:go|goes|went) with (?:a|an|better|worse|high|higher|low|lower)\b": "is associated with",
    r"\bafter Firth\b": "by Firth’s penalised likelihood",
    r"\bone enrolment a child\b|\bone column a child\b": "one … per child",
    r"\bsmallest detectable effect": "minimum detectable effect",
    r"\bwhat came of\b": "the result of",
    r"\bstands? (?:beside|for itself|under it)\b": "is shown beside",
    r"\bKaplan-Meier\b": "Kaplan–Meier, with an en dash",
    r"\bMann-Whitney\b": "Mann–Whitney, with an en dash",
    r"\b(?:Clopper-Pearson|Aalen-Johansen|Mantel-Byar|Simon-Makuch|Benjamini-Hochberg|Mantel-Haenszel|Kruskal-Wallis|Freeman-Halton|Nelson-Aalen|Tarone-Ware)\b": "two names, with an en dash",
    r"\bthe interval holds\b|\bthe interval has room\b": "the CI includes",
    r"\bcould have been found\b": "minimum detectable",
    r"\bof the rarer kind\b": "events per variable",
    r"\brandomiz|\btumor\b|\bhematolog|\bleukemia\b|\bpediatric\b|\bcenter\b|\bunivariate\b|\bmultivariate\b": "British spelling; univariable, multivariable",
}
REGISTERS = ("findings.yml", "claims.yml", "briefs.yml", "readings.yml", "ranges.yml", "tables.yml")
"""Files of a study whose texts pages show."""

PAGES = ("analysis/pages/", "analysis/tables/", "analysis/figures/")
"""Code whose texts pages show."""

_HYPHEN = {r"(?<=\d)-(?=\d)": "a range with an en dash"}
_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"^(?:upper|lower|center)(?: (?:left|right|center))?$")
"""Where matplotlib puts a legend."""
_NAMED = re.compile(r"\s*(?:- )?(?:id|subset|where):")
_TAGS = re.compile(r"^:.*$", re.MULTILINE)
_CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|\{cite\}`[^`]*`|\$[^$]*\$")


def faults_of(text: str, shown: str) -> Iterator[Fault]:
    """Words of a page's prose that the field does not use.

    Code, addresses, tables and headings are left alone.

    Parameters
    ----------
    text : str
        Markdown of a page.
    shown : str
        Its name, for the messages.
    """
    yield from _faults(prose_lines(text), shown)


def faults_of_register(text: str, shown: str) -> Iterator[Fault]:
    """The same of a YAML file whose texts pages show, line by line; comments are no text."""
    lines = [(number, line.split(" #")[0]) for number, line in enumerate(text.splitlines(), 1) if not line.lstrip().startswith("#")]
    lines = [(number, line) for number, line in lines if not _NAMED.match(line)]
    yield from _faults(lines, shown, SUBSTITUTES | _HYPHEN)


def faults_of_cells(text: str, shown: str) -> Iterator[Fault]:
    """The same of the texts in a notebook's code: titles, captions and labels."""
    for cell in _CELL.finditer(text):
        code = _TAGS.sub("", cell[1])
        try:
            yield from _faults(_strings(code, text.count("\n", 0, cell.start(1))), shown)
        except SyntaxError:
            return  # the build will say so, with the cell


def faults_of_code(text: str, shown: str) -> Iterator[Fault]:
    """The same of the texts in a module that pages show; docstrings and comments are for its readers."""
    yield from _faults(_strings(text), shown)


def _strings(code: str, before: int = 0) -> Iterator[tuple[int, str]]:
    """Lines and texts of code, but for its docstrings."""
    tree = ast.parse(code)
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in documented:
            continue
        text = node.value.strip()
        words = " " in text or text[:1].isupper()  # a word in lower case is a name of code, and braces are another language
        if words and "{" not in text and not _PLACE.match(text):
            yield before + node.lineno, node.value


def _faults(lines: Iterable[tuple[int, str]], shown: str, substitutes: Mapping[str, str] = SUBSTITUTES) -> Iterator[Fault]:
    for number, line in lines:
        plain = _CODE.sub(" ", line)
        for pattern, instead in substitutes.items():
            found = re.search(pattern, plain, re.IGNORECASE)
            if found:
                yield Fault(shown, f"line {number}", instead, repr(found[0]))
