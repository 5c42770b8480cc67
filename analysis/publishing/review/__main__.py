"""Jobs for checks and for other states: ``python -m analysis.publishing.review <job>``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis.errors import InputError


def snapshots(folder: str) -> int:
    """Write the snapshots of all studies into a folder."""
    from analysis.publishing import graph, results

    for study in graph.audited_studies():
        results.save(results.texts(study), Path(folder) / study)
    return 0


def sources() -> int:
    """Check notebook sources, wrapping and settings files."""
    from analysis.publishing.review import sources as checks

    faults = checks.check()
    if faults:
        raise InputError(faults)
    print("sources, settings and tracked files checked")
    return 0


def links() -> int:
    """Ask for every address outside that prose and declarations name."""
    from analysis.publishing.review import outside

    broken = outside.broken()
    print("\n".join(broken) if broken else "every address answers")
    return 1 if broken else 0


def workflows() -> int:
    """Lint the workflows of GitHub."""
    from analysis.publishing.review import workflows as linters

    sound, said = linters.lint()
    print("\n".join(said))
    return 0 if sound else 1


def release(tag: str) -> int:
    """Check that all files state a tag's version; put archive, checksums and notes together."""
    from analysis import paths
    from analysis.publishing.review import release as maker

    print(paths.shown(maker.make(tag)))
    return 0


def verdicts(base: str) -> int:
    """Write, for each study, which verdicts changed since a commit, and why."""
    from analysis import paths
    from analysis.ledger.opening import open_study
    from analysis.publishing.review import reasons, states

    before = states.at_commit(paths.ROOT, base).require_snapshots()
    for study in before.audits:
        opened = open_study(study)
        rows = reasons.changed(before.audits[study], {judgement.row.id: judgement for judgement in opened.audit.judgements})
        path = opened.study.folder / "changed_verdicts.csv"
        path.write_text(reasons.as_csv(rows), encoding="utf-8")
        print(f"{paths.shown(path)}: {len(rows)} numbers")
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run one job; status 0 done, 1 a linter or an address failed, 2 faulty input."""
    parser = argparse.ArgumentParser(prog="python -m analysis.publishing.review", description=__doc__)
    jobs = parser.add_subparsers(dest="job", required=True)
    for job, argument in {snapshots: "folder", release: "tag", verdicts: "base", sources: None, workflows: None, links: None}.items():
        added = jobs.add_parser(job.__name__, help=job.__doc__)
        if argument:
            added.add_argument("given", metavar=argument)
        added.set_defaults(run=job)
    options = parser.parse_args(arguments)
    try:
        return options.run(options.given) if "given" in options else options.run()
    except InputError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
