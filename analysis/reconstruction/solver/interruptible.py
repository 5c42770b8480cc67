"""Solving in a thread, so that whoever asks a process to stop is heard at once."""

from __future__ import annotations

import threading
import time

from ortools.sat.python import cp_model

#: Seconds between two looks at signals, and for a solver that was told to stop.
LOOK, GRACE = 0.2, 5.0


def solve(solver: cp_model.CpSolver, model: cp_model.CpModel):
    """Status of a model, as `CpSolver.Solve` gives it; a signal that raises in the main thread ends the search.

    A solver that is called from the main thread answers no signal before it is done, and takes Ctrl-C for an end without a result.

    Parameters
    ----------
    solver : CpSolver
        With its parameters; its values are those of the solution afterwards.
    model : CpModel
    """
    if threading.current_thread() is not threading.main_thread():
        return solver.Solve(model)
    solver.parameters.catch_sigint_signal = False
    found: list = []
    done = threading.Event()  # a thread whose join a signal interrupts counts as ended, though it is not

    def run() -> None:
        try:
            found.append((solver.Solve(model), None))
        except BaseException as error:  # raised again where it is waited for
            found.append((None, error))
        done.set()

    threading.Thread(target=run, daemon=True).start()
    try:
        while not done.wait(LOOK):
            pass
    except BaseException:
        ends = time.monotonic() + GRACE
        while not done.is_set() and time.monotonic() < ends:
            solver.StopSearch()  # again, as a solver that is still being set up does not hear it
            done.wait(LOOK)
        raise
    status, error = found[0]
    if error is not None:
        raise error
    return status


def status(model: cp_model.CpModel, effort: float) -> bool | None:
    """Whether a model has a solution; None if the solver does not know within its deterministic time."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = effort
    found = solve(solver, model)
    if found == cp_model.INFEASIBLE:
        return False
    return True if found in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
