"""Which search a problem is for, by its size; what is beyond reach, and what no search hears of, said beforehand."""

from __future__ import annotations

from analysis.errors import Fault, InputError
from analysis.ledger.rows.row import Row
from analysis.paths import shorten_path
from analysis.reconstruction.large import constraints
from analysis.reconstruction.large.encoding import encode, outcome_variables
from analysis.reconstruction.problem.problem import COUNTS, SUMMARIES, USUAL, Problem, is_usual
from analysis.reconstruction.problem.timeline_assumptions import REVERSE

#: Patients from whom on risk-set sequences are too many to list, up to whom that search was seen to end, and the most at all.
LARGE, SMALL, MOST = 100, 400, 200_000
#: Patients up to whom it ends within gigabytes and minutes from printed numbers alone.
LISTED = 128
#: Statistics that steer numbers of a table, and those that linked tables are searched for besides.
_OF_NUMBERS = (*SUMMARIES, "mann_whitney_p", "t_test_p")
_OF_LINKED = ("cox_td_hr", "cox_td_lower", "cox_td_upper", "logistic_or", "logistic_lower", "logistic_upper", "logistic_p")
#: Statistics of `constraints.KINDS` that the search of small groups does not hear of.
_OF_LARGE = (
    "survival_median", "survival_median_lower", "survival_median_upper", "survival_quantile", "rmst",
    "follow_up_median_lower", "follow_up_median_upper",
)  # fmt: skip


def large(problem: Problem) -> bool:
    """Whether a problem is searched by life tables: a large table or a curve, nothing declared that only the other search knows.

    What this search alone knows is left to it, whatever the size.
    A curve read off a figure says so much of times that the search ends in seconds at any size, in every month and in steps of one.
    """
    return bool(
        problem.assumptions.timeline is not None
        and problem.assumptions.linked is None
        and (problem.digitised or _known_to_large_alone(problem) or problem.size(problem.main) >= LARGE)
        and not list(_hindrances(problem))
    )


def within_small(problem: Problem) -> bool:
    """Whether the search of small groups is worth trying where that of large ones misses a digit."""
    return problem.size(problem.main) <= (SMALL if problem.digitised else LISTED) and not _known_to_large_alone(problem)


def _known_to_large_alone(problem: Problem) -> bool:
    """Whether something is asked that the search of small groups does not know: causes, several clocks, a start that no variable tells or that is an event, steps of a month; medians, and those of follow-up, where nothing declared asks for that search."""
    timeline = problem.timeline
    medians = timeline.labels_counted and any(row.statistic in _OF_LARGE for row in problem.imposed)
    reverse = timeline.by_default and timeline.follow_up == REVERSE and any(row.statistic == "follow_up_median" for row in problem.imposed)
    outcomes = {problem.study.endpoints[name].time for name in timeline.chain}
    starts = any(clock.origin in {"", *outcomes} for clock in timeline.all_clocks)
    return bool(timeline.causes or timeline.clocks or starts or timeline.steps > 1 or medians or reverse)


def _hindrances(problem: Problem):
    """What a study declares that the search of large groups does not know, by its key."""
    timeline = problem.timeline
    if any(clock.early for clock in timeline.all_clocks):
        yield "timeline.clock.early"
    for key in ("orders", "crowd"):
        if getattr(timeline, key):
            yield f"timeline.{key}"
    if problem.assumptions.of(problem.main).pairs:
        yield f"tables.{problem.main}.pairs"


def check_reach(problem: Problem) -> None:
    """Refuse a table that no search could end with, before it begins.

    Raises
    ------
    InputError
        Saying what would help.
    """
    timeline = problem.assumptions.timeline
    if problem.assumptions.linked:
        return
    if timeline is None:
        expected = "an imposed number of an endpoint, or a timeline in reconstruction.yml: without either there are no times to search for"
        raise InputError(Fault(shorten_path(problem.study.folder / "printed.csv"), "rows", expected, "none"))
    file, size = shorten_path(problem.study.folder / "reconstruction.yml"), problem.size(problem.main)
    faults = [
        Fault(
            shorten_path(problem.study.folder / "study.yml"),
            f"variables.{problem.main}.{name}",
            "missing: true, as no search finds a second key",
            "a key of every row",
        )
        for name in _other_keys(problem)
    ]
    if size > MOST:
        faults.append(
            Fault(
                shorten_path(problem.study.folder / "printed.csv"),
                f"table {problem.main}",
                f"at most {MOST:,} patients; reconstruct a part of them, such as an arm, by itself",
                f"{size:,}",
            )
        )
    if size > SMALL:
        expected = f"at most {SMALL} patients where this is declared; with more patients remove it, as the search of large groups does not support it"
        faults += [Fault(file, key, expected, f"{size:,} patients") for key in _hindrances(problem)]
    if not large(problem) and timeline.steps > 1:
        faults.append(
            Fault(
                file,
                "timeline.steps",
                f"1: several steps a month are for tables of {LARGE} patients and more, or with a digitised curve",
                str(timeline.steps),
            )
        )
    if faults:
        raise InputError(faults)


def _other_keys(problem: Problem) -> list[str]:
    """Variables of the main table that name other rows than its own, as of a pair, and have to be known of everybody."""
    table, assumed = problem.main, problem.assumptions.of(problem.main)
    found = {problem.study.tables[table].key, assumed.pairs and assumed.pairs.key, assumed.parent and assumed.parent.key}
    declared = problem.study.variables[table]
    return [
        name for name, one in declared.items() if one.type == "id" and not one.missing and name not in found and name not in assumed.derived
    ]


def unsteered(problem: Problem) -> list[Row]:
    """Imposed rows that no stage of the search is steered by."""
    known = {*COUNTS, *_OF_NUMBERS, *constraints.KINDS}
    if problem.assumptions.linked:
        known |= {*_OF_LINKED, "contingency_p"}
    elif not large(problem):
        known |= {"contingency_p"}
    if not large(problem):
        known -= set(_OF_LARGE)
    return [
        row
        for row in problem.imposed
        if row.statistic not in known or not is_usual(row) or _compares_others(problem, row) or _of_times(problem, row)
    ]


def _way(row: Row) -> str:
    """What is unusual of a row whose statistic a search knows in its usual way alone."""
    if is_usual(row):
        return ""
    if "cluster" in row.arguments:
        return " with clusters"
    return f" at {100 * row.level:g} %" if row.level != USUAL else f" per {row.arguments['per']} units"


def _compares_others(problem: Problem, row: Row) -> bool:
    """Whether a row compares other than two groups, for which no search has a comparison."""
    compared = constraints.KINDS.get(row.statistic, ("",))[0] in constraints.COMPARED
    return compared and len(constraints.sides_of(problem, row)) != 2


def _of_times(problem: Problem, row: Row) -> bool:
    """Whether a row sums up an outcome of the search as if it were any number."""
    if problem.assumptions.linked or problem.assumptions.timeline is None:
        return False
    outcomes = outcome_variables(problem)
    return row.statistic in _OF_NUMBERS and problem.table(row) == problem.main and row.arguments["variable"] in outcomes


def measured(problem: Problem) -> list[Row]:
    """Imposed rows of the main table that are measured on finished cohorts, which are moved until they come back.

    Those that no stage is steered by; and summaries of patients with some outcome, which moves of times would break.
    """
    if problem.assumptions.linked or problem.assumptions.timeline is None:
        return []
    main = [row for row in unsteered(problem) if problem.table(row) == problem.main]
    outcomes = outcome_variables(problem)
    broken = [
        row for row in problem.rows(problem.main, *_OF_NUMBERS) if outcomes & set(problem.condition(row).variables) and row not in main
    ]
    return [*main, *broken] if main else []


def walks(problem: Problem) -> bool:
    """Whether times and events of a finished cohort can be moved: their search knows everything that is declared of them."""
    return not list(_hindrances(problem))


def unheard(problem: Problem) -> list[str]:
    """Imposed rows that nothing is steered by, one sentence a statistic: they are checked at the end, and come back by luck alone."""
    found: dict[str, list[str]] = {}
    heard = {row.id for row in measured(problem)}
    for row in unsteered(problem):
        if row.id not in heard:
            found.setdefault(row.statistic + _way(row), []).append(row.id)
    sentences = [f"imposed, but not used to steer the search: {statistic}: {', '.join(ids)}" for statistic, ids in found.items()]
    if large(problem):  # counts that its encoding leaves out are dealt with the labels
        left = [id for id in encode(problem).left_out if problem.ledger[id].statistic not in COUNTS]
        sentences += [
            f"imposed, but no state of the search gives {id}, printed as {problem.ledger[id].printed}: "
            "its group or endpoint is not searched, or no step of time lies in it (`timeline.steps`)"
            for id in left
        ]
    return sentences
