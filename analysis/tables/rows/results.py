"""A printed result on one line, as a paper writes it: an estimate with its limits and P, a count with its percentage."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.ledger.verdicts.audit import Judgement
from analysis.tables.html.formatting import MISSING, format_recomputed

#: Text between numbers, or a number.
Part = str | Judgement

_COUNTS = ("count", "distinct")
_LOWER, _UPPER = ("_lower", "minimum"), ("_upper", "maximum")
_QUANTILE = ("quantile",)
_SPREAD = ("_se", "sd")
USUAL = 0.95
"""Confidence level of limits of which a paper need not say more."""


def arrange(cells: Sequence[Judgement], text: Callable[[Judgement], str] = format_recomputed) -> list[Part]:
    """Put the numbers of a result in the order in which papers print them, with the signs between them.

    Parameters
    ----------
    cells : sequence of Judgement
        One result: at most one estimate with one spread, one pair of limits and one P; or counts and a percentage.
    text : callable
        Characters of a number. Limits that are ranges themselves are divided by a semicolon.

    Returns
    -------
    list of str or Judgement
        ``[0.49, " (", 0.16, "–", 1.56, "), P = ", 0.265]``, with judgements in the place of numbers.
    """
    if len(cells) == 1:
        return list(cells)
    bounds = [cell for side in (_is_lower, _is_upper) for cell in cells if side(cell)]
    bounding = {cell.row.id for cell in bounds}
    rest = [cell for cell in cells if cell.row.id not in bounding and not _is(cell, (*_SPREAD, "_p"))]
    counts = [cell for cell in rest if cell.row.statistic in _COUNTS]
    others = [cell for cell in rest if cell not in counts]
    line = _join(counts, " of ")
    if counts and others:
        line = [*others, " (", *line, ")"] if rest[0] in others else [*line, " (", *_join(others, ", "), ")"]
    else:
        line += _join(others, ", ")
    for spread in (cell for cell in cells if _is(cell, _SPREAD)):
        line += [" ± ", spread] if line else [spread]
    for pair in _pairs(bounds):
        ends = [text(cell) for cell in pair]
        signed = any(end[:1] in ("-", "−", "<", ">", MISSING) for end in ends)
        between = _join(pair, "; " if any(" to " in end for end in ends) else " to " if signed else "–")
        if len(pair) == 1 and line and _is(pair[0], ("_lower", "_upper")):  # the other limit was not reached
            between = ["CI from " if _is(pair[0], ("_lower",)) else "CI up to ", *pair]
        level = {cell.row.level for cell in pair} - {USUAL}
        told = f"{100 * level.pop():g}% CI " if len(level) == 1 else ""  # 95 % goes without saying
        line = [*line, f" ({told}", *between, ")"] if line else [told, *between] if told else between
    for p in (cell for cell in cells if _is(cell, ("_p",))):
        line += [f"{', ' if line else ''}P {'= ' if text(p)[:1].isdigit() else ''}", p]
    return line


def write(cells: Sequence[Judgement], text: Callable[[Judgement], str] = format_recomputed) -> str:
    """A result as plain characters; a single dash where nothing of it is recomputed."""
    if all(text(cell) == MISSING for cell in cells):
        return MISSING
    return "".join(part if isinstance(part, str) else text(part) for part in arrange(cells, text))


def print_as_is(judgement: Judgement) -> str:
    """The characters of the paper."""
    return judgement.row.printed


SPELLED = {
    "fisher": "Fisher’s exact test",
    "pearson": "Pearson’s χ² test",
    "fisher with the no-data category": "Fisher’s exact test, no data as a category",
    "pearson with the no-data category": "Pearson’s χ² test, no data as a category",
    "logrank": "log-rank test",
    "logrank-oe": "log-rank hazard ratio (O/E)",
    "mantel-haenszel": "Mantel–Haenszel hazard ratio",
    "cox-efron": "Cox model, Efron’s ties",
    "cox-breslow": "Cox model, Breslow’s ties",
    "breslow, switched from its month on": "Cox model, Breslow’s ties; counted in the new state from its month on",
    "log": "interval on the log scale",
    "log-log": "interval on the log-log scale",
    "plain": "interval on the plain scale",
    "over all": "over all patients",
    "n-1": "standard deviation with n − 1",
    "wald": "Wald method",
    "exact": "exact method",
    "asymptotic": "normal approximation",
}
"""What a reader is told in place of the names of conventions that ledgers and parameters use."""


def name_conventions(cells: Sequence[Judgement]) -> str:
    """Conventions of all numbers of a result, each once, in words where they have a name of their own."""
    return "; ".join(dict.fromkeys(SPELLED.get(part, part) for cell in cells for part in cell.convention.split("; ") if part))


def _is_lower(cell: Judgement) -> bool:
    return _is(cell, _LOWER) or (_is(cell, _QUANTILE) and float(cell.row.arguments.get("share", 50)) < 50)


def _is_upper(cell: Judgement) -> bool:
    return _is(cell, _UPPER) or (_is(cell, _QUANTILE) and float(cell.row.arguments.get("share", 50)) > 50)


def _pairs(bounds: Sequence[Judgement]) -> list[list[Judgement]]:
    """Bounds that belong together: quartiles, ranges and limits of one estimate are pairs of their own."""
    found: dict[str, list[Judgement]] = {}
    for cell in bounds:
        stem = next((cell.row.statistic.removesuffix(end) for end in ("_lower", "_upper") if cell.row.statistic.endswith(end)), "")
        found.setdefault("quantiles" if _is(cell, _QUANTILE) else stem, []).append(cell)
    return list(found.values())


def _is(cell: Judgement, endings: tuple[str, ...]) -> bool:
    return cell.row.statistic.endswith(endings)


def _join(cells: Sequence[Judgement], sign: str) -> list[Part]:
    return [part for cell in cells for part in (sign, cell)][1:]
