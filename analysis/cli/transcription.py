"""Commands that bring a paper's numbers into its ledger."""

from __future__ import annotations

import argparse
import json
from collections import Counter


def add(add_parser) -> None:
    """Add the commands of this module to the parser."""
    command = add_parser("draft", help="list every number of a paper's text as rows to be typed, and enter the typed ones into its ledger")
    command.add_argument("study", help="study that the paper belongs to")
    command.add_argument("paper", help="plain text of the paper; it is read but not stored")
    command.add_argument("--enter", action="store_true", help="enter the complete rows into printed.csv, if all of them are valid")
    command.set_defaults(run=draft)

    command = add_parser("coverage", help="list numbers of a paper's text that are in no row of its ledger, and the reverse")
    command.add_argument("study", help="study that the paper belongs to")
    command.add_argument("paper", help="plain text of the paper; it is read but not stored")
    command.add_argument("--json", action="store_true", help="counts and numbers as JSON, without the paper's sentences")
    command.set_defaults(run=coverage)

    command = add_parser("import-table", help="enter a printed table from a CSV or pasted file into a ledger, with its layout")
    command.add_argument("study", help="study that the paper belongs to")
    command.add_argument(
        "file", help="rows and columns as printed; braces after a label say what it stands for: 'Arm A {a}', 'Female {sex=F}'"
    )
    command.add_argument("--table", required=True, metavar="T1", help="first segment of the ids and name of the layout, e.g. t1")
    command.add_argument("--caption", required=True, help="what the table shows, in your own words")
    command.add_argument("--source", help="place as named in the ledger (default: 'Table 1' for t1, 'Fig. 3' for f3)")
    command.add_argument("-n", "--dry-run", action="store_true", help="print the rows and enter nothing")
    command.set_defaults(run=import_table)


def import_table(options: argparse.Namespace) -> int:
    """Enter a table."""
    import csv
    import re
    import sys

    from analysis import paths
    from analysis.cohorts.study import read_study
    from analysis.errors import Fault, InputError
    from analysis.ledger.rows.row import COLUMNS
    from analysis.ledger.table_import.layout import add_layout
    from analysis.ledger.table_import.reading import read_grid
    from analysis.ledger.table_import.table import Table
    from analysis.ledger.transcription.entering import enter, leave_out_entered

    if not re.fullmatch(r"[a-z][a-z0-9_]*", options.table):
        raise InputError(Fault("command line", "--table", "a lower-case word such as t1", repr(options.table)))
    study = read_study(options.study)
    number = re.sub(r"\D", "", options.table)
    source = options.source or f"{'Fig.' if re.fullmatch(r'f(?:ig)?_?[0-9]+[a-z]?', options.table) else 'Table'} {number or options.table}"
    table = Table(study, read_grid(options.file), options.table, source, options.caption).read()
    new = leave_out_entered(study, table.new)
    if options.dry_run:
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(one.cells for one in new)
        return 0
    entered = enter(study, new) if new else 0
    laid_out = add_layout(study.folder, options.table, table.layout())
    print(f"entered: {entered} rows into {paths.shorten_path(study.folder / 'printed.csv')}; {len(table.new) - entered} were there")
    print(f"cells without a number: {table.empty}")
    print(f"layout {options.table} {'added to' if laid_out else 'is already in'} {paths.shorten_path(study.folder / 'tables.yml')}")
    print(f"next: python -m analysis audit {options.study}")
    return 0


def draft(options: argparse.Namespace) -> int:
    """Write the draft anew, with what is typed in it."""
    from analysis import paths
    from analysis.cohorts.study import read_study
    from analysis.ledger.transcription import drafts
    from analysis.ledger.transcription.session import count_states, open_transcription

    study = read_study(options.study)
    opened = open_transcription(study, options.paper)
    if options.enter:
        entered, declared = opened.enter()
        print(f"entered: {entered} rows into {paths.shorten_path(study.folder / 'printed.csv')}, {declared} numbers declared no results")
        drafts.write_draft(study, opened.draft())
        opened = open_transcription(study, options.paper)
    rows = opened.draft()
    path = drafts.write_draft(study, rows)
    states = count_states(rows)
    print(f"{paths.shorten_path(path)}: {len(opened.numbers)} numbers; git ignores the folder, as the sentences are the paper's")
    for state, count in sorted(states.items()):
        print(f"    {count:4} {state}")
    left = states[drafts.OPEN] + states["begun"]
    print("next: " + ("type rows, then the same command with --enter" if left else f"python -m analysis audit {options.study}"))
    return 0


def coverage(options: argparse.Namespace) -> int:
    """Say which numbers stand in no row; 1 if there are any, or rows whose number is not in the text."""
    from analysis.cohorts.study import read_study
    from analysis.ledger.transcription.session import open_transcription

    opened = open_transcription(read_study(options.study), options.paper)
    found, open_numbers = opened.coverage, opened.coverage.without_row(opened.declared)
    if options.json:
        print(json.dumps(_as_data(opened, open_numbers), ensure_ascii=False, indent=1))
        return 1 if open_numbers or found.absent else 0
    reasons = Counter(
        number.no_result for position, number in enumerate(found.numbers) if number.no_result and position not in found.row_of
    )
    known = len(found.row_of) + len(found.shared) + len(found.absent)
    print(f"numbers in the text: {len(found.numbers)}")
    print(f"rows of the ledger: {known}, of which the text holds {known - len(found.absent)}: recall {found.recall:.3f}")
    print(f"recognised as no results: {sum(reasons.values())} ({', '.join(f'{why} {count}' for why, count in reasons.most_common())})")
    print(f"declared no results: {len(opened.declared)}")
    print(f"in no row: {len(open_numbers)} ({len(open_numbers) / len(found.numbers):.1%} of all numbers)")
    for number in open_numbers:
        print(f"    line {number.line}, {number.place}: {number.characters}  | {_around(number.sentence, number.characters)}")
    for row in found.absent:
        print(f"row {row.line}, {row.id}: {row.printed!r} is nowhere in the text")
    for row in found.shared:
        print(f"row {row.line}, {row.id}: {row.printed!r} is in the text less often than in the ledger")
    for number, row in found.mistaken:
        print(f"row {row.line}, {row.id}: {row.printed!r} was found only where it seems no result ({number.no_result}, line {number.line})")
    return 1 if open_numbers or found.absent else 0


def _as_data(opened, open_numbers) -> dict:
    found = opened.coverage
    return {
        "study": opened.study.slug,
        "numbers": len(found.numbers),
        "rows": len(opened.rows),
        "recall": found.recall,
        "recognised": sum(bool(number.no_result) for position, number in enumerate(found.numbers) if position not in found.row_of),
        "declared": len(opened.declared),
        "in no row": [{"line": one.line, "source": one.place, "printed": one.characters} for one in open_numbers],
        "absent": [row.id for row in found.absent],
        "shared": [row.id for row in found.shared],
    }


def _around(sentence: str, characters: str, width: int = 60) -> str:
    """A sentence, or as much of it as stands around the number."""
    at = sentence.find(characters.split()[-1])
    start = max(at - width, 0)
    return ("…" if start else "") + sentence[start : at + width] + ("…" if at + width < len(sentence) else "")
