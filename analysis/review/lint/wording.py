"""The field's words in prose: private or archaic idiom, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    r"\bless lower\b|\bgoes with a\b": "minus lower, is associated with a",
    r"\bafter Firth\b": "by Firth’s penalised likelihood",
    r"\bone enrolment a child\b|\bone column a child\b": "one … per child",
    r"\bsmallest detectable effect": "minimum detectable effect",
    r"\bstands? (?:beside|for itself|under it)\b": "is shown beside",
    r"\bKaplan-Meier\b": "Kaplan–Meier, with an en dash",
    r"\bMann-Whitney\b": "Mann–Whitney, with an en dash",
    r"\bClopper-Pearson\b": "Clopper–Pearson, with an en dash",
    r"\brandomiz|\btumor\b|\bhematolog|\bleukemia\b|\bpediatric\b|\bcenter\b|\bunivariate\b|\bmultivariate\b": "British spelling; univariable, multivariable",
}
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
    for number, line in prose_lines(text):
        plain = _CODE.sub(" ", line)
        for pattern, instead in SUBSTITUTES.items():
            found = re.search(pattern, plain, re.IGNORECASE)
            if found:
                yield Fault(shown, f"line {number}", instead, repr(found[0]))
