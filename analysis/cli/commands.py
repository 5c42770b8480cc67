"""What each command does: find the function, call it, print what it returns."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path
from typing import NoReturn

from analysis import paths


def audit(options: argparse.Namespace) -> int:
    """Recompute and judge; never reads a saved audit."""
    import json

    from analysis.cohorts.cohort_choice import File, parse_cohort
    from analysis.cohorts.protection import Protection
    from analysis.errors import Fault, InputError
    from analysis.ledger import scoreboard
    from analysis.ledger.opening import audit_own, open_study

    if (options.csv or options.cohort) and not options.study:
        flag = "--csv" if options.csv else "--cohort"
        raise InputError(Fault("command line", "study", f"a study beside {flag}", "none"))
    if options.judged and not (options.cohort and options.disclosure == "local"):
        raise InputError(Fault("command line", "--judged", "--cohort and --disclosure local beside it: verdicts tell exact values", "not both"))
    own = isinstance(parse_cohort(options.cohort), File) and not options.judged
    protection = Protection() if options.disclosure == "protected" else None
    names = [options.study] if options.study else paths.studies()
    found = [audit_own(name, options.cohort, protection) if own else open_study(name, options.cohort).audit for name in names]
    audits = {one.study.slug: one for one in found}
    if options.json:
        print(json.dumps(scoreboard.as_data(audits), ensure_ascii=False, indent=1))
    elif options.csv:
        sys.stdout.write(found[0].table.to_csv(index=False, lineterminator="\n"))
    else:
        print(scoreboard.values_as_text(audits) if own else scoreboard.as_text(audits))
    return 0


def run(options: argparse.Namespace) -> int:
    """Execute one notebook apart from the published book."""
    from analysis.publishing import execution, parameters
    from analysis.publishing.book import BookFailed

    try:
        written = execution.run(Path(options.notebook), parameters.parse_assignments(options.parameter), Path(options.output), functools.partial(print, file=sys.stderr, flush=True))
    except (execution.NotebookFailed, BookFailed) as failure:
        print(failure, file=sys.stderr)
        return 1
    print(*written, sep="\n")
    return 0


def edition(options: argparse.Namespace) -> NoReturn:
    """Build an edition."""
    from analysis.publishing import editions

    file = editions.locate(options.name)
    editions.read(file)
    _publish(file, "book", *(["--dry-run"] if options.dry_run else []))


def sweep(options: argparse.Namespace) -> NoReturn:
    """Run all scenarios; 1 if one failed."""
    from analysis.publishing import editions

    file = editions.locate(options.file)
    profile = options.profile and (str(Path(options.profile).resolve()) if Path(options.profile).exists() else options.profile)
    _publish(file, "sweep", *(["--profile", profile] if profile else []))


def _publish(file: Path, *arguments: str) -> NoReturn:
    """Become a process that builds the book of a file, below a folder of its own."""
    import os

    os.chdir(paths.ROOT)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "analysis.publishing", *arguments], os.environ | {"ANALYSIS_EDITION": str(file)})


def parameters(options: argparse.Namespace) -> int:
    """List the parameters: name, what may stand in it, default, meaning."""
    from analysis.publishing.parameters import declared
    from analysis.tables.parameters_table import default

    for parameter in declared().values():
        print(f"{parameter.name}: {parameter.expected} (default: {default(parameter)})\n    {parameter.meaning}")
    return 0


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


def reconstruct(options: argparse.Namespace) -> int:
    """Search for cohorts and save them, or solve the study's readings."""
    say = functools.partial(print, file=sys.stderr, flush=True)
    if options.conflicts:
        from analysis.reconstruction.proofs import record

        print(record.save(options.study))
        return 0
    if options.leave_out:
        from analysis.reconstruction.trials.leave_out import leave_out

        print(leave_out(options.study, options.cohorts, options.seed, say, not options.proofs_only, options.family, options.workers))
        return 0
    if options.chance:
        from analysis.reconstruction.trials import chance

        print(chance.record(options.study, options.chance, options.seed, say))
        return 0
    if options.withheld:
        from analysis.reconstruction.trials import withheld

        print(withheld.record(options.study, say))
        return 0
    if options.ends or options.known:
        return _ends(options, say)
    from analysis.reconstruction.run import reconstruct as search

    print(search(options.study, cohorts=options.cohorts, seed=options.seed, workers=options.workers))
    return 0


def _ends(options: argparse.Namespace, say) -> int:
    """Search for the ends of ranges, first among the cohorts of an earlier ensemble."""
    from analysis.errors import Fault, InputError
    from analysis.reconstruction.ends import earlier, record

    if options.known:
        if not options.ends:
            raise InputError(Fault("command line", "--known", "--ends beside it", "none"))
        if not Path(options.known).is_dir():
            raise InputError(Fault("command line", "--known", "a folder of the study", repr(options.known)))
        earlier.adopt(options.study, Path(options.known), say)
    print(record.find(options.study, options.seed, options.workers, say))
    return 0


def validate(options: argparse.Namespace) -> int:
    """Reconstruct known cohorts from what a paper would print of them."""
    from analysis.errors import Fault, InputError
    from analysis.reconstruction.trials import known, validation

    names = [one.name for one in known.known()]
    if options.cohort not in (None, *names):
        raise InputError(Fault("command line", "cohort", f"one of {', '.join(names)}", repr(options.cohort)))
    print(validation.run(options.cohorts, functools.partial(print, file=sys.stderr, flush=True), options.cohort))
    return 0


def verify(options: argparse.Namespace) -> int:
    """Check saved cohorts with code that shares nothing with the solver."""
    from analysis.reconstruction.verify import verify as check

    slugs = [options.study] if options.study else [slug for slug in paths.studies() if (paths.study_folder(slug) / "cohort.csv").is_file()]
    sound = True
    for slug in slugs:
        report = check(slug)
        print(report.text)
        sound = sound and report.ok
    return 0 if sound else 1


def diff(options: argparse.Namespace) -> int:
    """Compare two states; 0 if no number, verdict, curve or count changed, 1 if one did."""
    from analysis.publishing.review import command, report

    changes = command.changes(options.base, options.head, recompute=options.recompute)
    sys.stdout.write(report.markdown(changes) if options.markdown else report.text(changes))
    return 1 if changes else 0
