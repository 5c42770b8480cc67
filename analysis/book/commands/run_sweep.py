"""A sweep carried out: all scenarios in parallel, progress with the time left, and a book of what is finished."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from analysis import paths
from analysis.book import built_book, outputs
from analysis.book.dependencies import build_records, fingerprints
from analysis.book.editions import toc
from analysis.book.jobs import build, failures, fork_server, run_jobs
from analysis.book.processes import progress, shutdown


def carry_out(file: Path, profile: str | None = None) -> int:
    """Run a sweep; what an earlier run finished is kept.

    Parameters
    ----------
    file : Path
        YAML of the sweep.
    profile : str, optional
        Folder of a Snakemake profile, e.g. for a cluster.

    Returns
    -------
    int
        0 if every scenario is finished, 1 if one failed; the book shows the others.

    Raises
    ------
    InputError
        If the file is faulty; nothing is executed then.
    analysis.book.jobs.build.BuildFailed
        If the same sweep is running already.
    """
    book = built_book.Book(file)
    with (
        built_book.building(book),
        build.hold_folder(book.folder, f"the sweep {book.folder.name} is running already; wait for it"),
    ):
        log = book.folder / "log.txt"
        log.write_text("", encoding="utf-8")
        processes = fork_server.Processes(run_jobs.environment(), log)
        if not profile:
            processes.prepare()  # while scenarios are read and compared with what an earlier run finished
        sweep = toc.current_edition()
        if sweep is None:
            raise ValueError(f"{paths.shorten_path(file)}: expected the file of a sweep")
        wanted = {page.name: build_records.place(f"notebook/{page.name}") for page in sweep.pages}
        needed = fingerprints.find_needed(fingerprints.notebooks_to_execute())
        kept = len(wanted) - len(needed)
        with tqdm(total=len(wanted), initial=kept, unit="page", desc=sweep.name, mininterval=0.5 if sys.stderr.isatty() else 30) as bar:

            def show() -> None:
                bar.update(sum(receipt.is_file() for receipt in wanted.values()) - bar.n)

            if profile:
                _by_snakemake(needed, profile, log, show)
            else:
                run_jobs.carry_out(needed, processes, show)
            show()
        return _finish([name for name, receipt in wanted.items() if not receipt.is_file()], len(wanted), log)


def _finish(missing: list[str], wanted: int, log: Path) -> int:
    """Say what failed, and make a book of the others."""
    for message in failures.messages():
        print(message, file=sys.stderr)
    for name in missing:
        print(f"failed: {name}", file=sys.stderr)
    if len(missing) == wanted:
        print(f"no scenario finished; see {paths.shorten_path(log)}", file=sys.stderr)
        return 1
    book = replace(built_book.current(), only_finished=True)
    made = shutdown.run([sys.executable, "-m", "analysis.book.jobs.one_job", "html", *book.arguments], cwd=paths.ROOT)
    if not made:
        print(f"{wanted - len(missing)} of {wanted} pages: {outputs.html_folder() / 'index.html'}")
    return 1 if missing or made else 0


def _by_snakemake(needed: dict[fingerprints.Job, str], profile: str, log: Path, show: Callable[[], object]) -> None:
    """Have Snakemake send jobs to a cluster: those whose receipt is missing, whatever it remembers itself."""
    for job in needed:
        build_records.place(job.receipt).unlink(missing_ok=True)
    progress.start(len(needed))
    command = [
        sys.executable, "-m", "snakemake", "--profile", profile, "--snakefile", str(paths.ROOT / "Snakefile"), "--directory", str(paths.ROOT),
        "--cores", str(run_jobs.at_once()), "--nolock", "--rerun-incomplete", "--rerun-triggers", "mtime", "--keep-going", "--scheduler", "greedy", "--quiet",
        "--config", f"edition={built_book.current().file}", "--", "all",
    ]  # fmt: skip
    with log.open("a", encoding="utf-8") as said:
        shutdown.run(command, show, cwd=paths.ROOT, env=run_jobs.environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=said)
