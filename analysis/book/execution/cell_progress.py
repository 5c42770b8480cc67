"""How far the execution of a notebook is, told to a caller: papermill shows it on a terminal alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

NAME = "telling"
"""Of the engine, among papermill's."""


class TellingEngine(NBClientEngine):
    """papermill's own engine, which tells each code cell that is done."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, tell: Callable[[int, int], object], **options: Any
    ) -> None:
        """Execute as papermill does, and tell how many code cells are done, of how many."""
        code = [number for number, cell in enumerate(nb_man.nb.cells) if cell.cell_type == "code"]
        complete = nb_man.cell_complete

        def completed(cell: Any, cell_index: int | None = None, **rest: Any) -> None:
            complete(cell, cell_index, **rest)
            if cell_index in code:
                tell(code.index(cell_index) + 1, len(code))

        nb_man.cell_complete = completed
        tell(0, len(code))
        super().execute_managed_notebook(nb_man, kernel_name, **options)


def telling(tell: Callable[[int, int], object]) -> dict[str, Any]:
    """Arguments of `papermill.execute_notebook` by which it tells its progress.

    Parameters
    ----------
    tell : callable
        Takes the number of code cells that are done, and that of all.
    """
    papermill_engines.register(NAME, TellingEngine)
    return {"engine_name": NAME, "tell": tell}
