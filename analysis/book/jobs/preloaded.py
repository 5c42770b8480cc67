"""What the fork server imports, once a build: all that jobs and kernels need, compiled code and sources included.

Imported by the fork server, which `SERVER` tells it to be; elsewhere an import has no effect.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import suppress
from importlib import import_module

from analysis.book.dependencies import graph
from analysis.book.execution import kernel
from analysis.errors import InputError

SERVER = kernel.FORK_SERVER

PATH = tuple(sys.path)
"""Where this interpreter looks for modules, before a parent tells it otherwise."""

MODULES = (
    "analysis.book.jobs.one_job", "ipykernel.kernelapp", "ipykernel.ipkernel",
    "lifelines", "lifelines.statistics",
    "analysis.pages.page", "analysis.pages.synthesis.reconstruction_evidence", "analysis.pages.synthesis.scoreboards", "analysis.pages.synthesis.synthesis",
)  # fmt: skip
"""Modules that are imported, with all that they import."""


def load() -> None:
    """Import, compile and read what all processes share."""
    os.setsid()  # Ctrl-C is the build's to heed, which tells its jobs
    for name in MODULES:
        with suppress(ImportError):  # a notebook that needs it will say so
            import_module(name)
    with suppress(ImportError):
        from analysis.estimators.regression import exact_ties

        exact_ties.prepare()  # once, where every process would do it
    with suppress(InputError):  # whose job it is to say so, says so
        graph.check_sources()
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    if threads > 1:  # a fork would lose them
        sys.exit(f"imports have started {threads - 1} thread(s)")
    gc.collect()
    gc.freeze()  # what stands now stays as it is, so that all who are forked share it
    # a page ends before reference cycles matter; looking for them more often takes a twentieth of its time
    gc.set_threshold(50_000, 20, 100)


def leave(server: int) -> None:
    """End the fork server at once: thousands of modules need no putting away."""
    if os.getpid() == server:
        os._exit(0)


if os.environ.pop(SERVER, ""):
    load()
    atexit.register(leave, os.getpid())
