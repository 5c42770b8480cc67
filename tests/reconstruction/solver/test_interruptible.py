"""Whoever asks a process to stop is heard inside a solve; what is solved is what the solver gives."""

import signal
import subprocess
import sys
import textwrap

import pytest
from ortools.sat.python import cp_model

from analysis import paths
from analysis.reconstruction.solver import interruptible

LONG = textwrap.dedent(
    """
    import random, sys
    from ortools.sat.python import cp_model
    from analysis.book.processes import shutdown
    from analysis.reconstruction.solver import interruptible

    def main():
        random.seed(1)
        model = cp_model.CpModel()
        chosen = [model.NewBoolVar("") for _ in range(400)]
        for _ in range(60):
            model.Add(sum(random.randint(1, 99) * one for one in random.sample(chosen, 40)) == 999)
        model.Maximize(sum(chosen))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        print("solving", flush=True)
        interruptible.solve(solver, model)
        return 0

    sys.exit(shutdown.heeding(main))
    """
)


def test_a_status_and_values_are_those_of_the_solver():
    model = cp_model.CpModel()
    number = model.NewIntVar(0, 10, "")
    model.Add(number >= 7)
    model.Minimize(number)
    solver = cp_model.CpSolver()
    assert interruptible.solve(solver, model) == cp_model.OPTIMAL and solver.Value(number) == 7
    model.Add(number <= 6)
    assert interruptible.solve(solver, model) == cp_model.INFEASIBLE


def test_an_error_of_the_solver_is_raised():
    with pytest.raises(Exception, match=".+"):
        interruptible.solve(cp_model.CpSolver(), None)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_solve_that_would_go_on_for_long(number):
    with subprocess.Popen(
        [sys.executable, "-c", LONG], cwd=paths.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "solving\n"
        process.send_signal(number)
        _, told = process.communicate(timeout=600)  # without which the test would never end
    assert process.returncode == 128 + number and "stopped by" in told
