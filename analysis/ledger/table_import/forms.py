"""What the numbers of a table's cell are, by its form and by what its row and column are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.cohorts.study import Study
from analysis.ledger.rows import printed
from analysis.ledger.statistics import REGISTRY, groups
from analysis.ledger.table_import.cells import Cell
from analysis.ledger.table_import.labels import Column, Meaning

WORDS = {
    "n": "number", "pct": "percent", "of": "patients counted", "mean": "mean", "sd": "standard deviation", "median": "median",
    "min": "least", "max": "greatest", "q1": "first quartile", "q3": "third quartile", "est": "", "se": "standard error",
    "lower": "lower limit", "upper": "upper limit",
}  # fmt: skip
"""Parts of ids, and what they say in a row's ``quantity``."""
SUMMARIES = {
    "mean": ("mean", {}), "sd": ("sd", {}), "median": ("median", {}), "min": ("minimum", {}), "max": ("maximum", {}),
    "q1": ("quantile", {"share": "25"}), "q3": ("quantile", {"share": "75"}),
}  # fmt: skip
"""Statistic of each part of a summary, with its further arguments."""
_COUNTED = {
    "number": (("n",), "{n}"),
    "number (number)": (("n", "pct"), "{n} ({pct})"),
    "number/number": (("n", "of"), "{n}/{of}"),
    "number/number (number)": (("n", "of", "pct"), "{n}/{of} ({pct})"),
    "number (number/number)": (("pct", "n", "of"), "{pct} ({n}/{of})"),
}
_COMPARED = {
    "number": (("est",), "{est}"),
    "number ± number": (("est", "se"), "{est} (± {se})"),
    "number (number–number)": (("est", "lower", "upper"), "{est} ({lower}–{upper})"),
    "number (number–open)": (("est", "lower"), "{est} ({lower}–{upper|NR})"),
    "number (open–number)": (("est", "upper"), "{est} ({lower|NR}–{upper})"),
    "open (number–number)": (("lower", "upper"), "{est|NR} ({lower}–{upper})"),
    "open (number–open)": (("lower",), "{est|NR} ({lower}–{upper|NR})"),
}
Parts = tuple[tuple[str, ...], str]
"""Parts of a cell in the order in which it prints them, and their template."""


def is_ratio(statistic: str) -> bool:
    """Whether a statistic is a ratio that may have limits."""
    return statistic in REGISTRY and REGISTRY[statistic].kind == "ratio"


def is_counted(cell: Cell) -> bool:
    """Whether a cell has the form of a count, alone or with its share."""
    return cell.form in _COUNTED


def read_counts(label: str, cell: Cell) -> Parts:
    """Parts of a cell that counts patients.

    Raises
    ------
    ValueError
        If they are no counts with their shares: ``9/30`` in a row *F/M* states two counts, not a share.
    """
    parts, template = _COUNTED.get(cell.form, ((), ""))
    if parts and not ("/" in label and cell.form == "number/number") and _are_plausible(parts, cell.numbers):
        return parts, template
    raise ValueError("counts, at most their denominators, and percentages up to 100; two counts in a cell are two rows")


def _are_plausible(parts: Sequence[str], numbers: Sequence[str]) -> bool:
    values = {part: printed.parse(characters) for part, characters in zip(parts, numbers, strict=True)}
    whole = all(values[part].decimals == 0 and not values[part].percent for part in ("n", "of") if part in values)
    within = "of" not in values or values["n"].value <= values["of"].value
    return whole and within and ("pct" not in values or 0 <= values["pct"].value <= 100)


def read_summary(words: str, caption: str, cell: Cell) -> Parts:
    """Parts of a cell that summarises a variable.

    Parameters
    ----------
    words : str
        Labels of its row and column: ``IQR`` in them makes quartiles of two numbers, *range* the least and greatest value, *mean* an SD
        of what stands in brackets.
    caption : str
        Of the table: says what the labels do not.
    cell : Cell

    Raises
    ------
    ValueError
        If it is no summary, or one that nothing says.
    """
    words, caption = words.casefold(), caption.casefold()
    if cell.form == "number ± number":
        return ("mean", "sd"), "{mean} (± {sd})"
    if cell.form == "number (number)" and "mean" in words and "%" not in "".join(cell.numbers):
        return ("mean", "sd"), "{mean} ({sd})"
    if cell.form == "number (number–number)":
        quartiles, ends = (
            [bool(re.search(pattern, text)) for text in (words, caption)]
            for pattern in (r"\biqr\b|quartile", r"(?<!quartile )(?<!quartile-)\brange\b|\bmin\b|\bmax\b|minimum|maximum")
        )
        for quartile, end in zip(quartiles, ends, strict=True):
            if quartile != end:
                return (
                    (("median", "q1", "q3"), "{median} ({q1}–{q3})") if quartile else (("median", "min", "max"), "{median} ({min}–{max})")
                )
        raise ValueError("what the two numbers in brackets are, in the label or in --caption: 'Age, median (range)' or 'Age, median (IQR)'")
    for word in ("mean", "median"):
        if cell.form == "number" and word in words:
            return (word,), f"{{{word}}}"
    raise ValueError("a summary of the variable: 102.5 ± 60.7, 11 (0–17), or one number in a row that says mean or median")


def check_order(parts: Sequence[str], numbers: Sequence[str]) -> None:
    """Refuse a least value, quartile or limit above the greatest, and an estimate or median outside them.

    Raises
    ------
    ValueError
        With what was expected of the cell.
    """
    values = {part: printed.parse(characters).value for part, characters in zip(parts, numbers, strict=True)}
    ends = ("min", "q1", "lower", "est", "median", "max", "q3", "upper")
    ordered = [values[part] for part in ends if part in values]
    if ordered != sorted(ordered):
        raise ValueError(
            "numbers in order: least, middle, greatest (if the paper prints them so, enter these rows by 'draft', and a finding)"
        )


def read_comparison(statistic: str, cell: Cell) -> tuple[Parts, list[str]]:
    """Parts of a cell that compares or estimates, and the statistic of each.

    Raises
    ------
    ValueError
        If the statistic has no such limits or error.
    """
    parts, template = _COMPARED.get(cell.form, ((), ""))
    stem = statistic.removesuffix("_hr").removesuffix("_or")
    statistics = [
        next((name for name in ((statistic,) if part == "est" else (f"{statistic}_{part}", f"{stem}_{part}")) if name in REGISTRY), "")
        for part in parts
    ]
    if not parts or not all(statistics):
        raise ValueError(f"one number, or limits or an error that {statistic!r} has")
    return (parts, template), statistics


def arguments_of(column: Column, meaning: Meaning, columns: Sequence[Column]) -> dict[str, str]:
    """Arguments of a column's statistic in a row, whose variable fills the first that is missing: ``variable``, then ``by``, then ``modifier``.

    A row's arguments that are those of another column's statistic, such as the units of its ratio, are left out beside a P value, and
    a column of a multivariable model keeps its covariates, where the row has those of the univariable one.
    """
    of_others = {name for one in columns if one.statistic for name in _take(one.statistic)} - _take(column.statistic)
    arguments = column.arguments | {name: value for name, value in meaning.arguments.items() if name not in of_others}
    if "covariates" in column.arguments:
        arguments["covariates"] = _with_trend(column.arguments["covariates"], arguments.get("term", ""))
    required = REGISTRY[column.statistic].required
    for name in ("variable", "by", "modifier"):
        if name in required and meaning.variable and name not in arguments and meaning.variable not in arguments.values():
            arguments = {name: meaning.variable} | arguments
    return arguments


def _with_trend(covariates: str, term: str) -> str:
    """Covariates of a model; where a row asks for a trend over the levels of one, it takes their place."""
    names, trend = groups.names(covariates), groups.trend_of(term)
    if not trend or term in names:
        return covariates
    return ",".join([*(name for name in names if re.split(r"[=!<>]", name)[0].strip() != trend), term])


def _take(statistic: str) -> set[str]:
    return {*REGISTRY[statistic].required, *REGISTRY[statistic].optional, "level"}


def divide(study: Study, populations: Sequence[str]) -> bool:
    """Whether populations are the levels of one variable, all of them, so that their counts add up."""
    levels, names = [], set()
    for population in populations:
        clauses = study.populations[population].condition.clauses
        if len(clauses) != 1 or clauses[0].comparison != "=" or len(clauses[0].values) != 1:
            return False
        names.add((study.populations[population].table, clauses[0].variable))
        levels.append(clauses[0].values[0])
    if len(names) != 1:
        return False
    ((table, name),) = names
    variable = study.variables[table][name]
    return not variable.missing and sorted(levels) == sorted(variable.levels or ("0", "1"))
