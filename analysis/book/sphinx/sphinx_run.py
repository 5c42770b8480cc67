"""Sphinx over a source tree as ``jupyter-book build`` runs it, but on all cores, for which its command has no option.

Upstream: https://github.com/jupyter-book/jupyter-book/issues/1735; to be removed once ``jupyter-book build`` takes a number of jobs.
Run by :mod:`analysis.book.html.build_html` as ``python -m analysis.book.sphinx.sphinx_run <source> <output>``.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
from pathlib import Path

NOTES = shutil.ignore_patterns(".buildinfo")
"""What Sphinx writes down for its own next build, and no reader needs: where its packages are installed decides it."""


def html_below(output: Path) -> Path:
    """Where the HTML stands that is made in a folder."""
    return output / "_build" / "html"


def build(source: Path, output: Path, strict: bool, jobs: int) -> int:
    """HTML of a source tree.

    Parameters
    ----------
    source : Path
        Folder with ``_config.yml`` and ``_toc.yml``.
    output : Path
        Folder to build in.
    strict : bool
        Whether a warning is an error; every one is reported before the build stops.
    jobs : int
        Number of processes.

    Returns
    -------
    int
        Exit status.
    """
    from jupyter_book.sphinx import build_sphinx

    source, output = source.absolute(), output.absolute()
    overrides = {
        "external_toc_path": (source / "_toc.yml").as_posix(),
        "latex_individualpages": False,
        **({"nitpicky": True} if strict else {}),
    }
    status = build_sphinx(
        source, html_below(output), path_config=source / "_config.yml", noconfig=True, confoverrides=overrides,
        warningiserror=strict, keep_going=strict, quiet=True, jobs=jobs,
    )  # fmt: skip
    return status if isinstance(status, int) else 1  # an error that stopped it, which it has reported


def main(arguments: list[str] | None = None) -> int:
    """Build, and end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args(arguments)
    gc.disable()  # the trees of all pages are needed to the end: looking for what is not takes a fifth of the time
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return build(options.source, options.output, options.strict, cores)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # all is written; taking the trees apart would take as long as a page
