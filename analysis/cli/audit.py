"""Commands that recompute printed numbers, and that compare two states of the project."""

from __future__ import annotations

import argparse
import functools
import sys

from analysis import paths


def add(add_parser) -> None:
    """Add the commands of this module to the parser."""
    command = add_parser("audit", help="recompute every printed number and print the scoreboard")
    command.add_argument("study", nargs="?", help="study to audit; by default all studies")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="scoreboard and rows as JSON")
    form.add_argument("--csv", action="store_true", help="rows as CSV (one study)")
    command.add_argument(
        "--cohort", metavar="FILE", help="evaluate the ledger's statistics on your own patients: protected, and without printed numbers"
    )
    command.add_argument(
        "--disclosure",
        choices=("protected", "local"),
        default="protected",
        help="'local' lifts the protection of a --cohort, for output that stays with those who may see the rows",
    )
    command.add_argument(
        "--judged", action="store_true", help="with --cohort and --disclosure local: show printed numbers and verdicts as well"
    )
    command.set_defaults(run=audit)

    command = add_parser("statistics", help="list the statistics that a row of a ledger may name, with their arguments")
    command.add_argument("name", nargs="?", help="one statistic; by default all")
    command.set_defaults(run=list_statistics)

    command = add_parser("diff", help="show which numbers, verdicts and curves changed between two git states")
    command.add_argument(
        "base", nargs="?", metavar="BASE", help="earlier state (default: where this branch left main; on main the last commit)"
    )
    command.add_argument("head", nargs="?", metavar="HEAD", help="later state (default: the working tree)")
    command.add_argument("--markdown", action="store_true", help="as Markdown for a pull request")
    command.add_argument("--recompute", action="store_true", help="re-execute both states instead of reading their committed snapshots")
    command.set_defaults(run=diff)

    command = add_parser(
        "changed-verdicts",
        help="write for each study which verdicts have changed since a commit, and why: data/<study>/changed_verdicts.csv",
    )
    command.add_argument("base", help="earlier state, e.g. a commit")
    command.set_defaults(run=changed_verdicts)


def audit(options: argparse.Namespace) -> int:
    """Recompute and judge; never reads a saved audit."""
    import json

    from analysis.cohorts.cohort_choice import File, parse_cohort
    from analysis.cohorts.protection.counts import Protection
    from analysis.errors import InputError
    from analysis.ledger.rows.reading import read_ledger
    from analysis.ledger.session.study_session import audit_own, open_study
    from analysis.ledger.verdicts import scoreboard
    from analysis.ledger.verdicts.consistency import find_clashes
    from analysis.reconstruction.study_files import find_faults

    _refuse_contradictions(options)
    own = isinstance(parse_cohort(options.cohort), File) and not options.judged
    protection = Protection() if options.disclosure == "protected" else None
    names = [options.study] if options.study else paths.studies()
    faults = [fault for name in names for fault in find_faults(name)]
    if faults:
        raise InputError(faults)
    found = [audit_own(name, options.cohort, protection) if own else open_study(name, options.cohort).audit for name in names]
    audits = {one.study.slug: one for one in found}
    if options.json:
        print(json.dumps(scoreboard.as_data(audits), ensure_ascii=False, indent=1))
    elif options.csv:
        sys.stdout.write(found[0].table.to_csv(index=False, lineterminator="\n"))
    else:
        print(scoreboard.values_as_text(audits) if own else scoreboard.as_text(audits))
        if options.study and not own:
            told = scoreboard.faults_as_text(found[0], find_clashes(found[0].study, read_ledger(found[0].study)))
            print(f"\n{told}" if told else "", end="\n" if told else "")
        for name in () if own else names:
            _say_what_is_missing(name)
    return 0


def _refuse_contradictions(options: argparse.Namespace) -> None:
    from analysis.errors import Fault, InputError

    if (options.csv or options.cohort) and not options.study:
        flag = "--csv" if options.csv else "--cohort"
        raise InputError(Fault("command line", "study", f"a study beside {flag}", "none"))
    if options.judged and not (options.cohort and options.disclosure == "local"):
        raise InputError(
            Fault("command line", "--judged", "--cohort and --disclosure local as well: verdicts show exact values", "not both")
        )


def _say_what_is_missing(study: str) -> None:
    """What a study still lacks, in the order in which it is best done; nothing of one that lacks nothing."""
    from analysis.book.new_study.next_steps import missing

    steps = missing(study)
    if steps:
        print(f"\nWhat {study} lacks:")
        print("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))


def diff(options: argparse.Namespace) -> int:
    """Compare two states; 0 if nothing changed, 1 if something did, 2 if re-execution could not show that nothing did."""
    from analysis.review.compare import compare_states as command
    from analysis.review.compare import report

    changes = command.changes(
        options.base, options.head, recompute=options.recompute, say=functools.partial(print, file=sys.stderr, flush=True)
    )
    sys.stdout.write(report.markdown(changes) if options.markdown else report.text(changes))
    unknown = options.recompute and not changes.whole
    return 1 if changes else 2 if unknown else 0


def changed_verdicts(options: argparse.Namespace) -> int:
    """Write, for each study, which verdicts changed since a commit, and why."""
    from analysis.ledger.session.study_session import open_study
    from analysis.review.compare import reasons, states

    before = states.at_commit(paths.ROOT, options.base).require_snapshots()
    for study in before.audits:
        opened = open_study(study)
        rows = reasons.find_changed(before.audits[study], {judgement.row.id: judgement for judgement in opened.audit.judgements})
        path = opened.study.folder / "changed_verdicts.csv"
        path.write_text(reasons.as_csv(rows), encoding="utf-8")
        print(f"{paths.shorten_path(path)}: {len(rows)} numbers")
    return 0


def list_statistics(options: argparse.Namespace) -> int:
    """List the registered statistics: name, meaning, arguments, what `from` holds, the convention taken where a paper names none."""
    from analysis.errors import Fault, InputError, suggestion
    from analysis.ledger.rows.conventions import conventions_of
    from analysis.ledger.statistics import REGISTRY

    if options.name is not None and options.name not in REGISTRY:
        raise InputError(
            Fault(
                "command line",
                "statistic",
                "one that `python -m analysis statistics` lists",
                repr(options.name) + suggestion(options.name, REGISTRY),
            )
        )
    for one in REGISTRY.values() if options.name is None else [REGISTRY[options.name]]:
        arguments = [f"{name}=…" for name in one.required] + [f"[{name}=…]" for name in one.optional]
        print(f"{one.name}: {one.meaning}")
        print(f"    arguments: {'; '.join(arguments) or 'none'}")
        if one.from_printed is not None:
            print(f"    from: {one.needs}")
        if one.default:
            others = [name for name in conventions_of(one.name) if name != one.default]
            print(f"    conventions: {one.default} where the paper names none, {', '.join(others)}")
    return 0
