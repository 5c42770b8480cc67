"""Numbers as they are set, where data files keep them in plain characters."""

from __future__ import annotations

import re

_POWER = re.compile(
    r"(?:(?P<times>\d[\d.]*) ?[x×] ?10\^(?P<caret>\d+)|\b10\^(?P<alone>\d+)|\b(?P<mantissa>\d[\d.]*)e(?P<exponent>\d+)(?=/))"
)
_MINUS, _TIMES = re.compile(r"(?<=[\d)]) - (?=[\d(])"), re.compile(r"(?<=[\d)]) x (?=[\d(])")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(text: str) -> str:
    """Powers of ten, minus and times signs as they are set.

    ``100 × 10⁹/L`` for ``100e9/L`` and for ``100 x 10^9/L``, ``10⁹/L`` for ``1e9/L``, ``10 − 7`` for ``10 - 7``. A factor
    and its power stay on one line.
    """
    return _TIMES.sub(" × ", _MINUS.sub(" − ", _POWER.sub(_power, text)))


def sentence_case(text: str) -> str:
    """Text that begins with a capital, unless its first word is no plain word: ``t(8;21)``, ``mRNA``."""
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+[-,:;]?(?:[ a-z]|$)", text) else text


def _power(found: re.Match[str]) -> str:
    factor = found["times"] or found["mantissa"] or ""
    power = "10" + (found["caret"] or found["alone"] or found["exponent"]).translate(_RAISED)
    return power if factor in ("", "1") else f"{factor}\u00a0×\u00a0{power}"
