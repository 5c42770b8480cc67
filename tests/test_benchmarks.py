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


HEAD = "# a machine\nbenchmark,case,size,candidate,baseline,seconds,ratio,note\n"


@pytest.fixture
def page(load, tmp_path, monkeypatch):
    harness = load("harness")
    monkeypatch.setattr(harness, "RESULTS", tmp_path)
    return load("page")


def test_the_short_page_has_the_five_figures_that_are_measured(page, tmp_path):
    (tmp_path / "book.csv").write_text(
        HEAD + "book,book,,jupyter-book executing,jupyter-book executing,200,1,\n"
        'book,book,,"this project, nothing cached",jupyter-book executing,50,0.25,\n'
    )
    (tmp_path / "statistics.csv").write_text(
        HEAD + "statistics,Kaplan-Meier,1000,this project,lifelines,1,0.05,\nstatistics,Kaplan-Meier,10000,this project,lifelines,2,0.12,\n"
    )
    told = page.five().strip().splitlines()[2:]
    assert told == [
        "| The whole book from nothing | 0.25 | jupyter-book executing | 50 |",
        "| Kaplan–Meier estimate of 10,000 patients | 0.12 | lifelines | 2 |",
    ]
    (tmp_path / "book.csv").unlink()
    (tmp_path / "statistics.csv").unlink()
    assert page.five().strip() == "Not measured yet."


def test_the_profile_gives_each_page_its_share_of_all(page, tmp_path):
    assert page.block("pages").strip() == "Not measured yet."
    (tmp_path / "pages.csv").write_text(
        HEAD + "pages,all pages,,all,,10,1,\npages,all pages,,figures,,4,.4,\npages,all pages,,imports,,6,.6,\n"
        "pages,notebooks/a.md,,all,,5,.5,\npages,notebooks/a.md,,figures,,5,.5,\n"
    )
    assert page.block("pages").strip().splitlines()[2:4] == ["| all pages | 100.0 | 40.0 | 60.0 |", "| notebooks/a | 50.0 | 50.0 | 0.0 |"]


def test_only_what_stands_between_the_markers_is_written_anew(page):
    assert page.between("a\n% five\nold\n% end\nb\n", "% five", "% end", "new\n") == "a\n% five\nnew\n% end\nb\n"


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (["<frozen importlib._bootstrap>", "/x/analysis/figures/a.py"], "imports"),
        (["/x/matplotlib/axes.py", "/x/analysis/pages/a.py"], "figures"),
        (["/x/numpy/a.py", "/x/analysis/estimators/ensemble_range.py"], "ranges over cohorts"),
        (["/x/analysis/pages/a.py"], "other"),
    ],
)
def test_a_stack_of_calls_is_what_its_first_match_does(load, places, told):
    load("harness")

    class Frame:
        def __init__(self, places):
            self.f_code = type("Code", (), {"co_filename": places[0], "co_name": "f"})
            self.f_back = Frame(places[1:]) if places[1:] else None

    assert load("bench_pages").activity(Frame(places)) == told
