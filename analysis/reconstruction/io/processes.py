"""Jobs in processes of their own, which end with the process that started them."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread


def apart(function: Callable, jobs: list[tuple], workers: int, in_order: bool = True) -> Generator:
    """Results of a function of several jobs, in processes of their own where there is more than one worker.

    Parameters
    ----------
    function : callable
        Importable by name; an iterator that it returns becomes a list.
    jobs : list of tuple
        Its arguments, one tuple a job.
    workers : int
    in_order : bool
        Whether results come in the order of the jobs, or as they are done.

    Yields
    ------
    object
    """
    if workers == 1 or len(jobs) < 2:
        yield from (function(*job) for job in jobs)
        return
    context = get_context("spawn")
    # not an event: setting one waits for those who wait for it, and a signal to the whole group may have ended them
    ended, held = context.Pipe(duplex=False)
    with ended, held, ProcessPoolExecutor(workers, mp_context=context, initializer=end_with, initargs=(ended,)) as pool:
        try:
            futures = [pool.submit(_collect, function, job) for job in jobs]
            for future in futures if in_order else as_completed(futures):
                yield future.result()
        except BaseException:  # somebody asked to stop, or a job failed: nobody waits for the others
            held.close()
            raise


def _collect(function: Callable, job: tuple):
    """A job's result as it can leave its process: what comes one by one, all at once."""
    result = function(*job)
    return list(result) if isinstance(result, Iterator) else result


def end_with(parent: Connection) -> None:
    """End this process once the other end of a pipe is closed: an ended run leaves nothing at work."""

    def watch() -> None:
        with suppress(OSError):
            parent.poll(None)
        os._exit(1)

    Thread(target=watch, daemon=True).start()
