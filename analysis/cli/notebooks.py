"""Commands that execute notebooks with other parameters."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path

from analysis.cli import book


def add(add_parser) -> None:
    """Add the commands of this module to the parser."""
    command = add_parser("run", help="execute one notebook with other parameters, outside the book")
    command.add_argument("notebook", help="notebook source, e.g. notebooks/<study>/survival.md")
    command.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a parameter; may be repeated")
    command.add_argument(
        "-o", "--output", default="out", metavar="FOLDER", help="folder for the executed notebook and its page (default: out)"
    )
    command.add_argument("--figures", metavar="FOLDER", help="write each figure there as SVG, and as PDF and PNG at 85 and 178 mm")
    command.add_argument("--tables", metavar="FOLDER", help="write each table there as CSV, Excel, Word and LaTeX")
    command.set_defaults(run=run)

    command = add_parser("edition", help="build an edition: its own book under _build/editions/<name>/html")
    command.add_argument("name", help="name of a file in book/editions, or the path of one elsewhere")
    command.add_argument("-n", "--dry-run", action="store_true", help="only list what would run and why")
    command.set_defaults(run=edition)

    command = add_parser("sweep", help="execute notebooks under many scenarios, in parallel, and compare them on one page")
    command.add_argument("file", help="YAML with a grid of parameters, or a list of scenarios")
    command.add_argument("--profile", metavar="FOLDER", help="Snakemake profile, e.g. book/editions/slurm for a cluster")
    command.set_defaults(run=sweep)

    command = add_parser("parameters", help="list the parameters that notebooks take")
    command.set_defaults(run=parameters)


def run(options: argparse.Namespace) -> int:
    """Execute one notebook apart from the published book."""
    from analysis.book.commands import run_notebook
    from analysis.book.html.build_html import BookFailed
    from analysis.parameters import checks

    try:
        written = run_notebook.run(
            Path(options.notebook),
            checks.parse_assignments(options.parameter),
            Path(options.output),
            functools.partial(print, file=sys.stderr, flush=True),
            figures=options.figures,
            tables=options.tables,
        )
    except (run_notebook.NotebookFailed, BookFailed) as failure:
        print(failure, file=sys.stderr)
        return 1
    print(written.notebook, written.page, *written.folders, sep="\n")
    return 0


def edition(options: argparse.Namespace) -> int:
    """Build an edition; 1 if a job of the build failed."""
    from analysis.book import built_book
    from analysis.book.editions import editions

    file = editions.locate(options.name)
    editions.read(file)
    with built_book.building(built_book.Book(file)):
        return book.build(options)


def sweep(options: argparse.Namespace) -> int:
    """Run all scenarios; 1 if one failed."""
    from analysis.book.commands import run_sweep
    from analysis.book.editions import editions
    from analysis.book.jobs.build import BuildFailed

    file = editions.locate(options.file)
    profile = options.profile and (str(Path(options.profile).resolve()) if Path(options.profile).exists() else options.profile)
    try:
        return run_sweep.carry_out(file, profile)
    except BuildFailed as failure:
        print(failure, file=sys.stderr)
        return 1


def parameters(options: argparse.Namespace) -> int:
    """List the parameters: name, what may stand in it, default, meaning."""
    from analysis.parameters.declarations import list_parameters
    from analysis.tables.parameters_table import default

    for parameter in list_parameters().values():
        print(f"{parameter.name}: {parameter.expected} (default: {default(parameter)})\n    {parameter.meaning}")
    return 0
