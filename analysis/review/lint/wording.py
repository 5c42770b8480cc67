"""The field's words in prose: private or archaic idiom, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
    r"\bstands? (?:beside|for itself|under it)\b": "is shown beside",
    r"\bKaplan-Meier\b": "Kaplan–Meier, with an en dash",
    r"\bMann-Whitney\b": "Mann–Whitney, with an en dash",
    r"\bClopper-Pearson\b": "Clopper–Pearson, with an en dash",
    r"\brandomiz|\btumor\b|\bhematolog|\bleukemia\b|\bpediatric\b|\bcenter\b|\bunivariate\b|\bmultivariate\b": "British spelling; univariable, multivariable",
}
REGISTERS = ("findings.yml", "claims.yml", "briefs.yml", "readings.yml", "ranges.yml", "tables.yml")
"""Files of a study whose texts pages show."""

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
    yield from _faults(
        ((number, line.split(" #")[0]) for number, line in enumerate(text.splitlines(), 1) if not line.lstrip().startswith("#")), shown
    )


def _faults(lines: Iterable[tuple[int, str]], shown: str) -> Iterator[Fault]:
    for number, line in lines:
        plain = _CODE.sub(" ", line)
        for pattern, instead in SUBSTITUTES.items():
            found = re.search(pattern, plain, re.IGNORECASE)
            if found:
                yield Fault(shown, f"line {number}", instead, repr(found[0]))
