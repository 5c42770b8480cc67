"""The parameters that notebooks can be executed with, declared once.

The command line's help, the messages and the reference page of the book are made from `declared`.
"""

from __future__ import annotations

from pathlib import Path

from analysis import paths
from analysis.cohorts.cohort_choice import Member, parse_cohort
from analysis.errors import InputError
from analysis.figures.look import RISK_ROWS, SHARES
from analysis.parameters.parameter import Parameter

UNDIVIDED = "undivided"
"""What the parameter ``grouping`` is where the patients are not to be divided."""


def _member(text: str) -> str | None:
    cohort = parse_cohort(text)
    return str(cohort) if isinstance(cohort, Member) else None


def _study_folder(text: str) -> str | None:
    """A study by the folder that holds its study.yml."""
    try:
        return paths.find_study(text)
    except InputError:
        return None


_PATIENTS = (
    Parameter(
        "cohort",
        Path,
        "patient table to analyse, or a sampled cohort in place of the reference; none: the study's reference cohort",
        optional=True,
        special=_member,
        words="an existing file, 'member N' of the ensemble,",
    ),
    Parameter(
        "where",
        str,
        "condition that patients must meet, on the columns of the table cohort",
        default="",
        everywhere=True,
        words="a condition such as 'variable=level & number>=10'",
    ),
    Parameter("first_enrolments", bool, "only the first row of a patient who has several", default=False, everywhere=True),
    Parameter(
        "reading",
        str,
        "interpretation of an ambiguous sentence: the numbers that it concerns are recomputed and judged accordingly, and the page says what else it would imply",
        optional=True,
        everywhere=True,
        words="the name of a reading that the study declares",
    ),
)
"""Whose patients, which of them, and how an ambiguous sentence of the paper is read."""

_COMPARISON = (
    Parameter(
        "endpoint",
        str,
        "endpoint of a general page; none: the study's first, for competing risks the first with a declared competing event",
        optional=True,
        words="the name of an endpoint that the study declares",
    ),
    Parameter(
        "origin",
        str,
        "variable with the time from the endpoint's origin to a later one, from which time is then counted; patients who did not get there at risk are left out",
        optional=True,
        words="the name of a variable with a time",
    ),
    Parameter(
        "grouping",
        str,
        f"variable that divides the patients of such a page, or '{UNDIVIDED}'; none: the first grouping that the study declares and the cohort has",
        optional=True,
        words=f"the name of a category or truth value that the study declares, '{UNDIVIDED}',",
    ),
    Parameter("levels", list, "levels of the grouping to show, the reference last; none: all that occur", optional=True),
    Parameter(
        "covariates",
        list,
        "covariates of a Cox model: variables of the table cohort, or conditions on them; a category is compared level by level with its reference; none: on a page bound to no paper the declared groupings known at the start",
        optional=True,
        words="variables of the cohort or conditions such as 'age>=10', separated by commas",
    ),
    Parameter(
        "competing",
        str,
        "patients with a competing event: those without the endpoint's event who meet this condition, or for whom this truth value is true; none: as the endpoint declares",
        optional=True,
        words="a condition such as 'died=1', or the name of a truth value",
    ),
)
"""What a page compares that is bound to no figure of a paper."""

_METHODS = (
    Parameter(
        "horizon",
        float,
        "follow-up that curves and tables show, and the end of restricted means, from the endpoint's origin; tests and ratios use all follow-up",
        default=36.0,
        unit="months",
        low=1,
        high=600,
        varies=True,
    ),
    Parameter(
        "censor_at",
        float,
        "follow-up that every analysis uses, from each endpoint's origin: later events are censored, and no printed numbers are shown",
        optional=True,
        unit="months",
        low=1,
        high=600,
        everywhere=True,
    ),
    Parameter(
        "landmark",
        float,
        "landmark for analyses of events during follow-up, from the endpoint's origin",
        default=6.0,
        unit="months",
        low=0,
        high=120,
        varies=True,
    ),
    Parameter("level", float, "confidence level of the intervals", default=0.95, low=0.5, high=0.999),
    Parameter(
        "interval",
        str,
        "scale on which the interval of S(t) is symmetrical; none: the study's, log where it declares none",
        optional=True,
        choices=("log", "log-log", "plain"),
    ),
    Parameter(
        "ties",
        str,
        "handling of tied times in the Cox models of a page; printed numbers keep the conventions they are judged under",
        default="breslow",
        choices=("breslow", "efron", "exact"),
        varies=True,
    ),
    Parameter("seed", int, "start of the random number generator", default=20240501, low=0, high=2**32 - 1),
)
"""Follow-up and methods of analysis."""

_DISCLOSURE = (
    Parameter(
        "disclosure",
        str,
        "what a page may show of your own cohort: 'local' lifts the protection, for pages that stay with those who may see the rows",
        default="protected",
        choices=("protected", "local"),
        everywhere=True,
    ),
    Parameter(
        "threshold",
        int,
        "counts of your own patients are shown in ranges of this width, and smaller counts not at all",
        default=5,
        unit="patients",
        low=2,
        high=100,
        everywhere=True,
    ),
    Parameter(
        "coarsening",
        float,
        "times of your own patients are divided at multiples of this",
        default=3.0,
        unit="months",
        low=0.5,
        high=60,
        everywhere=True,
    ),
)
"""What may be told of patients of your own."""

_FIGURES = (
    Parameter(
        "figure_width",
        float,
        "width of the figures of a page, with text of unchanged size; 85 and 178 are one and two columns of a journal",
        default=114.3,
        unit="mm",
        low=80,
        high=250,
        everywhere=True,
    ),
    Parameter(
        "time_unit",
        str,
        "unit in which the time axes of figures are labelled; none: the study's, months where it declares none",
        optional=True,
        choices=("months", "years"),
        everywhere=True,
    ),
    Parameter(
        "shares",
        str,
        "how figures show proportions of patients, such as survival: in percent, or as fractions of 1",
        default="percent",
        choices=SHARES,
        everywhere=True,
    ),
    Parameter(
        "risk_rows",
        str,
        "table below curves: numbers at risk with events and other ends, numbers at risk alone, or none",
        default="all",
        choices=RISK_ROWS,
        everywhere=True,
    ),
)
"""How figures look."""

_BESIDE = (
    Parameter(
        "compare",
        bool,
        "your own patients compared with the published cohort: curves and hazard ratio, exploratory, without P values",
        default=False,
    ),
)
"""What stands beside patients of your own."""


def list_parameters() -> dict[str, Parameter]:
    """All parameters by name; the studies are those that stand in ``data``."""
    study = Parameter(
        "study",
        str,
        "study whose declarations, ledger and cohort are read; or a folder with a study.yml",
        choices=tuple(paths.studies()),
        varies=True,
        special=_study_folder,
        words=f"one of {', '.join(paths.studies())}, or a folder with a study.yml",
    )
    everything = (study, *_PATIENTS, *_COMPARISON, *_METHODS, *_DISCLOSURE, *_FIGURES, *_BESIDE)
    return {parameter.name: parameter for parameter in everything}


def everywhere() -> dict[str, Parameter]:
    """The parameters that every page honours."""
    return {name: parameter for name, parameter in list_parameters().items() if parameter.everywhere}
