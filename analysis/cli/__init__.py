"""The command line: thin, and quick to start, since each command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import errno
import sys
import traceback

from analysis import paths
from analysis.cli import audit, book, cohort_files, digitising, live, new_study, notebooks, project, reconstruction, transcription
from analysis.errors import Fault, InputError

INPUT_ERROR = 2
NO_ROOM = (errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG)
"""What a system says where nothing can be written: no fault of the program."""
CRASH = 70
"""Status of a fault of ours: 1 means that something did not come out, or moved."""


def parser() -> argparse.ArgumentParser:
    """Parser of all commands."""
    top = argparse.ArgumentParser(prog="python -m analysis", description="Re-execute published cohort studies from their printed numbers.")
    add = top.add_subparsers(dest="command", required=True, metavar="command").add_parser
    for module in (new_study, audit, transcription, notebooks, cohort_files, reconstruction, digitising, book, live, project):
        module.add(add)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit status says how it went.

    Returns
    -------
    int
        0 done (however a paper fares); 1 something did not come out, e.g. a notebook
        failed or a cohort violates the ledger, or `diff` found a change; 2 a fault in the input, told on stderr;
        70 a fault of this program, with its traceback.
    """
    options = parser().parse_args(arguments)
    try:
        if getattr(options, "study", None):
            options.study = paths.find_study(options.study)
        return options.run(options)
    except InputError as error:
        print(error, file=sys.stderr)
        return INPUT_ERROR
    except BrokenPipeError:  # e.g. `| head`: the reader has seen enough
        sys.stderr.close()
        return 0
    except OSError as error:
        if error.errno not in NO_ROOM and "temporary directory" not in str(error):
            traceback.print_exc()
            return CRASH
        place = paths.shorten_path(error.filename) if error.filename else "a temporary folder"
        print(Fault("files", place, "a writable folder with free space", (error.strerror or str(error)).lower()), file=sys.stderr)
        return INPUT_ERROR
    except Exception:
        traceback.print_exc()
        return CRASH
