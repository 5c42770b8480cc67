"""Runs in turn: each reader's, so many at once, cancelled and ended."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from analysis.live.runs import fair_queue, job
from analysis.live.runs.fair_queue import FairQueue
from analysis.live.runs.run import CANCELLED, DONE, ENDED, FAILED, QUEUED, REFUSED, RUNNING, Run


class Process:
    """Stands for a process that a test lets end."""

    def __init__(self, folder, heeds=True):
        self.folder, self.heeds, self.exitcode, self.killed = folder, heeds, None, False

    def finish(self, **outcome):
        (self.folder / job.OUTCOME).write_text(json.dumps(outcome or {"state": "done"}))
        self.exitcode = 0

    def terminate(self):
        if self.heeds:
            self.exitcode = -15

    def kill(self):
        self.exitcode, self.killed = -9, True

    def join(self):
        pass


class Processes:
    """Starts them, and remembers in which order."""

    def __init__(self, heeds=True):
        self.started, self.heeds = [], heeds

    def start(self, arguments):
        from pathlib import Path

        self.started.append(Process(Path(arguments[1]), self.heeds))
        return self.started[-1]


@pytest.fixture
def make(tmp_path):
    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        return Run(1, f"notebooks/{name}", {}, folder, "made_up")

    return make


def played(scene):
    """Play a scene in a thread of its own, as a browser's driver may keep a loop going in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(scene())).result()


async def until(met):
    for _ in range(6000):
        if met():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("did not happen")


def test_readers_take_turns_and_no_more_run_than_may(make):
    async def scene():
        processes = Processes()
        queue = FairQueue(processes, 2, 60)
        first = [make(f"a{number}") for number in range(6)]
        second = [make(f"b{number}") for number in range(2)]
        for run in first:
            queue.submit("a", run)
        for run in second:
            queue.submit("b", run)
        assert [run.state for run in first] == [RUNNING, RUNNING, QUEUED, QUEUED, QUEUED, QUEUED]
        assert {run.folder.name: run.ahead for run in (*first[2:], *second)} == {"a2": 0, "b0": 1, "a3": 2, "b1": 3, "a4": 4, "a5": 5}
        for count in range(8):
            await until(lambda count=count: len(processes.started) > count)
            assert sum(run.state == RUNNING for run in (*first, *second)) <= 2
            processes.started[count].finish()
        await queue.settled()
        order = [process.folder.name for process in processes.started]
        assert order == ["a0", "a1", "a2", "b0", "a3", "b1", "a4", "a5"]
        assert all(run.state == DONE for run in (*first, *second))

    played(scene)


def test_a_run_that_takes_too_long_is_ended_and_the_next_one_starts(make, monkeypatch):
    monkeypatch.setattr(fair_queue, "_GRACE", 0.05)

    async def scene():
        processes = Processes(heeds=False)
        queue = FairQueue(processes, 1, 0.1)
        stuck, next_one = make("stuck"), make("next")
        queue.submit("a", stuck)
        queue.submit("a", next_one)
        await until(lambda: stuck.state == ENDED)
        assert processes.started[0].killed  # it did not end when it was asked to
        await until(lambda: len(processes.started) == 2)
        processes.started[1].finish()
        await queue.settled()
        assert next_one.state == DONE

    played(scene)


def test_a_run_is_cancelled_while_it_waits_and_while_it_runs(make):
    async def scene():
        processes = Processes()
        queue = FairQueue(processes, 1, 60)
        runs, waits, other = make("runs"), make("waits"), make("other")
        ended = []
        queue.submit("a", runs, lambda: ended.append("runs"))
        queue.submit("a", waits)
        queue.submit("a", other)
        queue.cancel(waits)
        assert waits.state == CANCELLED and other.ahead == 0
        await until(lambda: processes.started)
        queue.cancel(runs)
        await until(lambda: runs.state == CANCELLED and len(processes.started) == 2)
        processes.started[1].finish()
        await queue.settled()
        assert ended == ["runs"] and other.state == DONE and [process.folder.name for process in processes.started] == ["runs", "other"]

    played(scene)


def test_a_run_is_cancelled_at_once_while_its_process_is_still_being_started(make):
    async def scene():
        processes, gate = Processes(), threading.Event()
        start = processes.start
        processes.start = lambda arguments: gate.wait(10) and start(arguments)
        queue = FairQueue(processes, 1, 60)
        slow, next_one = make("slow"), make("next")
        queue.submit("a", slow)
        queue.submit("a", next_one)
        queue.cancel(slow)
        assert slow.state == CANCELLED and next_one.state == QUEUED and not processes.started
        gate.set()
        await until(lambda: len(processes.started) == 2)
        assert processes.started[0].exitcode == -15 and slow.state == CANCELLED
        processes.started[1].finish()
        await queue.settled()
        assert next_one.state == DONE

    played(scene)


def test_a_run_whose_process_cannot_be_started_has_failed_and_the_next_one_starts(make):
    async def scene():
        processes = Processes()
        start = processes.start

        def full(arguments):
            processes.start = start
            raise MemoryError("no memory")

        processes.start = full
        queue = FairQueue(processes, 1, 60)
        first, next_one = make("first"), make("next")
        queue.submit("a", first)
        queue.submit("a", next_one)
        await until(lambda: len(processes.started) == 1)
        assert first.state == FAILED and first.message == "its process could not be started: no memory"
        processes.started[0].finish()
        await queue.settled()
        assert next_one.state == DONE

    played(scene)


def test_what_became_of_a_run_is_what_its_process_wrote(make):
    async def scene():
        processes = Processes()
        queue = FairQueue(processes, 3, 60)
        refused, failed, gone = make("refused"), make("failed"), make("gone")
        for run in (refused, failed, gone):
            queue.submit("a", run)
        await until(lambda: len(processes.started) == 3)
        processes.started[0].finish(state="refused", faults=[["form", "parameter ties", "one", "two"]])
        processes.started[1].finish(state="failed", message="a cell failed")
        processes.started[2].exitcode = 1
        await queue.settled()
        assert refused.state == REFUSED and refused.faults[0].place == "parameter ties"
        assert failed.state == FAILED and failed.message == "a cell failed"
        assert gone.state == FAILED and "before it was done" in gone.message

    played(scene)


def test_progress_is_read_while_a_run_goes_on(make):
    async def scene():
        processes = Processes()
        queue = FairQueue(processes, 1, 60)
        run = make("runs")
        queue.submit("a", run)
        await until(lambda: processes.started)
        (run.folder / job.PROGRESS).write_text('["cells", 0, 4]\n["cells", 2, 4]\n["cel')  # written upon while it is read
        await asyncio.sleep(0.15)
        assert run.of == 0
        (run.folder / job.PROGRESS).write_text('["cells", 0, 4]\n["cells", 2, 4]\n')
        await until(lambda: run.done == 2)
        assert run.of == 4 and len(run.times) == 2 and run.seconds_left() is not None
        (run.folder / job.PROGRESS).write_text('["cells", 4, 4]\n["page", 0, 1]\n')
        await until(lambda: run.step == "page")
        assert run.done == 4 and len(run.times) == 4
        processes.started[0].finish()
        await queue.settled()
        assert len(queue.earlier[run.page]) == 5

    played(scene)
