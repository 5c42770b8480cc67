"""Jobs in order, at once, and after a failure: with processes that do nothing but end."""

from __future__ import annotations

import multiprocessing
import sys

import pytest

from analysis import atomic_files, paths
from analysis.book.dependencies import build_records
from analysis.book.dependencies.fingerprints import Job
from analysis.book.jobs import failures, run_jobs
from analysis.book.processes import shutdown

AUDIT = Job("audit", "demo", "1", priority=2)
READER = Job("notebook", "reader", "2", reads=(AUDIT.receipt,))
WAITER = Job("notebook", "waiter", "3", waits=(AUDIT.receipt,), priority=1)
OTHER = Job("verify", "demo", "4")
HTML = Job("html", "book", "5", reads=(AUDIT.receipt, READER.receipt, WAITER.receipt), priority=-1)
ALL = [READER, HTML, OTHER, WAITER, AUDIT]


class Ending:
    """Starts processes that end with the status of their job, at once; notes which were begun and how many ran."""

    def __init__(self, **status: int):
        self.status, self.begun, self.ended = status, [], False
        self.running, self.most = [], 0

    def start(self, arguments):
        name = "/".join(arguments[: arguments.index("--made-from")])
        self.begun.append(name)
        process = multiprocessing.get_context("fork").Process(target=sys.exit, args=[self.status.get(name.replace("/", "_"), 0)])
        process.start()
        self.running = [one for one in self.running if one.is_alive()] + [process]
        self.most = max(self.most, len(self.running))
        return process

    def end(self):
        self.ended = True


@pytest.fixture(autouse=True)
def build(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "BUILD", tmp_path / "_build")
    return tmp_path / "_build"


def test_each_job_runs_once_after_those_it_reads_or_waits_for():
    processes = Ending()
    assert run_jobs.carry_out(ALL, processes) == set()
    begun = processes.begun
    assert sorted(begun) == ["audit/demo", "html", "notebook/reader", "notebook/waiter", "verify/demo"]
    assert begun[0] == "audit/demo" and begun[-1] in ("html", "verify/demo")
    assert begun.index("notebook/waiter") < begun.index("notebook/reader") < begun.index("html")


def test_of_those_that_may_begin_the_most_urgent_do_in_any_order_of_the_list():
    pages = [Job("notebook", name, "", priority=priority) for name, priority in (("b", 0), ("a", 1), ("d", -1), ("c", 2))]
    processes = Ending()
    run_jobs.carry_out(pages, processes)
    assert processes.begun == ["notebook/c", "notebook/a", "notebook/b", "notebook/d"]


def test_what_reads_what_a_failed_job_makes_is_not_begun_and_the_rest_is_done(build):
    processes = Ending(audit_demo=1)
    assert run_jobs.carry_out(ALL, processes) == {AUDIT.receipt, READER.receipt, HTML.receipt}
    assert sorted(processes.begun) == ["audit/demo", "notebook/waiter", "verify/demo"]
    assert failures.messages() == ["audit demo: its process ended with status 1 before it was done"]


def test_what_a_job_said_of_its_failure_is_kept():
    class Explaining(Ending):
        def start(self, arguments):
            failures.save("verify.demo", "no cohort")
            return super().start(arguments)

    assert run_jobs.carry_out([OTHER], Explaining(verify_demo=2)) == {OTHER.receipt}
    assert failures.messages() == ["no cohort"]


def test_no_more_jobs_run_at_once_than_keep_the_cores_at_work(monkeypatch):
    monkeypatch.setattr(run_jobs, "at_once", lambda: 2)
    processes = Ending()
    run_jobs.carry_out([Job("notebook", str(number), "") for number in range(7)], processes)
    assert len(processes.begun) == 7 and processes.most <= 2


def test_receipts_go_before_jobs_start_and_others_stay():
    for job in (AUDIT, OTHER):
        atomic_files.write(build_records.place(job.receipt), "{}")
    run_jobs.carry_out([AUDIT], Ending())
    assert not build_records.place(AUDIT.receipt).exists() and build_records.place(OTHER.receipt).exists()


def test_nothing_to_do_starts_nothing():
    assert run_jobs.carry_out([], Ending()) == set()


def test_a_request_to_stop_ends_what_runs():
    processes = Ending()

    def stop():
        raise shutdown.Stopped(15)

    with pytest.raises(shutdown.Stopped):
        run_jobs.carry_out([OTHER, HTML], processes, stop)
    assert processes.ended
