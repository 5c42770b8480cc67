"""A Python kernel that writes down which files of the repository its notebook reads.

Started by :mod:`analysis.book.execution.kernel` as
``python -m analysis.book.execution.recording_kernel -f <connection file>``.
The list names what a page was *really* made from, whatever its text says, so that
the provenance panel cannot miss a file and an undeclared input is noticed.
"""

from __future__ import annotations

import os
import sys

from analysis import paths

LIST = "ANALYSIS_FILES_READ"
"""Environment variable with the path of the list; without it nothing is recorded."""

CODE = (".py", ".pyc", ".pyi", ".so")
"""Endings of code, which the graph follows through imports instead."""


def record_reads(list_path: str) -> None:
    """Append each repository file that is opened for reading to a list, once.

    Parameters
    ----------
    list_path : str
        Text file, one path a line, relative to the repository.
    """
    root = str(paths.ROOT) + os.sep
    skipped = tuple(root + name + os.sep for name in (".venv", "_build", ".git", ".snakemake"))
    sink = os.open(list_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    seen: set[str] = set()

    def hook(event: str, arguments: tuple) -> None:
        if event != "open" or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if not path.startswith(root) or path.startswith(skipped) or path.endswith(CODE):
            return
        writes = arguments[2] & (os.O_WRONLY | os.O_RDWR) if arguments[2] else 0
        if writes or path in seen or not os.path.isfile(path):
            return
        seen.add(path)
        os.write(sink, (path[len(root) :] + "\n").encode())

    sys.addaudithook(hook)


def main() -> None:
    """Start the kernel, recording if the environment asks for it."""
    list_path = os.environ.pop(LIST, "")
    if list_path:
        record_reads(list_path)
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    main()
