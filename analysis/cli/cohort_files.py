"""Commands for a cohort file of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(add_parser) -> None:
    """Add the commands of this module to the parser."""
    command = add_parser("check", help="check a cohort file of your own against a study's declaration")
    command.add_argument("file", help="CSV, Excel, Parquet, Feather, SPSS, Stata or SAS")
    command.add_argument("--study", required=True, metavar="S")
    command.add_argument("--mapping", metavar="M", help="mapping file (default: <file without suffix>.mapping.yml, if there is one)")
    command.add_argument("--html", metavar="OUT", help="also write the report as an HTML page")
    command.set_defaults(run=check)

    command = add_parser("template", help="write an empty cohort file to fill in, with a mapping file")
    command.add_argument("study")
    command.add_argument("-o", "--output", metavar="FILE", help=".csv or .xlsx (default: <study>-template.csv)")
    command.set_defaults(run=template)


def check(options: argparse.Namespace) -> int:
    """Check a cohort file and report everything about it; status 2 where anything is wrong."""
    from analysis.cohorts.importing import report
    from analysis.cohorts.importing.checking import check_file
    from analysis.cohorts.study import read_study

    checked = check_file(read_study(options.study), Path(options.file), options.mapping)
    print(report.as_text(checked), end="")
    if options.html:
        report.write_html(checked, Path(options.html))
    return 0 if checked.frame is not None else 2


def template(options: argparse.Namespace) -> int:
    """Write an empty cohort file and a mapping file."""
    from analysis.cohorts.importing.template import write_template
    from analysis.cohorts.study import read_study

    study = read_study(options.study)
    print(*write_template(study, Path(options.output or f"{study.slug}-template.csv")), sep="\n")
    return 0
