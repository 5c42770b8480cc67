"""A whole build: Snakemake over the graph, one build at a time, failures repeated at the end."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from analysis import paths
from analysis.publishing import book, graph, receipts, scratch, staleness, stopping, tending

INSIDE = "ANALYSIS_BUILD"
"""Environment variable that tells a job that it runs within a build."""


class BuildFailed(Exception):
    """A job of the graph failed; the message repeats what each failed job said."""


def failures_folder() -> Path:
    """Where failed jobs leave their messages until the next build."""
    return paths.BUILD / "failures"


def build(dry_run: bool = False) -> Path:
    """Bring the book up to date, on all cores.

    Parameters
    ----------
    dry_run : bool
        Only say what would run.

    Returns
    -------
    Path
        ``index.html`` of the book.

    Raises
    ------
    analysis.errors.InputError
        If the table of contents or a notebook's header is faulty; no job starts then.
    BuildFailed
        If a job fails, or another build is running.
    """
    graph.check_sources()
    paths.BUILD.mkdir(parents=True, exist_ok=True)
    # the system drops this lock with the process, so a killed build leaves none behind
    with (paths.BUILD / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildFailed("another build of this book is running; wait for it") from None
        shutil.rmtree(failures_folder(), ignore_errors=True)
        receipts.discard_unfinished(paths.BUILD)
        scratch.sweep(paths.BUILD)
        environment = snakemake_environment()
        with tending.tended(environment) as warm:
            if not dry_run and not staleness.ever_finished():
                warm.start()  # there is something to do, whatever it is
            made_from = staleness.of_everything()
            if not dry_run and staleness.nothing_to_do(made_from):
                return book.html_folder() / "index.html"
            if not dry_run:
                warm.start()  # every job asks for it, and Snakemake takes as long to know which are needed
            status = stopping.run(
                snakemake_command(dry_run), warm.look, cwd=paths.ROOT, env=environment | warm.environment,
                pass_fds=[lock.fileno()], stdin=subprocess.DEVNULL,
            )  # fmt: skip
    if status:
        raise BuildFailed("\n\n".join(_messages()) or "the build stopped; see above")
    if not dry_run:
        staleness.remember(made_from)
    return book.html_folder() / "index.html"


def snakemake_command(dry_run: bool = False) -> list[str]:
    """Command line of Snakemake for this graph."""
    flags = [
        "--snakefile", str(paths.ROOT / "Snakefile"), "--directory", str(paths.ROOT),
        # a notebook waits for its kernel, and a kernel for its notebook: one more keeps all cores at work
        "--cores", str(len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else "all"),
        "--nolock",  # the lock above does it, and is never stale
        "--rerun-incomplete", "--keep-going", "--scheduler", "greedy",
        # a touched file is compared by content, however large
        "--max-checksum-file-size", "1GB",
        # the jobs say what they do, in fewer words
        *(("--dry-run",) if dry_run else ("--quiet", "all")),
    ]
    return [sys.executable, "-m", "snakemake", *flags]


def snakemake_environment() -> dict[str, str]:
    """Environment without a person's own Snakemake profile and Python paths."""
    leaking = ("SNAKEMAKE_PROFILE", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")
    kept = {name: value for name, value in os.environ.items() if name not in leaking}
    ours = {"XDG_CACHE_HOME": str(paths.BUILD / "cache"), "PYTHONNOUSERSITE": "1", INSIDE: "1"}
    return kept | ours


def save_failure(name: str, message: str) -> None:
    """Keep a failed job's message for the end of the build."""
    file = failures_folder() / (name.replace("/", ".") + ".txt")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(message, encoding="utf-8")


def _messages() -> list[str]:
    return [file.read_text(encoding="utf-8") for file in sorted(failures_folder().glob("*.txt"))]
