"""What a printed number says: its value, its decimals, and whether it only bounds.

The ledger keeps the characters as printed (``64.71%``, ``<0.001``, ``Twenty-two``).
This module reads them.  It never rounds: rounding belongs to `analysis.ledger.rows.rounding`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: number for number, word in enumerate(_UNITS)}
WORDS |= {word: 10 * number for number, word in enumerate(_TENS, 2)}
WORDS |= {f"{tens}-{unit}": 10 * t + u for t, tens in enumerate(_TENS, 2) for u, unit in enumerate(_UNITS[1:10], 1)}
WORDS |= {f"{words} hundred": 100 * number for words, number in list(WORDS.items()) if 0 < number < 10} | {"a hundred": 100}
WORDS |= {
    f"{hundreds} {word}": number + rest
    for hundreds, number in list(WORDS.items())
    if number >= 100
    for word, rest in list(WORDS.items())
    if 0 < rest < 100
}
WORDS |= {"no": 0, "none": 0, "a": 1, "an": 1, "once": 1, "twice": 2, "both": 2, "half": 50}
WORDS |= {
    word: number for number, word in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"], 1)
}

#: Qualifying words, with the relation of the true value to the printed one that they state.
RELATIONS = {
    "<": "<", "less than": "<", "under": "<", "below": "<", "fewer than": "<",
    ">": ">", "more than": ">", "over": ">", "above": ">", "exceeding": ">", "greater than": ">",
    "≤": "≤", "<=": "≤", "at most": "≤", "up to": "≤",
    "≥": "≥", ">=": "≥", "at least": "≥", "or more": "≥",
    "almost": "↑", "nearly": "↑", "close to": "≈",
    "about": "≈", "approximately": "≈", "around": "≈", "ca.": "≈", "~": "≈", "∼": "≈", "≈": "≈",
}  # fmt: skip
_QUALIFIED = re.compile(
    r"^(?P<relation>" + "|".join(re.escape(words) for words in sorted(RELATIONS, key=len, reverse=True)) + r")?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
#: Signs that journals set as a decimal point: middle dot, bullet, bullet operator, dot operator, full-width stop.
_POINTS = str.maketrans(dict.fromkeys("·•∙⋅．", "."))
#: Signs that look alike and mean the same: minus and hyphens, relations, spaces of a figure's width or none at all.
_ALIKE = str.maketrans({**dict.fromkeys("‐‑﹣－", "-"), **dict.fromkeys("⩽≦", "≤"), **dict.fromkeys("⩾≧", "≥"), "＜": "<", "＞": ">", "≃": "≈",
                        "\u2007": "\u2009", "\u200b": "", "\u2060": "", "％": "%"})  # fmt: skip
#: Spaces and apostrophes that divide thousands; the comma is told from a decimal one by what follows.
_GROUPING = " \u00a0\u2009\u202f'’"
_HYPHENS = str.maketrans(dict.fromkeys("‐‑–", "-"))
#: The name of a P value before its relation: "P = 0.03", "p<·001", "P value 0.03".
_P = re.compile(r"^[Pp](?:[\s-]?(?i:values?)(?:\s+|\s*(?=[=<>≤≥]))|\s*(?=[=<>≤≥]))=?\s*")
_DIGITS = re.compile(
    rf"^(?P<sign>[-−–+])?(?P<digits>\d{{1,3}}(?:(?P<group>[,{_GROUPING}])\d{{3}})(?:(?P=group)\d{{3}})*|\d*)"
    r"(?P<fraction>[.,]\d+)?\s*(?P<percent>%*)(?P<mark>[a-h]|[*†‡§¶‖#]+)?$"
)
#: A power of ten: "5 × 10⁻⁴", "5×10-4", "1.2E-05".
_POWER = re.compile(r"^(?P<number>\d+(?:\.\d+)?)\s*(?:[×x*]\s*10\s?\^?|[eE])(?P<power>[-−–]\s?\d{1,2})$")
_HIGH = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
#: A comma before other than three digits, or after a leading zero, is a decimal one ("0,05", "102,5").
_DECIMAL_COMMA = re.compile(r"^\D*(?:0,\d+|\d+,(?:\d{1,2}|\d{4,}))\D*$")


@dataclass(frozen=True)
class Printed:
    """A printed number.

    Attributes
    ----------
    text : str
        The characters as printed.
    value : Decimal
        The number (63.37 for ``63.37%``; a percentage stays in percent).
    decimals : int
        Digits printed after the point.
    percent : bool
        Whether a per cent sign stands behind it.
    relation : str
        ``=`` an equality; ``<``, ``≤``, ``>``, ``≥`` a bound; ``↑`` "almost" (a little less);
        ``≈`` "about".
    """

    text: str
    value: Decimal
    decimals: int
    percent: bool
    relation: str

    @property
    def unit_in_last_place(self) -> Decimal:
        """One unit of the last printed digit, e.g. 0.01 for ``64.71``."""
        return Decimal(1).scaleb(-self.decimals)

    @property
    def has_decimal_comma(self) -> bool:
        """Whether its decimals stand behind a comma."""
        return bool(self.decimals) and re.search(rf",\d{{{self.decimals}}}\D*$", self.text) is not None

    @property
    def has_raised_dot(self) -> bool:
        """Whether its decimals stand behind a dot that is none of the line, which divides no thousands."""
        return bool(self.decimals) and re.search(rf"[·•∙⋅]\d{{{self.decimals}}}\D*$", self.text) is not None

    @property
    def grain(self) -> Decimal:
        """Coarseness of a loose statement: 10 for ``almost 40%``, 1 for ``about 23``."""
        digits = str(abs(int(self.value)))
        zeros = len(digits) - len(digits.rstrip("0")) if self.decimals == 0 and self.value else 0
        return Decimal(10) ** zeros if zeros else self.unit_in_last_place


def parse(text: str) -> Printed:
    """Read a printed number.

    Parameters
    ----------
    text : str
        E.g. ``64.71%``, ``<0.001``, ``Twenty-two``, ``almost 40%``, ``27%%``, ``0a`` (a
        footnote letter), ``1,013``; as other journals set them ``35·9%``, ``P=·03``, ``0,05``,
        ``1 234``, ``5 × 10⁻⁴``. A comma before exactly three digits divides thousands, but after a leading zero.

    Returns
    -------
    Printed

    Raises
    ------
    ValueError
        If the characters are no number; the message shows them.
    """
    match = _QUALIFIED.match(_P.sub("", text.translate(_ALIKE).strip()))
    if match is None:
        raise ValueError(f"not a printed number: {text!r}")
    relation = RELATIONS[match["relation"].lower()] if match["relation"] else "="
    rest = match["rest"].strip()
    words = " ".join(rest.lower().translate(_HYPHENS).replace(" and ", " ").split())
    if (spelled := words if words in WORDS else "-".join(words.split())) in WORDS:
        return Printed(text, Decimal(WORDS[spelled]), 0, spelled == "half", relation)
    rest = rest.translate(_POINTS)
    if power := _POWER.match(rest.translate(_HIGH)):
        exponent = int(re.sub(r"\D", "", power["power"]))
        value = Decimal(power["number"]).scaleb(-exponent)
        return Printed(text, value, exponent + len(power["number"].partition(".")[2]), False, relation)
    if _DECIMAL_COMMA.match(rest) and "." not in rest:
        rest = rest.replace(",", ".")
    found = _DIGITS.match(rest)
    if not found or not (found["digits"] or found["fraction"]) or (found["group"] == "," and "," in (found["fraction"] or "")):
        raise ValueError(f"not a printed number: {text!r}")
    fraction = (found["fraction"] or "").replace(",", ".")
    value = Decimal((re.sub(r"\D", "", found["digits"]) or "0") + fraction)
    if found["sign"] and found["sign"] != "+":
        value = -value
    return Printed(text, value, max(len(fraction) - 1, 0), bool(found["percent"]), relation)


_LEVEL = re.compile(r"\b(\d\d(?:[.,·]\d)?)\s?%[\s-]?(?:CIs?\b|C\.I\.|confidence|credible|limits?\b)", re.IGNORECASE)


def stated_levels(text: str) -> list[str]:
    """Confidence levels in percent that a text states, in its order: ``90`` of *51% (90% CI 44–58)*."""
    return [re.sub("[,·]", ".", level) for level in _LEVEL.findall(text)]
