"""Promises of what the benchmarks share; the benchmarks themselves are not collected."""

import importlib.util
import sys

import pytest

from analysis import paths

FOLDER = paths.ROOT / "tests" / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    def module(name):
        monkeypatch.syspath_prepend(str(FOLDER))
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        loaded = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, loaded)
        spec.loader.exec_module(loaded)
        return loaded

    return module


def test_candidates_run_in_turn_and_keep_their_fastest_round(load, monkeypatch):
    harness, order = load("harness"), []
    ticks = iter([0, 5, 5, 6, 6, 9, 9, 13])
    monkeypatch.setattr(harness.time, "perf_counter", lambda: next(ticks))
    best = harness.interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2)
    assert order == ["a", "b", "a", "b"]
    assert best == {"a": 3, "b": 1}
    with pytest.raises(ValueError, match="at least one"):
        harness.interleaved({}, rounds=2)


def test_figures_carry_their_ratio_to_the_baseline(load):
    found = load("harness").lines("book", "case", 10, {"ours": 2.0, "theirs": 8.0}, "theirs")
    assert [(line.candidate, line.ratio) for line in found] == [("ours", 0.25), ("theirs", 1.0)]


def written(ratio, baseline="theirs", candidate="ours"):
    return (
        f"# a machine\nbenchmark,case,size,candidate,baseline,seconds,ratio,note\nstatistics,test,1000,{candidate},{baseline},99,{ratio},\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "told"), [(0.5, 1.2, True), (0.5, 0.9, False), (0.5, 0.1, False), (0.001, 0.05, False), (0.01, 0.3, True)]
)
def test_the_guard_tells_of_ratios_that_grew_beyond_noise(load, before, after, told):
    load("harness")
    guard = load("guard")
    assert bool(guard.slower(guard.ratios(written(before)), guard.ratios(written(after)))) is told


def test_the_guard_compares_no_baseline_and_no_new_figure(load):
    load("harness")
    guard = load("guard")
    assert guard.ratios(written(1, candidate="theirs")) == {}
    assert guard.slower({}, guard.ratios(written(9))) == []
