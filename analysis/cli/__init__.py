"""The command line: thin, and quick to start, since each command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import errno
import sys
import traceback

from analysis import paths
from analysis.cli import commands
from analysis.errors import Fault, InputError

INPUT_ERROR = 2
NO_ROOM = (errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG)
"""What a system says where nothing can be written: no fault of the program."""
CRASH = 70
"""Status of a fault of ours: 1 means that something did not come out, or moved."""


def parser() -> argparse.ArgumentParser:
    """Parser of all commands."""
    top = argparse.ArgumentParser(prog="python -m analysis", description="Re-execute published cohort studies from their printed numbers.")
    add = top.add_subparsers(dest="command", required=True, metavar="command").add_parser

    audit = add("audit", help="recompute every printed number and print the scoreboard")
    audit.add_argument("study", nargs="?", help="study to audit; all studies if left out")
    form = audit.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="scoreboard and rows as JSON")
    form.add_argument("--csv", action="store_true", help="rows as CSV (one study)")
    audit.add_argument("--cohort", metavar="FILE", help="the statistics of the ledger on your own patients: protected, and beside no printed number")
    audit.add_argument("--disclosure", choices=("protected", "local"), default="protected", help="'local' lifts the protection of a --cohort, for output that stays with those who may see the rows")
    audit.add_argument("--judged", action="store_true", help="set a --cohort with --disclosure local beside the printed numbers, with verdicts")
    audit.set_defaults(run=commands.audit)

    run = add("run", help="execute one notebook with other parameters, apart from the book")
    run.add_argument("notebook", help="notebook source, e.g. notebooks/<study>/survival.md")
    run.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a parameter; may be repeated")
    run.add_argument("-o", "--output", default="out", metavar="FOLDER", help="where the executed notebook and its page go (default: out)")
    run.set_defaults(run=commands.run)

    edition = add("edition", help="build an edition: its own book under _build/editions/<name>/html")
    edition.add_argument("name", help="name of a file in book/editions, or the path of one elsewhere")
    edition.add_argument("-n", "--dry-run", action="store_true", help="only say what would run and why")
    edition.set_defaults(run=commands.edition)

    sweep = add("sweep", help="execute notebooks under many scenarios, in parallel, and compare them on one page")
    sweep.add_argument("file", help="YAML with a grid of parameters, or a list of scenarios")
    sweep.add_argument("--profile", metavar="FOLDER", help="Snakemake profile, e.g. book/editions/slurm for a cluster")
    sweep.set_defaults(run=commands.sweep)

    listed = add("parameters", help="list the parameters that notebooks take")
    listed.set_defaults(run=commands.parameters)

    check = add("check", help="check a cohort file of your own against a study's declaration")
    check.add_argument("file", help="CSV, Excel, Parquet, SPSS or Stata")
    check.add_argument("--study", required=True, metavar="S")
    check.add_argument("--mapping", metavar="M", help="mapping file (default: <file without suffix>.mapping.yml, if there is one)")
    check.add_argument("--html", metavar="OUT", help="write the report as a page as well")
    check.set_defaults(run=commands.check)

    template = add("template", help="write an empty cohort file to fill in, and a mapping file beside it")
    template.add_argument("study")
    template.add_argument("-o", "--output", metavar="FILE", help=".csv or .xlsx (default: <study>-template.csv)")
    template.set_defaults(run=commands.template)

    rebuild = add("reconstruct", help="search for cohorts that satisfy a study's ledger")
    rebuild.add_argument("study")
    rebuild.add_argument("--cohorts", type=_count, default=100, metavar="N", help="size of the ensemble (default: 100)")
    rebuild.add_argument("--seed", type=int, default=1, metavar="S")
    rebuild.add_argument("--workers", type=_count, default=1, metavar="W")
    rebuild.add_argument("--conflicts", action="store_true", help="solve the study's readings and save what cannot hold together, instead of searching for cohorts")
    rebuild.add_argument("--leave-out", action="store_true", help="leave out each family of printed numbers in turn and report which come back")
    rebuild.add_argument("--chance", metavar="N", type=int, default=0, help="record how often N shuffled cohorts give the printed numbers")
    rebuild.add_argument("--withheld", action="store_true", help="record how many members of the saved ensemble give the held-out numbers")
    rebuild.add_argument("--family", metavar="NAME", action="append", default=[], help="with --leave-out: this family alone (may be repeated)")
    rebuild.add_argument("--proofs-only", action="store_true", help="with --leave-out: no search, only what the solver proves of counts")
    rebuild.add_argument("--ends", action="store_true", help="search for the ends of the ranges of the quantities in ranges.yml, and keep the cohorts found; goes on from what was found before")
    rebuild.add_argument("--known", metavar="FOLDER", help="with --ends: a folder of the study with an earlier ensemble of the same ledger, whose cohorts join first where they lie further out")
    rebuild.set_defaults(run=commands.reconstruct)

    validate = add("validate", help="publish known cohorts as papers, reconstruct them and compare with the truth")
    validate.add_argument("cohort", nargs="?", help="one of the known cohorts; all if left out")
    validate.add_argument("--cohorts", type=_count, default=5, metavar="N", help="cohorts sampled of each (default: 5)")
    validate.set_defaults(run=commands.validate)

    verify = add("verify", help="check the saved cohorts against the ledger, without the solver")
    verify.add_argument("study", nargs="?", help="study to verify; all that have a cohort if left out")
    verify.set_defaults(run=commands.verify)

    diff = add("diff", help="show which numbers, verdicts and curves changed between two git states")
    diff.add_argument("base", nargs="?", metavar="BASE", help="earlier state (default: where this branch left main; on main the last commit)")
    diff.add_argument("head", nargs="?", metavar="HEAD", help="later state (default: the files as they stand)")
    diff.add_argument("--markdown", action="store_true", help="as Markdown for a pull request")
    diff.add_argument("--recompute", action="store_true", help="re-execute both states in place of reading their committed snapshots")
    diff.set_defaults(run=commands.diff)
    return top


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1; found {text!r}")
    return number


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit status says how it went.

    Returns
    -------
    int
        0 done (however a paper fares); 1 something did not come out, e.g. a notebook
        failed or a cohort violates the ledger, or `diff` found a change; 2 a fault in the input, told on stderr;
        70 a fault of this program, with its traceback.
    """
    options = parser().parse_args(arguments)
    try:
        if getattr(options, "study", None):
            options.study = paths.study_named(options.study)
        return options.run(options)
    except InputError as error:
        print(error, file=sys.stderr)
        return INPUT_ERROR
    except BrokenPipeError:  # e.g. `| head`: the reader has seen enough
        sys.stderr.close()
        return 0
    except OSError as error:
        if error.errno not in NO_ROOM and "temporary directory" not in str(error):
            traceback.print_exc()
            return CRASH
        place = paths.shown(error.filename) if error.filename else "a temporary folder"
        print(Fault("files", place, "a place that can be written to, with room left", (error.strerror or str(error)).lower()), file=sys.stderr)
        return INPUT_ERROR
    except Exception:
        traceback.print_exc()
        return CRASH
