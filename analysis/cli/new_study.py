"""The command that begins a further study, and that adds pages for what it has declared since."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

REPEATED = (
    ("--endpoint", "NAME=LABEL", 'e.g. os="Overall survival"; may be repeated (default: that one)'),
    ("--competing", "NAME=LABEL", 'competing event of an endpoint: relapse="Death without relapse"'),
    ("--includes", "NAME=OTHER", "another endpoint whose events count as events of this one: efs=os"),
    ("--time-of", "NAME=OTHER", "another endpoint with the same time, e.g. relapse, which ends event-free survival: relapse=efs"),
    ("--grouping", "NAME=LEVELS", "groups to compare, the reference last: arm=A,B,control; may be repeated; randomised in a trial"),
)
"""Options that may be repeated, with what stands behind each."""


def add(add_parser) -> None:
    """Add the command of this module to the parser."""
    command = add_parser(
        "new-study",
        help="write the files and pages of a further study; run again, add pages for what it has declared since",
        description="Writes data/<slug>/ and notebooks/<slug>/, and a chapter of _toc.yml. Everything may be changed afterwards: run again, "
        "the command adds pages for new endpoints, groupings and tables, and never overwrites edited files.",
    )
    command.add_argument("slug", help="name of the study's folders: lower-case letters, digits, underscores")
    command.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="YAML file with the options as keys, endpoints and groupings as mappings; options take precedence",
    )
    command.add_argument("--title", help="of the paper")
    command.add_argument("--label", help="short name of the study in chapters, figures and tables")
    command.add_argument("--doi", help="of the paper")
    command.add_argument("--journal", help="of the paper")
    command.add_argument("--year", type=int, help="of the paper")
    command.add_argument(
        "--design", choices=("cohort", "trial", "prognostic"), help="selects the checklist: STROBE, CONSORT, REMARK (default: cohort)"
    )
    command.add_argument(
        "--interval", choices=("log", "log-log", "plain"), help="scale of the paper's confidence intervals of survival (default: log)"
    )
    command.add_argument("--time-unit", choices=("days", "weeks", "months", "years"), help="of the paper's times (default: months)")
    command.add_argument("--origin", help="time origin, e.g. randomisation")
    command.add_argument("--horizon", type=float, metavar="T", help="follow-up that figures show, in the unit of time (default: 5 years)")
    command.add_argument("--longest", type=float, metavar="T", help="upper limit of times, in the unit of time (default: 20 years)")
    command.add_argument("--unit", metavar="WORD", help="what a row of the patient table is, in the singular (default: patient)")
    for option, metavar, told in REPEATED:
        command.add_argument(option, action="append", default=[], metavar=metavar, help=told)
    command.add_argument("--book-title", default="", metavar="TITLE", help="new title of the book, wherever it appears")
    command.set_defaults(run=begin)


def begin(options: argparse.Namespace) -> int:
    """Write what is missing; status 2 where a page that somebody changed would have to be written anew."""
    from analysis import paths
    from analysis.book.new_study import new_study
    from analysis.book.new_study.front_matter import book_title
    from analysis.errors import InputError

    written = new_study.begin(options.slug, options.file, _options_given(options), options.book_title)
    for told, names in (
        ("written", written.new),
        ("written anew", written.renewed),
        ("left as you changed it", written.kept),
        ("declared no longer: remove it, and its line in _toc.yml", written.left_over),
    ):
        for name in names:
            print(f"{told}: {name}")
    if not (written.new or written.renewed or written.refused):
        print("nothing to add: every endpoint, grouping and table has its page")
    if not options.book_title and any(name.endswith("study.yml") for name in written.new):
        print(f"the book is still called {book_title(paths.ROOT)!r}: --book-title changes that wherever it appears")
    sys.stdout.flush()
    if written.refused:
        raise InputError(written.refused)
    print(f"next: python -m analysis audit {options.slug}")
    return 0


def _options_given(options: argparse.Namespace) -> dict[str, object]:
    """What the options say, by the keys of `analysis.book.new_study.request.Request`."""
    from analysis.book.new_study.request import COMMAND_LINE, pairs
    from analysis.errors import Fault, InputError

    names = ("title", "label", "design", "interval", "time_unit", "origin", "horizon", "longest", "unit")
    given: dict[str, object] = {name: value for name in names if (value := getattr(options, name)) is not None}
    citation = {name: value for name in ("doi", "journal", "year") if (value := getattr(options, name)) is not None}
    if citation:
        given["citation"] = citation
    endpoints = {name: {"label": label} for name, label in pairs(options.endpoint, "--endpoint").items()}
    for option, key in (("--competing", "competing"), ("--includes", "includes"), ("--time-of", "time_of")):
        for name, value in pairs(getattr(options, key), option).items():
            if name not in endpoints:
                raise InputError(
                    Fault(COMMAND_LINE, option, f"an endpoint named by --endpoint ({', '.join(endpoints) or 'none'})", repr(name))
                )
            endpoints[name][key] = value
    if endpoints:
        given["endpoints"] = endpoints
    groupings = {
        name: {"levels": [level.strip() for level in levels.split(",")]} for name, levels in pairs(options.grouping, "--grouping").items()
    }
    if groupings:
        given["groupings"] = groupings
    return given
