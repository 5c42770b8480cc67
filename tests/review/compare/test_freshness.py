"""Snapshots of other sources are never compared: a change that they do not know of is told, with what to run."""

from __future__ import annotations

import pytest

from analysis import cli, paths
from analysis.book.results import made_from, page_text

LEDGER = "id,source,quantity,population,statistic,printed,role\nres.os,Results,survival at 12 months,all,survival,64.71%,imposed\n"
NOTEBOOK = """---
kernelspec:
  name: python3
  display_name: Python 3
---

# Survival

```{code-cell} ipython3
from analysis.pages.page import Page
Page("demo").table.detectable_hazard_ratios()
```
"""


@pytest.fixture
def here(repository, monkeypatch):
    """A repository with a study, a page and the snapshots of both."""
    monkeypatch.setattr(paths, "ROOT", repository.root)
    for name, text in {
        "data/demo/study.yml": "study: demo\n",
        "data/demo/printed.csv": LEDGER,
        "data/demo/cohort.csv": "id,months\n1,3\n",
        "notebooks/demo/survival.md": NOTEBOOK,
        "analysis/__init__.py": "",
        "analysis/pages/__init__.py": "",
        "analysis/book/__init__.py": "",
        "analysis/book/results/__init__.py": "",
        "analysis/pages/page.py": "POWER = 0.8\n",
        "analysis/book/results/audit.py": "",
        "_toc.yml": "format: jb-book\nroot: notebooks/demo/survival\n",
    }.items():
        repository.write(name, text)
    snapshots(repository)
    repository.commit("all that belongs together")
    return repository


def snapshots(repository, printed="64.71%", power="0.8"):
    """What an audit and a build write."""
    repository.audit(f"res.os,{printed},64.71,reproduced,,cohort,")
    repository.write("book/results/demo/made_from.txt", made_from.line(made_from.of_study("demo", repository.root)))
    shown = f"{page_text.OPENING}Survival · table 1 · Detectable\n Power | {power}\n"
    repository.write(
        "book/results/pages/notebooks/demo/survival.txt",
        made_from.line(made_from.of_page("notebooks/demo/survival", repository.root)) + "\n" + shown,
    )


def ended(capsys, *arguments):
    status = cli.main(["diff", *arguments])
    said = capsys.readouterr()
    return status, said.out + said.err


def test_nothing_changed_is_said_where_everything_was_compared(here, capsys):
    status, said = ended(capsys)
    assert status == 0 and "No number, verdict, curve, count, table, figure or sentence changed." in said and "not known" not in said


@pytest.mark.parametrize("committed", [False, True])
def test_a_ledger_value_edited_without_new_snapshots_is_stale_and_no_nothing_changed(here, capsys, committed):
    here.write("data/demo/printed.csv", LEDGER.replace("64.71%", "64.72%"))
    if committed:
        here.git("checkout", "-q", "-b", "topic")
        here.commit("edited")
    status, said = ended(capsys, *(["main", "topic"] if committed else []))
    assert status == 2 and "changed." not in said
    assert (
        "book/results/demo/made_from.txt" in said
        and "expected the ledger of this state; `python -m analysis snapshots demo` writes it anew" in said
    )


@pytest.mark.parametrize(
    ("file", "text", "kind"),
    [
        ("analysis/pages/page.py", "POWER = 0.9\n", "code"),
        ("data/demo/cohort.csv", "id,months\n1,4\n", "cohorts"),
        ("data/demo/study.yml", "study: demo \n", "declarations"),
        ("notebooks/demo/survival.md", NOTEBOOK.replace("Survival", "Curves"), "page"),
        ("data/demo/findings.yml", "[]\n", "declarations"),
    ],
)
def test_whatever_a_page_is_made_from_makes_its_snapshot_stale(here, capsys, file, text, kind):
    here.write(file, text)
    status, said = ended(capsys)
    assert (
        status == 2
        and f"pages/notebooks/demo/survival.txt (the working tree): made from: expected the {kind} of this state; `make book` writes it anew"
        in said
    )


def test_a_default_power_that_moves_a_page_is_told_once_the_snapshots_are_new(here, capsys):
    here.write("analysis/pages/page.py", "POWER = 0.9\n")
    snapshots(here, power="0.9")
    status, said = ended(capsys)
    assert status == 1 and "Power | 0.8" in said and "Power | 0.9" in said and "Survival · table 1 · Detectable" in said


def test_what_no_page_is_made_from_makes_nothing_stale(here, capsys):
    here.write("analysis/cli.py", "")
    here.write("book/index.md", "# Prose\n")
    here.write("data/demo/README.md", "Prose\n")
    assert ended(capsys)[0] == 0


def test_a_changed_imposed_number_is_told_in_words_and_its_cohorts_are_called_stale(here, capsys):
    here.write("data/demo/printed.csv", LEDGER.replace("64.71%", "64.72%"))
    snapshots(here, printed="64.72%")
    status, said = ended(capsys)
    assert status == 1 and "survival at 12 months" in said and "64.71% → 64.72%" in said and "cohorts are stale" in said
    here.write("data/demo/printed.csv", LEDGER.replace("64.71%", "64.72%").replace("imposed", "held-out"))
    snapshots(here, printed="64.72%")
    assert "cohorts are stale" not in ended(capsys)[1]


def test_an_earlier_state_that_was_stale_is_remarked_on(here, capsys):
    here.write("data/demo/printed.csv", LEDGER.replace("64.71%", "64.72%"))
    stale = here.commit("ledger alone")
    snapshots(here, printed="64.72%")
    here.commit("snapshots too")
    status, said = ended(capsys, stale, "HEAD")
    assert status == 1 and "snapshots of the earlier state are stale" in said


def test_a_state_that_does_not_say_what_it_was_made_from_is_called_that(here, capsys):
    for name in ("demo/made_from.txt", "pages/notebooks/demo/survival.txt"):
        (here.root / "book/results" / name).unlink()
    status, said = ended(capsys)
    assert "whether they are up to date is not known" in said and "what pages show is not compared" in said


def test_a_crash_has_a_status_of_its_own(here, capsys, monkeypatch):
    def broken(*arguments, **named):
        raise KeyError("time")

    monkeypatch.setattr("analysis.review.compare.compare_states.changes", broken)
    status, said = ended(capsys)
    assert status == cli.CRASH and status not in (0, 1, 2) and "KeyError" in said
