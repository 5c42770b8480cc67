"""Run pytest so that it ends with the make that runs it, together with all that its tests started: ``python tests/stoppable.py <arguments of pytest>``."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.book.processes import shutdown as stopping


def main() -> int:
    """Exit status of pytest."""
    running = subprocess.Popen([sys.executable, "-m", "pytest", *sys.argv[1:]])
    try:
        return running.wait()
    except BaseException:
        end(psutil.Process(running.pid))
        raise


def end(top: psutil.Process) -> None:
    """End a process and all below it, those in sessions of their own included: asked first, killed after `stopping.GRACE`."""
    found = {top, *_below(top)}
    with suppress(psutil.NoSuchProcess):
        top.send_signal(signal.SIGINT)  # pytest tells its workers, and sums up
    psutil.wait_procs([top], timeout=2)
    for tell in (psutil.Process.terminate, psutil.Process.kill):
        found |= {child for one in found for child in _below(one)}
        for process in found:
            with suppress(psutil.NoSuchProcess):
                tell(process)
        psutil.wait_procs(found, timeout=stopping.GRACE)


def _below(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return process.children(recursive=True)
    return []


if __name__ == "__main__":
    sys.exit(stopping.heeding(main))
