"""What the columns and rows of a printed table are: by their labels, or by braces behind them.

``Arm A, n = 22 {a}`` is a population; ``P {contingency_p; by=arm}`` a statistic with its arguments.  ``Events in A {a; died=1}`` counts
who meets a condition among the patients of each row, ``Grade 3 {a; =3}`` a level of each row's variable, ``Evaluated {a; !=?}`` those
whose value is known.  ``Female {sex=F}`` is a condition, ``Age, months {age_months}`` a variable, ``Patients {}`` everybody,
``Dose {quoted}`` context; ``Women {sex=F; modifier=sex}`` a condition
with further arguments of the columns that compare.  ``P {contingency_p | mann_whitney_p; by=arm}`` names one test of counts and one of
numbers, ``Dose {dose; t_test_p}`` the test of a row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from analysis.cohorts import conditions
from analysis.cohorts.populations import AND
from analysis.cohorts.study import Study
from analysis.cohorts.study_parts import Variable
from analysis.errors import suggestion
from analysis.ledger.statistics import REGISTRY

_BRACES = re.compile(r"^(?P<label>.*?)\s*\{(?P<said>[^{}]*)\}\s*$", re.DOTALL)
_TOTAL = re.compile(r"[\s,;(]*\b[nN]\s*=\s*(?P<n>\d[\d ,\u00a0\u2009\u202f]*)\s*\)?")
_UNKNOWN = {"unknown", "missing", "no data", "not known", "not available", "na", "n/a"}
_YES, _NO = {"yes", "present", "positive"}, {"no", "absent", "negative"}


@dataclass(frozen=True)
class Column:
    """A column of a table: a population, or a statistic that compares.

    `total` has the patients that its label states, as printed; `slug` is its part of ids.  `counted` is a condition that a column
    counts among the patients of each row, `level` what it counts of each row's variable, e.g. ``=3`` or ``!=?``.
    `of_numbers` is the test of rows that summarise a variable, where the column names one for each kind of row.
    """

    label: str
    slug: str
    population: str = ""
    statistic: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    total: str = ""
    counted: str = ""
    level: str = ""
    of_numbers: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it counts or summarises all patients of its population."""
        return not (self.statistic or self.counted or self.level)


@dataclass(frozen=True)
class Meaning:
    """What a row of a table is.

    `kind` is ``everybody``, ``subset``, ``variable``, ``arguments``, ``context`` or ``heading``; `test` the test that the row names.
    """

    kind: str
    subset: str = ""
    variable: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    test: str = ""


def slug_of(text: str) -> str:
    """Words of a label as a part of an id, without units and marks."""
    plain = unicodedata.normalize("NFKD", re.sub("≥|>=", " ge ", re.sub("≤|<=", " le ", text)).replace("<", " lt ").replace(">", " gt "))
    words = re.findall(r"[a-z0-9]+", re.sub(r"[(\[].*?[)\]]|,.*$", "", plain.lower().encode("ascii", "ignore").decode()))
    joined = "_".join(words[:4]) or "row"
    return joined if joined[0].isalpha() else f"n{joined}"


def read_column(study: Study, text: str) -> Column:
    """What a column is.

    Raises
    ------
    ValueError
        With what was expected and what was found, if the label does not say.
    """
    label, said = _parted(text)
    total = _TOTAL.search(label)
    label = _TOTAL.sub("", label).strip(" ,;") or label
    n = total["n"].strip(" ,") if total else ""
    if said is None:
        found = _population(study, label)
        if found:
            return Column(label, found, population=found, total=n)
        if re.fullmatch(r"p(?:[ -]?values?)?", label, re.IGNORECASE):
            raise ValueError(f"the test in braces, as in '{label} {{contingency_p; by=arm}}'", "none")
        raise ValueError(
            "a population or a statistic in braces, as in 'Arm A {a}'", repr(text) + suggestion(label.lower(), study.populations)
        )
    name, *further = (part.strip() for part in said.split(";"))
    if name in study.populations:
        return _counting(study, label, name, [part for part in further if part], n)
    name, arguments = _statistic(said)
    name, _, of_numbers = (part.strip() for part in name.partition("|"))
    for one in filter(None, (name, of_numbers)):
        if one not in REGISTRY:
            raise ValueError(
                "a declared population or a registered statistic", repr(one) + suggestion(one, [*study.populations, *REGISTRY])
            )
    population = arguments.pop("population", "all")
    if population not in study.populations:
        raise ValueError("a declared population", repr(population) + suggestion(population, study.populations))
    return Column(label, "p" if name.endswith("_p") else slug_of(label), population, name, arguments, n, of_numbers=of_numbers)


def told_apart(columns: Sequence[Column]) -> list[Column]:
    """Columns with parts of ids of their own: a second *P* takes that of the column before it, too, or else a number."""
    found: list[Column] = []
    for column in columns:
        used = {one.slug for one in found}
        beside = f"{found[-1].slug}_{column.slug}" if found else column.slug
        free = (name for name in (column.slug, beside, *(f"{column.slug}_{number}" for number in range(2, len(columns) + 1))))
        found.append(replace(column, slug=next(name for name in free if name not in used)))
    return found


def _counting(study: Study, label: str, population: str, further: list[str], total: str) -> Column:
    """Column of a population, of which it may count a condition or a level."""
    slug = slug_of(population) if AND in population else population
    if not further:
        return Column(label, slug, population=population, total=total)
    levels = [part for part in further if part.startswith(("=", "!="))]
    if levels and len(further) > 1:
        raise ValueError("one level of each row's variable, or conditions", repr("; ".join(further)))
    if levels:
        level = levels[0].replace(" ", "")
        words = "known" if level == "!=?" else slug_of(level.replace("!=", "not ").replace("=?", "unknown"))
        return Column(label, f"{slug}_{words}", population, total=total, level=level)
    try:
        condition = conditions.parse(AND.join(further))
        faults = study.faults(condition, study.populations[population].table)
    except ValueError as error:
        raise ValueError("a condition behind the population: 'Events in A {a; died=1}'", str(error)) from None
    if faults:
        raise ValueError("declared variables and levels", "; ".join(faults))
    return Column(label, f"{slug}_{slug_of(str(condition))}", population, total=total, counted=str(condition))


def read_row(study: Study, table: str, text: str, heading: Meaning | None) -> tuple[str, Meaning | None]:
    """Label of a row and what it is; None where neither it nor its heading says.

    Parameters
    ----------
    study : Study
    table : str
        Table of the patients that are counted.
    text : str
    heading : Meaning or None
        Of the row above that heads this one.

    Raises
    ------
    ValueError
        With what was expected and what was found, if the braces speak of something undeclared.
    """
    label, said = _parted(text)
    declared = study.variables.get(table, {})
    if said is None:
        return label, _by_label(declared, label, heading)
    tests = [part for part in map(str.strip, said.split(";")[1:]) if part in REGISTRY]
    said = "; ".join(part for part in map(str.strip, said.split(";")) if part not in tests)
    test = tests[0] if tests else ""
    if not said:
        return label, Meaning("everybody")
    if said == "quoted":
        return label, Meaning("context")
    if said in declared:
        return label, Meaning("variable", variable=said, test=test)
    if "=" in said and said.split("=")[0].strip() in _ARGUMENTS and said.split("=")[0].strip() not in declared:
        return label, Meaning("arguments", arguments=_statistic(f"; {said}")[1])
    said, _, further = (part.strip() for part in said.partition(";"))
    try:
        faults = study.faults(conditions.parse(said), table)
    except ValueError as error:
        raise ValueError("a variable, a condition or arguments of a statistic", f"{said!r}: {error}") from None
    if faults:
        raise ValueError("declared variables and levels", "; ".join(faults))
    arguments = _statistic(f"; {further}")[1]
    return label, Meaning("subset", subset=said, variable=re.split(r"[=!<>]", said)[0].strip(), arguments=arguments, test=test)


_ARGUMENTS = frozenset(name for one in REGISTRY.values() for name in one.required + one.optional)


def is_unknown(text: str) -> bool:
    """Whether a row's label says that it counts those whose value is unknown."""
    return _parted(text)[0].casefold() in _UNKNOWN


def _parted(text: str) -> tuple[str, str | None]:
    match = _BRACES.match(text)
    return (match["label"].strip(), match["said"]) if match else (text.strip(), None)


def _statistic(said: str) -> tuple[str, dict[str, str]]:
    name, *rest = (part.strip() for part in said.split(";"))
    arguments = {}
    for part in filter(None, rest):
        key, equals, value = part.partition("=")
        if not equals:
            raise ValueError("key=value; key=value", repr(part))
        arguments[key.strip()] = value.strip()
    return name, arguments


def _population(study: Study, label: str) -> str:
    """Population that a label names, by its slug or its declared label."""
    wanted = label.casefold()
    named = [slug for slug, one in study.populations.items() if wanted in (slug.casefold(), one.label.casefold())]
    if not named and wanted in ("total", "all", "all patients", "overall"):
        named = [slug for slug, one in study.populations.items() if not one.where]
    return named[0] if named else ""


def _by_label(declared: dict[str, Variable], label: str, heading: Meaning | None) -> Meaning | None:
    wanted = label.casefold().strip()
    if heading and heading.variable in declared:
        level = _level(declared[heading.variable], wanted)
        if level:
            return Meaning("subset", subset=f"{heading.variable}={level}", variable=heading.variable)
    bare = re.sub(r"[,(].*$", "", wanted).strip()
    for name, variable in declared.items():
        if {wanted, bare} & {name.casefold(), name.replace("_", " ").casefold(), variable.label.casefold()} - {""}:
            boolean = variable.type == "boolean"
            return Meaning("subset", subset=f"{name}=1", variable=name) if boolean else Meaning("variable", variable=name)
    if heading and heading.kind == "variable" and wanted in _UNKNOWN:
        return Meaning("subset", subset=f"{heading.variable}=?", variable=heading.variable)
    return Meaning("everybody") if wanted in ("patients", "n", "number of patients", "total", "all patients", "patients, n") else None


def _level(variable: Variable, wanted: str) -> str:
    for level in variable.levels:
        if level.casefold() == wanted:
            return level
    if variable.type == "boolean" and wanted in _YES | _NO:
        return "1" if wanted in _YES else "0"
    return "?" if wanted in _UNKNOWN else ""
