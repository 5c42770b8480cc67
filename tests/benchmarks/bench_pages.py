"""Where a build's time goes: each page's cells run in a process forked from one that has imported what they need, sampled.

Every `PAUSE` seconds the stack of the page's process is looked at; what it is doing is the first of `DOING` that any of
its frames matches.  Shares are of CPU seconds.  The book's HTML is measured by `bench_book.py`, which has no pages.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import io
import json
import os
import signal
import sys
import time
from pathlib import Path

import harness

sys.path.insert(0, str(harness.ROOT))

PACKAGES = ("numpy", "pandas", "lifelines", "statsmodels", "matplotlib")
PAUSE = 0.01  # looking at deep stacks more often takes half as long again as the page
#: What a page may be doing: name, and parts of the paths of code that do it; the first that matches counts.
DOING = (
    ("imports", ("<frozen importlib._bootstrap>",)),
    ("figures", ("/analysis/figures/", "/matplotlib/", "/seaborn/")),
    ("ranges over cohorts", ("/analysis/estimators/ensemble_range.py", "/analysis/ledger/verdicts/ensemble_cache.py", "of_members")),
    ("libraries that confirm", ("/analysis/estimators/engines/",)),
    ("reading", ("/analysis/cohorts/", "/analysis/ledger/session/", "/analysis/ledger/rows/")),
    ("verdicts", ("/analysis/ledger/verdicts/",)),
    ("tables and sentences", ("/analysis/tables/",)),
)
OTHER, ALL = "other", "all"


def activity(frame) -> str:
    """What a stack of calls is doing, one of `DOING` or `OTHER`."""
    called = []
    while frame is not None:
        called.append(f"{frame.f_code.co_filename} {frame.f_code.co_name}")
        frame = frame.f_back
    for name, parts in DOING:
        if any(part in place for place in called for part in parts):
            return name
    return OTHER


def profiled(source: Path) -> dict[str, float]:
    """CPU seconds of a page's cells by what they do, measured in this process."""
    from IPython.core.interactiveshell import InteractiveShell

    from analysis.book.sources import notebooks

    seen: collections.Counter[str] = collections.Counter()
    signal.signal(signal.SIGPROF, lambda _, frame: seen.update([activity(frame)]))
    shell = InteractiveShell.instance()
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, PAUSE, PAUSE)
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in notebooks.read(source).cells:
            if cell.cell_type == "code":
                shell.run_cell(cell.source).raise_error()
    signal.setitimer(signal.ITIMER_PROF, 0)
    spent, samples = time.process_time() - start, max(sum(seen.values()), 1)
    return {name: spent * count / samples for name, count in seen.items()} | {ALL: spent}


def in_a_fork(source: Path) -> dict[str, float]:
    """`profiled` in a process of its own, so that no page profits from another."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.write(writes, json.dumps(profiled(source)).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writes)
    with os.fdopen(reads) as told:
        found = told.read()
    if os.waitpid(child, 0)[1]:
        raise SystemExit(f"{source} failed")
    return json.loads(found)


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pages", nargs="*", help="sources of pages, by default all of the book")
    chosen = options.parse_args()
    os.chdir(harness.ROOT)
    from analysis.book.dependencies import fingerprints
    from analysis.book.jobs import preloaded

    for name in preloaded.MODULES:
        __import__(name)
    sources = [Path(page) for page in chosen.pages] or [harness.ROOT / f"{name}.md" for name in fingerprints.executed_pages()]
    found = {source.resolve().relative_to(harness.ROOT).as_posix(): in_a_fork(source.resolve()) for source in sources}
    total = sum(spent[ALL] for spent in found.values())
    rows = [
        harness.Line("pages", page, "", name, "", seconds, seconds / total)
        for page, spent in sorted(found.items(), key=lambda pair: -pair[1][ALL])
        for name, seconds in sorted(spent.items(), key=lambda pair: -pair[1])
    ]
    together: collections.Counter[str] = collections.Counter()
    for spent in found.values():
        together.update(spent)
    rows = [harness.Line("pages", "all pages", "", name, "", value, value / total) for name, value in together.most_common()] + rows
    harness.write("pages", rows, PACKAGES)


if __name__ == "__main__":
    main()
