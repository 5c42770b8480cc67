"""A sweep carried out: all scenarios in parallel, progress with the time left, and a book of what is finished."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

from tqdm import tqdm

from analysis import paths
from analysis.publishing import build, receipts, stopping, sweeps, tending

FINISHED = "ANALYSIS_FINISHED"
"""Environment variable that tells the making of the book to leave out scenarios that failed."""


def carry_out(file: Path, profile: str | None = None) -> int:
    """Run a sweep; what an earlier run finished is kept.

    Parameters
    ----------
    file : Path
        The sweep, already located.
    profile : str, optional
        Folder of a Snakemake profile, e.g. for a cluster.

    Returns
    -------
    int
        0 if every scenario is finished, 1 if one failed; the book shows the others.

    Raises
    ------
    InputError
        If the file is faulty; nothing is executed then.
    analysis.publishing.build.BuildFailed
        If the same sweep is running already.
    """
    sweep = sweeps.read(file)
    folder = paths.ROOT / "_build" / "editions" / sweep.name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise build.BuildFailed(f"the sweep {sweep.name} is running already; wait for it") from None
        shutil.rmtree(folder / "failures", ignore_errors=True)
        receipts.discard_unfinished(folder)
        return _run(sweep, file, folder, profile, lock.fileno())


def _run(sweep: sweeps.Sweep, file: Path, folder: Path, profile: str | None, lock: int) -> int:
    environment = build.snakemake_environment() | {"ANALYSIS_EDITION": str(file)}
    python, flag, snakemake, *flags = build.snakemake_command()
    command = [python, flag, snakemake, "notebooks", *(["--profile", profile] if profile else []), *flags]
    wanted = [folder / "receipts" / "notebook" / f"{page.name}.json" for page in sweep.pages]
    with (folder / "log.txt").open("w", encoding="utf-8") as log, tqdm(total=len(wanted), initial=sum(receipt.is_file() for receipt in wanted), unit="page", desc=sweep.name, mininterval=0.5 if sys.stderr.isatty() else 30) as bar, nullcontext(tending.NoNursery()) if profile else tending.tended(environment) as warm:
        stopping.run(command, lambda: (warm.look(), _show(bar, wanted)), cwd=paths.ROOT, env=environment | warm.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[lock])
        _show(bar, wanted)
    missing = [receipt.relative_to(folder / "receipts" / "notebook").with_suffix("").as_posix() for receipt in wanted if not receipt.is_file()]
    for message in sorted((folder / "failures").glob("*.txt")):
        print(message.read_text(encoding="utf-8"), file=sys.stderr)
    for name in missing:
        print(f"failed: {name}", file=sys.stderr)
    if len(missing) == len(wanted):
        print(f"no scenario finished; see {paths.shown(folder / 'log.txt')}", file=sys.stderr)
        return 1
    made = stopping.run([sys.executable, "-m", "analysis.publishing", "html"], cwd=paths.ROOT,
                        env=os.environ | {"ANALYSIS_EDITION": str(file), FINISHED: "1"})
    if not made:
        print(f"{len(wanted) - len(missing)} of {len(wanted)} pages: {folder / 'html' / 'index.html'}")
    return 1 if missing or made else 0


def _show(bar: tqdm, wanted: list[Path]) -> None:
    bar.update(sum(receipt.is_file() for receipt in wanted) - bar.n)
