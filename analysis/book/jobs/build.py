"""A whole build: what is stale is made anew, one build at a time, failures repeated at the end."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.book import built_book, outputs
from analysis.book.dependencies import build_records, last_state
from analysis.book.jobs import failures
from analysis.book.processes import shutdown, temporary_folders


class BuildFailed(Exception):
    """A job failed; the message repeats what each failed job said."""


def build(dry_run: bool = False) -> Path:
    """Bring the book up to date, on all cores.

    Parameters
    ----------
    dry_run : bool
        Only say what would run, and why.

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
    with hold_folder(built_book.current().folder, "another build of this book is running; wait for it"):
        if not last_state.is_kept(state := last_state.now()):
            _bring_up_to_date(dry_run)
            if not dry_run:
                last_state.keep(state)
    return outputs.html_folder() / "index.html"


def _bring_up_to_date(dry_run: bool) -> None:
    """Find what is stale, and make it anew."""
    # they read notebooks, which takes longer to import than to see that nothing has changed
    from analysis.book.dependencies import fingerprints, graph
    from analysis.book.jobs import fork_server, run_jobs

    processes = fork_server.Processes(run_jobs.environment())
    graph.check_sources()
    if not dry_run and not outputs.html_folder().is_dir():
        processes.prepare()  # there is something to do, whatever it is
    needed = fingerprints.find_needed(fingerprints.all_jobs())
    if dry_run:
        print(*(f"{job.receipt}: {reason}" for job, reason in needed.items()), sep="\n")
    elif run_jobs.carry_out(needed, processes):
        raise BuildFailed("\n\n".join(failures.messages()))


@contextmanager
def hold_folder(folder: Path, refusal: str) -> Iterator[None]:
    """The folder of a book, for one process at a time, put in order: of what an earlier one left, only what is finished stays.

    Raises
    ------
    BuildFailed
        With `refusal`, if another process has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # the system drops this lock with the process, so a killed build leaves none behind
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildFailed(refusal) from None
        shutil.rmtree(failures.folder(), ignore_errors=True)
        build_records.discard_unfinished(folder)
        temporary_folders.sweep(folder)
        try:
            yield
        except shutdown.Stopped as stopped:
            raise shutdown.Stopped(stopped.number, shutdown.KEPT) from None
