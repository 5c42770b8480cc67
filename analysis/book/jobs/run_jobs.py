"""Jobs carried out: each in a process of its own, all cores at work, what does not depend on a failed one to the end."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable
from multiprocessing import connection
from multiprocessing.process import BaseProcess

from analysis import paths
from analysis.book import built_book
from analysis.book.dependencies import build_records
from analysis.book.dependencies.fingerprints import Job
from analysis.book.jobs import failures
from analysis.book.jobs.fork_server import Processes
from analysis.book.processes import progress, shutdown


def environment() -> dict[str, str]:
    """Environment of jobs: without a person's own Snakemake profile and Python paths, and told to stop by the build alone."""
    leaking = ("SNAKEMAKE_PROFILE", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", shutdown.MAKE)
    kept = {name: value for name, value in os.environ.items() if name not in leaking}
    ours = {"XDG_CACHE_HOME": str(paths.BUILD / "cache"), "PYTHONNOUSERSITE": "1", failures.INSIDE: "1"}
    return kept | ours


def at_once() -> int:
    """How many jobs run at the same time: a notebook waits for its kernel and a kernel for its notebook, so one more than cores."""
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) + 1


def carry_out(jobs: Iterable[Job], processes: Processes, meanwhile: Callable[[], object] | None = None) -> set[str]:
    """Run jobs, as many at once as there are cores, and those with more priority first.

    Parameters
    ----------
    jobs : iterable of Job
        Those that have to run; what they read and is not among them stands already.
    processes : Processes
    meanwhile : callable, optional
        Called twice a second.

    Returns
    -------
    set of str
        Receipts that were not made: of jobs that failed, and of those that read what they make.
    """
    waiting = sorted(jobs, key=lambda job: -job.priority)
    for job in waiting:
        build_records.place(job.receipt).unlink(missing_ok=True)  # a build that is broken off goes on from here
    progress.start(sum(job.kind == "notebook" for job in waiting))
    running: dict[int, tuple[Job, BaseProcess]] = {}
    failed: set[str] = set()
    try:
        while True:
            while hopeless := [job for job in waiting if not failed.isdisjoint(job.reads)]:
                failed.update(job.receipt for job in hopeless)
                waiting = [job for job in waiting if job not in hopeless]
            unfinished = {job.receipt for job in waiting} | {job.receipt for job, _ in running.values()}
            ready = (job for job in waiting if unfinished.isdisjoint(job.reads + job.waits))
            for job in list(itertools.islice(ready, at_once() - len(running))):
                waiting.remove(job)
                process = processes.start([*job.arguments, *built_book.current().arguments])
                running[process.sentinel] = (job, process)
            if not running:
                return failed
            for sentinel in connection.wait(list(running), 0.5 if meanwhile else None):
                job, process = running.pop(sentinel)  # type: ignore[arg-type]  # `connection.wait` gives back what it was given
                process.join()
                if process.exitcode:
                    failed.add(job.receipt)
                    _explain(job, process.exitcode)
            if meanwhile:
                meanwhile()
    except BaseException:
        processes.end()
        raise


def _explain(job: Job, status: int) -> None:
    """Leave a message for a job that ended without leaving one."""
    if not failures.file(f"{job.kind}.{job.name}").is_file():
        how = f"signal {-status}" if status < 0 else f"status {status}"
        failures.save(f"{job.kind}.{job.name}", f"{job.kind} {job.name}: its process ended with {how} before it was done")
