"""What counts as a change, and in which order it is told."""

from analysis.book.results.curves import HEADER
from analysis.review.compare.diff import compare
from analysis.review.compare.states import State

AUDIT = "id,printed,recomputed,verdict,convention,evidence,note\n"
ROWS = {
    "t1.n": "t1.n,4,4,reproduced,,counts,",
    "res.os": "res.os,75%,75.00,reproduced,,held-out,",
    "res.p": "res.p,0.049,0.04912,reproduced,pearson,imposed,",
    "met.dose": "met.dose,20,,context,,,",
}
CURVE = f"{HEADER}\n2,4,1,0,0.750000,0.216506,0.425877,1.000000\n5,3,0,1,0.750000,0.216506,0.425877,1.000000\n"


def state(name="a", rows=ROWS, **files):
    texts = {"book/results/demo/audit.csv": AUDIT + "\n".join(rows.values()) + "\n", "book/results/demo/scoreboard.txt": "x\n"}
    return State(name, texts | {path.replace("__", "/"): text for path, text in files.items()})


def with_curve(text, name="a"):
    found = state(name)
    return State(name, dict(found.files) | {"book/results/demo/curves/os-all.csv": text})


def test_equal_states_have_no_changes():
    changes = compare(state(), state("b"))
    assert not changes
    assert (changes.moved, changes.redrawn, changes.counts, changes.reworded, changes.tables, changes.rewritten) == ([], [], [], [], [], [])


def test_only_the_rows_that_changed_in_the_order_of_the_ledger():
    later = ROWS | {"res.p": "res.p,0.049,0.06120,not reached,,imposed,", "res.os": "res.os,75%,74.00,reproduced,,held-out,"}
    changes = compare(state(), state("b", later))
    assert [(m.id, m.before.recomputed, m.after.recomputed, m.verdict_changed) for m in changes.moved] == [
        ("res.os", "75.00", "74.00", False),
        ("res.p", "0.04912", "0.06120", True),
    ]
    assert [tuple(count) for count in changes.counts] == [("demo", "reproduced", "imposed", 1, 0), ("demo", "not reached", "imposed", 0, 1)]


def test_another_convention_or_evidence_is_another_judgement():
    for line in ("res.p,0.049,0.04912,reproduced,fisher,imposed,", "res.p,0.049,0.04912,reproduced,pearson,held-out,"):
        (moved,) = compare(state(), state("b", ROWS | {"res.p": line})).moved
        assert moved.verdict_changed


def test_new_lost_and_reprinted_rows_are_changes():
    later = {id: line for id, line in ROWS.items() if id != "t1.n"} | {
        "t1.m": "t1.m,9,9,reproduced,,counts,",
        "met.dose": "met.dose,25,,context,,,",
    }
    changes = compare(state(), state("b", later))
    assert [(m.id, m.before is None, m.after is None) for m in changes.moved] == [
        ("met.dose", False, False),
        ("t1.m", True, False),
        ("t1.n", False, True),
    ]
    assert changes.counts == []  # one came, one went


def test_a_note_alone_is_wording():
    changes = compare(state(), state("b", ROWS | {"t1.n": ROWS["t1.n"] + "seen again"}))
    assert not changes
    assert changes.reworded == [("demo", "t1.n")]


def test_a_whole_study_may_come():
    later = dict(state("b").files)
    later["book/results/more/audit.csv"] = AUDIT + ROWS["t1.n"] + "\n"
    changes = compare(state(), State("b", later))
    assert [(m.study, m.id) for m in changes.moved] == [("more", "t1.n")]
    assert changes.totals == {"demo": 4, "more": 1}


def test_a_curve_says_at_which_times_it_differs():
    changes = compare(with_curve(CURVE), with_curve(CURVE.replace("5,3,0,1", "5,3,1,0").replace("\n2,", "\n10,"), "b"))
    (curve,) = changes.redrawn
    assert (curve.study, curve.name, curve.times) == ("demo", "os-all", ["2", "5", "10"])


def test_a_curve_that_comes_or_goes():
    assert compare(state(), with_curve(CURVE, "b")).redrawn[0].before is None
    assert compare(with_curve(CURVE), state("b")).redrawn[0].after is None


def test_a_state_from_before_there_were_curves_is_compared_by_its_audit_alone():
    old = State("old", {path: text for path, text in state().files.items() if not path.endswith("scoreboard.txt")})
    changes = compare(old, with_curve(CURVE, "b"))
    assert not changes
    assert changes.remarks[-1:] == ["curves and tables are not compared: old has snapshots of its audits alone"]


def test_tables_that_read_differently_are_named():
    one = state(book__results__demo__tables__t1="x")  # without a suffix it is no snapshot
    assert compare(one, state("b")).tables == []
    files = dict(state().files)
    assert compare(
        State("a", files | {"book/results/demo/tables/t1.txt": "x"}), State("b", files | {"book/results/demo/tables/t1.txt": "y"})
    ).tables == [("demo", "t1")]


def test_a_wider_column_is_no_change_of_a_table_and_another_cell_is_one():
    files = dict(state().files)
    narrow, wide, other = (
        State("a", files | {"book/results/demo/tables/t1.txt": text})
        for text in ("A  B\n-  -\n1  2\n", "A    B\n---  -\n1    2\n", "A  B\n-  -\n1  3\n")
    )
    assert not compare(narrow, wide) and compare(narrow, other)
