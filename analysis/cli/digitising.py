"""The command that turns points read off a figure into a study, and on request into cohorts and a page."""

from __future__ import annotations

import argparse
import functools
import shlex
import sys
from pathlib import Path

from analysis import paths

#: Horizons (months) of the summary that is printed.
HORIZONS = (12, 24, 36, 60, 120)
NOTEBOOK = "notebooks/general/survival.md"
#: Months that the page shows at most.
LONGEST = 120


def add(add_parser) -> None:
    """Add the command of this module to the parser."""
    command = add_parser("digitise", help="make a study, cohorts and a page from digitised curves")
    command.add_argument(
        "curves",
        nargs="+",
        type=Path,
        metavar="curve",
        help="CSV, text or Excel file exported by a digitiser: one for all arms, or one per arm",
    )
    command.add_argument(
        "--at-risk", nargs="+", type=Path, default=[], metavar="FILE", help="numbers at risk: a column, row or file per arm"
    )
    command.add_argument("--trisk", nargs="+", type=float, action="append", default=[], metavar="T", help="times of --nrisk; once per arm")
    command.add_argument("--nrisk", nargs="+", type=float, action="append", default=[], metavar="N", help="numbers at risk; once per arm")
    command.add_argument(
        "--ticks", nargs="+", type=Path, default=[], metavar="FILE", help="censoring marks: times, or digitised points; a file per arm"
    )
    command.add_argument("--patients", nargs="+", type=int, default=[], metavar="N", help="numbers of patients, by arm")
    command.add_argument("--events", nargs="+", type=int, default=[], metavar="N", help="numbers of events, by arm")
    command.add_argument("--arm", nargs="+", default=[], metavar="NAME", help="names of the arms")
    command.add_argument(
        "--time-unit", choices=("months", "days", "weeks", "years"), default="months", help="of the axis (default: months)"
    )
    command.add_argument("--unit", choices=("percent", "share"), default="", help="of the heights (default: detected)")
    command.add_argument(
        "--curve", dest="kind", choices=("survival", "incidence"), default="", help="what the figure shows (default: detected)"
    )
    command.add_argument(
        "--tolerance", type=float, metavar="POINTS", help="largest error of a height (default: the smallest with which a cohort is found)"
    )
    command.add_argument("--time-tolerance", type=float, metavar="MONTHS", help="largest error of a time (default: 0.25%% of the axis)")
    command.add_argument("--label", default="Survival", help="what the curve shows, e.g. 'Overall survival'")
    command.add_argument("--source", default="figure", help="which figure, e.g. 'Fig. 2a'")
    command.add_argument(
        "-o", "--output", type=Path, default=Path("digitised"), metavar="FOLDER", help="the study's folder (default: digitised)"
    )
    command.add_argument("--cohorts", type=int, default=0, metavar="N", help="also search for N cohorts")
    command.add_argument("--seed", type=int, default=1, metavar="S")
    command.add_argument(
        "--page", type=Path, metavar="FOLDER", help="also execute the general page of survival, into this folder (implies one cohort)"
    )
    command.set_defaults(run=digitise)


def digitise(options: argparse.Namespace) -> int:
    """Make a study, on request cohorts and a page; at the end, say which command comes next."""
    from analysis.errors import Fault, InputError
    from analysis.reconstruction.digitising import digitise as digitising

    for name, value, right in (
        ("--tolerance", options.tolerance, options.tolerance is None or 0 < options.tolerance <= 50),
        ("--time-tolerance", options.time_tolerance, options.time_tolerance is None or 0 <= options.time_tolerance < 1000),
        ("--cohorts", options.cohorts, options.cohorts >= 0),
    ):
        if not right:
            raise InputError(Fault("command line", name, "a number from 0 (a tolerance: above 0, at most 50)", f"{value:g}"))
    folder = paths.parse_path(options.output, "-o")
    given = digitising.Given(
        options.curves, options.at_risk, options.ticks, options.trisk, options.nrisk, options.patients, options.events, options.arm,
        options.time_unit, options.unit, options.kind, options.tolerance, options.time_tolerance, options.label, options.source,
    )  # fmt: skip
    arms = digitising.digitise(given, folder, print)
    print(f"written: {', '.join(sorted(path.name for path in folder.iterdir()))} in {paths.shorten_path(folder)}")
    cohorts = options.cohorts or int(options.page is not None)
    horizon = min(LONGEST, max(arm.last for arm in arms))
    page = ["run", str(paths.ROOT / NOTEBOOK), "-p", f"study={folder.resolve()}", "-p", f"horizon={horizon}"]
    page += ["-p", "grouping=arm"] if len(arms) > 1 else []
    if cohorts:
        _reconstruct(folder, cohorts, options.seed, arms)
    if options.page is None:
        if not cohorts:
            _next("reconstruct", str(folder), "--cohorts", "10")
        _next(*page, "-o", "out")
        return 0
    from analysis import cli

    return cli.main([*page, "-o", str(options.page)])


def _next(*arguments: str) -> None:
    print("next:", shlex.join([sys.executable, "-m", "analysis", *arguments]))


def _reconstruct(folder: Path, cohorts: int, seed: int, arms) -> None:
    """Search for cohorts and say what the first one is like."""
    from analysis.reconstruction.digitising.summary import summarise
    from analysis.reconstruction.run import reconstruct

    say = functools.partial(print, file=sys.stderr, flush=True)
    print(reconstruct(folder, cohorts=cohorts, seed=seed, progress=say))
    print(*summarise(folder, HORIZONS), sep="\n")
