"""Commands that search for cohorts, and that check those which are saved."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path

from analysis import paths


def add(add_parser) -> None:
    """Add the commands of this module to the parser."""
    command = add_parser("reconstruct", help="search for cohorts that satisfy a study's ledger")
    command.add_argument("study")
    command.add_argument("--cohorts", type=_count, default=100, metavar="N", help="size of the ensemble (default: 100)")
    command.add_argument("--seed", type=int, default=1, metavar="S")
    command.add_argument("--workers", type=_count, default=1, metavar="W")
    command.add_argument(
        "--explain",
        action="store_true",
        help="report which rows and rules are incompatible, what is undecided and which rows do not steer the search, instead of searching",
    )
    command.add_argument(
        "--conflicts",
        action="store_true",
        help="solve the study's interpretations and save incompatible sets of numbers, instead of searching for cohorts",
    )
    command.add_argument(
        "--leave-out", action="store_true", help="leave out each family of printed numbers in turn and report which are predicted"
    )
    command.add_argument("--chance", metavar="N", type=int, default=0, help="record how often N shuffled cohorts give the printed numbers")
    command.add_argument("--withheld", action="store_true", help="record how many members of the saved ensemble give the held-out numbers")
    command.add_argument(
        "--family", metavar="NAME", action="append", default=[], help="with --leave-out: only this family (may be repeated)"
    )
    command.add_argument("--proofs-only", action="store_true", help="with --leave-out: only the solver's proofs about counts, no search")
    _add_ends(command)
    _add_orders(command)
    command.set_defaults(run=reconstruct)

    command = add_parser("validate", help="reconstruct known cohorts from their results as printed, and compare with the truth")
    command.add_argument("cohort", nargs="?", help="one of the known cohorts; by default all")
    command.add_argument("--cohorts", type=_count, default=5, metavar="N", help="reconstructed cohorts of each (default: 5)")
    command.set_defaults(run=validate)

    command = add_parser("verify", help="check the saved cohorts against the ledger, without the solver")
    command.add_argument("study", nargs="?", help="study to verify; by default all that have a cohort")
    command.set_defaults(run=verify)


def _add_ends(command: argparse.ArgumentParser) -> None:
    """Options of the search for the ends of ranges."""
    command.add_argument(
        "--ends",
        action="store_true",
        help="search for the ends of the ranges of the quantities in ranges.yml, and save the cohorts found; resumes from earlier results",
    )
    command.add_argument(
        "--quantity",
        metavar="ID",
        action="append",
        default=[],
        help="with --ends: search only the range of this quantity (may be repeated)",
    )
    command.add_argument(
        "--walks", type=_count, metavar="N", help="with --ends: initial random walks over times for each starting cohort (default: 10)"
    )
    command.add_argument(
        "--known",
        metavar="FOLDER",
        help="with --ends: a folder of the study with an earlier ensemble of the same ledger, whose more extreme cohorts are added first",
    )


def _add_orders(command: argparse.ArgumentParser) -> None:
    """Options of the proofs about orders of events."""
    command.add_argument(
        "--orders",
        action="store_true",
        help="enumerate the orders of events compatible with printed curves and comparisons, and prove for which no times exist; resumes where it stopped",
    )
    command.add_argument(
        "--later", type=int, choices=range(4), default=0, metavar="N", help="with --orders: up to N events after the last printed estimate"
    )
    command.add_argument(
        "--answers",
        type=_count,
        default=0,
        metavar="N",
        help="with --orders: ask the solver up to N times to make each proof rest on fewer numbers and assumptions",
    )


def reconstruct(options: argparse.Namespace) -> int:
    """Search for cohorts and save them, or solve the study's readings."""
    say = functools.partial(print, file=sys.stderr, flush=True)
    if options.explain:
        from analysis.reconstruction.explain import explain

        told, sound = explain(options.study, options.seed, say)
        print(told)
        return 0 if sound else 1
    if options.conflicts:
        from analysis.reconstruction.proofs import record

        print(record.save(options.study))
        return 0
    if options.orders:
        from analysis.reconstruction.proofs import order_record

        print(order_record.save(options.study, say, options.later, answers=options.answers))
        return 0
    if options.leave_out:
        from analysis.reconstruction.validation.leave_out import leave_out

        print(leave_out(options.study, options.cohorts, options.seed, say, not options.proofs_only, options.family, options.workers))
        return 0
    if options.chance:
        from analysis.reconstruction.validation import chance

        print(chance.record(options.study, options.chance, options.seed, say))
        return 0
    if options.withheld:
        from analysis.reconstruction.validation import withheld

        print(withheld.record(options.study, say))
        return 0
    if options.ends or options.known or options.quantity or options.walks:
        return _ends(options, say)
    from analysis.reconstruction.run import reconstruct as search

    print(search(options.study, cohorts=options.cohorts, seed=options.seed, workers=options.workers))
    return 0


def _ends(options: argparse.Namespace, say) -> int:
    """Search for the ends of ranges, first among the cohorts of an earlier ensemble."""
    from analysis.errors import Fault, InputError
    from analysis.reconstruction.ranges import earlier, record

    for flag, given in (("--known", options.known), ("--quantity", options.quantity), ("--walks", options.walks)):
        if given and not options.ends:
            raise InputError(Fault("command line", flag, "--ends beside it", "none"))
    if options.known:
        if not Path(options.known).is_dir():
            raise InputError(Fault("command line", "--known", "a folder of the study", repr(options.known)))
        earlier.adopt(options.study, Path(options.known), say)
    print(record.find(options.study, options.seed, options.workers, say, options.walks or record.WALKS, options.quantity))
    return 0


def validate(options: argparse.Namespace) -> int:
    """Reconstruct known cohorts from what a paper would print of them."""
    from analysis.errors import Fault, InputError
    from analysis.reconstruction.validation import known, validation

    names = [one.name for one in known.known()]
    if options.cohort not in (None, *names):
        raise InputError(Fault("command line", "cohort", f"one of {', '.join(names)}", repr(options.cohort)))
    print(validation.run(options.cohorts, functools.partial(print, file=sys.stderr, flush=True), options.cohort))
    return 0


def verify(options: argparse.Namespace) -> int:
    """Check saved cohorts with code that shares nothing with the solver."""
    from analysis.reconstruction.checks.verify import verify as check

    slugs = [options.study] if options.study else [slug for slug in paths.studies() if (paths.study_folder(slug) / "cohort.csv").is_file()]
    sound = True
    for slug in slugs:
        report = check(slug)
        print(report.text)
        sound = sound and report.ok
    return 0 if sound else 1


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1; found {text!r}")
    return number
