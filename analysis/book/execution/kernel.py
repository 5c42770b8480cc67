"""The kernel that notebooks run in: this interpreter, one process each, in a clean environment."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory

from analysis import paths
from analysis.book.execution import kernel_provisioner, recording_kernel
from analysis.book.processes import shutdown
from analysis.errors import Fault, InputError
from analysis.pages import session

LEAKING = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "JUPYTER_PATH")
"""Variables of a person's shell that would change what a notebook computes."""

FORK_SERVER = "ANALYSIS_FORK_SERVER"
"""Environment variable of the process from which others are forked."""

TO_FORK = {
    # what a kernel sets for itself before a notebook imports matplotlib
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # a thread that Arrow's library would start when pandas imports it; a fork would lose it
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""What a process sets for itself that imports for the kernels forked from it."""


class ProjectKernelSpecManager(KernelSpecManager):
    """Offers the interpreter that runs the build, whatever kernels a person has installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Specification of the project's kernel, under any name."""
        module = recording_kernel.__name__
        argv = [
            sys.executable,
            "-m",
            module,
            "-f",
            "{connection_file}",
            "--HistoryManager.enabled=False",
            "--IPKernelApp.log_level=50",
        ]
        chosen = {"kernel_provisioner": {"provisioner_name": kernel_provisioner.NAME}} if kernel_provisioner.waits() else {}
        return KernelSpec(argv=argv, display_name="Python 3", language="python", metadata=chosen)


class ProjectKernelManager(AsyncKernelManager):
    """Talks to kernels over files, not ports: parallel notebooks cannot race for one."""

    scratch: Path
    reads: Path
    further: Mapping[str, str]

    def __init__(self, **options):
        known = KernelProvisionerFactory.instance().provisioners
        known[kernel_provisioner.NAME] = EntryPoint(
            kernel_provisioner.NAME,
            f"{kernel_provisioner.__name__}:{kernel_provisioner.ForkedProvisioner.__name__}",
            KernelProvisionerFactory.GROUP_NAME,
        )
        super().__init__(**{"kernel_spec_manager": ProjectKernelSpecManager()} | options)
        self.transport = "ipc"
        self.connection_file = str(self.scratch / "k.json")

    async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]  # jupyter_client wraps its own for callers without a loop
        """Start the kernel in the clean environment; it ends when this process is asked to stop."""
        options["env"] = environment(self.scratch, self.reads) | dict(self.further)
        await super().start_kernel(**options)

        async def end() -> None:
            await self.shutdown_kernel(now=True)

        shutdown.heed_in_loop(end)


def manager_class(scratch: Path, reads: Path, further: Mapping[str, str]) -> type[ProjectKernelManager]:
    """Kernel manager for one execution; papermill takes a class, not an instance.

    Parameters
    ----------
    scratch, reads : Path
        As in :func:`environment`.
    further : mapping
        Variables that this kernel finds besides.
    """
    return type("KernelManager", (ProjectKernelManager,), {"scratch": scratch, "reads": reads, "further": further})


def require_kernel() -> None:
    """Make sure that a kernel can be started.

    Raises
    ------
    InputError
        If this interpreter has no ``ipykernel``.
    """
    if importlib.util.find_spec("ipykernel") is None:
        expected = "ipykernel in this interpreter (run `make setup`)"
        raise InputError(Fault("set-up", "kernel python3", expected, "none"))


def environment(scratch: Path, reads: Path) -> dict[str, str]:
    """Environment of a kernel: repository importable, one thread, nobody's own settings.

    Parameters
    ----------
    scratch : Path
        Folder for the kernel's connection file and profile; short, as names of sockets are.
    reads : Path
        Where the kernel lists the files that it reads.
    """
    return clean_environment(os.environ) | {
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(scratch),
        recording_kernel.LIST: str(reads),
        session.USED: str(scratch / "used"),
    }


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without a person's own settings, in which imports and results are always the same."""
    inherited = {name: value for name, value in environment.items() if name not in LEAKING}
    return inherited | {
        "PYTHONPATH": str(paths.ROOT),
        "PYTHONNOUSERSITE": "1",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "NUMBA_NUM_THREADS": "1",
        # figures carry a date and a random salt otherwise
        "SOURCE_DATE_EPOCH": "0",
        "TZ": "UTC",
        "MPLCONFIGDIR": str(paths.BUILD / "matplotlib"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }
