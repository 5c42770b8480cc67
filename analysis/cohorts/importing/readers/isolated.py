"""Files that compiled libraries read are read in a process of their own.

A damaged file can bring such a library down, and the process with it: then that process
is lost and not the one that asked.  So is one that unpacks to more memory or takes more time than a
cohort can, whatever the file says of its size.  Rows travel through a pipe, never through a file.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

from analysis import paths
from analysis.cohorts.importing.raw import RawTable, Unreadable

MOST_MEMORY = 2 * 1024**3
"""Bytes that a reader may take beyond what it starts with."""
MOST_SECONDS = 300
"""Of computing that a reader may take."""
FORMS = {"SPSS": "an SPSS file", "Stata": "a Stata file", "SAS": "a SAS file", "Parquet": "a Parquet file", "Feather": "a Feather file"}


def read_apart(form: str, path: Path, encoding: str = "") -> RawTable:
    """Read a file in another process.

    Parameters
    ----------
    form : {"SPSS", "Stata", "SAS", "Parquet", "Feather"}
    path : Path
    encoding : str
        In place of the one that an SPSS, Stata or SAS file tells.

    Raises
    ------
    Unreadable
        What the reader says, or that it broke down.
    """
    places = [str(paths.ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", __name__, form, str(path.resolve()), encoding],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,  # what a library says may quote the file
        cwd=paths.ROOT, env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(places)}, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Unreadable(FORMS[form], "a file that cannot be read as one")
    answer = pickle.loads(done.stdout)
    if isinstance(answer, RawTable):
        return answer
    raise Unreadable(*answer)


def bound(memory: int = MOST_MEMORY, seconds: int = MOST_SECONDS) -> None:
    """Bound what this process may still take, where the system knows how much it has."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main(form: str, path: str, encoding: str) -> None:
    """Read a file and write the table, or what is wrong, to the standard output."""
    answer_to = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not get into the answer
    from analysis.cohorts.importing.readers import statistical

    # before memory is bounded, as libraries reserve more than they use
    if form in ("Parquet", "Feather"):
        import pyarrow.feather
        import pyarrow.parquet  # noqa: F401
    else:
        import pyreadstat  # noqa: F401
    bound()
    read = {
        "SPSS": statistical.read_spss, "Stata": statistical.read_stata, "SAS": statistical.read_sas,
        "Parquet": statistical.read_parquet, "Feather": statistical.read_feather,
    }[form]  # fmt: skip
    try:
        answer = read(Path(path), encoding)
    except Unreadable as error:
        answer = (error.problem.expected, error.problem.found)
    with os.fdopen(answer_to, "wb") as stream:
        pickle.dump(answer, stream, protocol=5)


if __name__ == "__main__":
    main(*sys.argv[1:])
