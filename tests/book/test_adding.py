"""The guide page *Add a paper*, followed in a copy of the project: each file as it is shown, each edit, each command, in their order."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from analysis import cli, paths
from analysis.reconstruction.ensemble import ensemble
from analysis.review.lint import sources

PAGE = paths.BOOK / "guide" / "adding.md"
TEXT = PAGE.read_text(encoding="utf-8").partition("\n## Digitised curves\n")[0]
STEP = re.compile(
    r"in place of the line that begins with `(?P<line>[^`]+)`:\n\n```yaml\n(?P<new>.*?)```"
    r"|`(?P<file>[\w./]+\.\w+)`[^`\n]*:\n\n```\w+\n(?P<content>.*?)```"
    r"|```sh\n(?P<commands>.*?)```",
    re.DOTALL,
)
STEPS = list(STEP.finditer(TEXT))
DRAFT = "_drafts/three_arms/draft.csv"


def commands():
    return [shlex.split(line)[3:] for step in STEPS for line in (step["commands"] or "").splitlines()]


def shown(name: str) -> str:
    """Content of a file as the page shows it."""
    (content,) = [step["content"] for step in STEPS if step["file"] == name]
    return content


def test_the_page_shows_every_file_that_its_commands_read_and_leaves_no_other_block():
    assert [step["file"] for step in STEPS if step["file"]] == [
        "paper.txt", "trial.yml", "table1.csv", "table2.csv", "typed.csv", "data/three_arms/claims.yml"
    ]  # fmt: skip
    assert [command[0] for command in commands()] == [
        "new-study", "import-table", "import-table", "draft", "draft", "coverage", "audit", "reconstruct", "new-study", "run"
    ]  # fmt: skip
    assert len(STEPS) == TEXT.count("\n```") / 2


def test_the_cells_that_are_counted_are_those_that_are_shown():
    rows = list(csv.reader(io.StringIO(shown("typed.csv"))))[1:]
    entered = [row for row in rows if row[1]]
    assert f"{sum(bool(cell) for row in rows for cell in row[1:])} cells for the {len(entered)} numbers" in TEXT
    assert f"{len(rows)} of the 90 numbers remain" in TEXT


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project in which the page was followed, and what each command said."""
    root = tmp_path_factory.mktemp("adding") / "repository"
    for name in sources.list_tracked(paths.ROOT):
        if not name.startswith(("tests/", "book/results/", ".venv")):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(paths.ROOT / name, root / name)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))} | {"PYTHONPATH": str(root)}
    where = subprocess.run(
        [sys.executable, "-c", "import analysis; print(analysis.__file__)"], cwd=root, env=environment, capture_output=True, text=True
    )
    assert where.stdout.strip() == str(root / "analysis" / "__init__.py")  # nothing is written outside the copy
    said = []
    for step in STEPS:
        if step["line"]:
            edit(root / "data" / "three_arms" / "study.yml", step["line"], step["new"])
        elif step["file"] == "typed.csv":
            fill(root / DRAFT, step["content"])
        elif step["file"]:
            (root / step["file"]).write_text(step["content"], encoding="utf-8")
        for line in (step["commands"] or "").splitlines():
            arguments = shlex.split(line)[1:]
            if arguments[2] == "reconstruct":
                said.append(search(root, arguments[2:]))
                continue
            done = subprocess.run([sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, (line, done.stdout[-2000:], done.stderr[-2000:])
            said.append(done.stdout)
    return root, said


def search(root, arguments):
    """What the command says that searches, here, where what it compiles is kept: a copy of the project would compile all of it anew."""
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as said:
        patch.setattr(paths, "DATA", root / "data")
        patch.setattr(ensemble, "BUILD", root / "_build")
        patch.chdir(root)
        assert cli.main(arguments) == 0, said.getvalue()
    return said.getvalue()


def edit(file, beginning, new):
    """Put lines in place of the one that begins so."""
    lines = file.read_text(encoding="utf-8").splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith(beginning)]
    file.write_text("\n".join([*lines[:at], new.rstrip("\n"), *lines[at + 1 :], ""]), encoding="utf-8")


def fill(draft, typed):
    """Type cells into the rows of a draft, as one would in a spreadsheet."""
    cells = {row["at"]: row for row in csv.DictReader(io.StringIO(typed))}
    rows = list(csv.DictReader(draft.open(encoding="utf-8")))
    assert set(cells) <= {row["at"] for row in rows}
    for row in rows:
        row |= {column: cell for column, cell in cells.get(row["at"], {}).items() if cell}
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


pytestmark = pytest.mark.xdist_group("compiled kernels")


def test_every_number_of_the_paper_stands_in_a_row_or_is_declared(project):
    _, said = project
    assert "entered: 18 rows" in said[1] and "entered: 24 rows" in said[2]
    assert "90 numbers" in said[3] and "33 to type" in said[3]
    assert "entered: 31 rows" in said[4] and "2 numbers declared no results" in said[4]
    assert "rows of the ledger: 73, of which the text holds 73: recall 1.000" in said[5] and "in no row: 0" in said[5]


def test_the_paper_is_nowhere_in_the_study(project):
    root, _ = project
    words = re.findall(r"\w+", shown("paper.txt").partition("\n")[2].lower())  # the title is cited
    runs = {" ".join(words[at : at + 8]) for at in range(len(words) - 7)}
    for folder in ("data/three_arms", "notebooks/three_arms"):
        for file in (root / folder).rglob("*"):
            text = " ".join(re.findall(r"\w+", file.read_text(encoding="utf-8").lower())) if file.suffix in (".csv", ".yml", ".md") else ""
            assert not [run for run in runs if f" {run} " in f" {text} "], file
    assert (root / "_drafts" / "three_arms" / ".gitignore").read_text().endswith("*\n")


def test_the_audit_finds_no_fault_and_says_what_is_next(project):
    _, said = project
    assert "three_arms: 73 printed numbers" in said[6] and "no cohort yet" in said[6]
    assert "no row counts everybody" not in said[6] and "no conclusion" not in said[6] and "no layout" not in said[6]


def test_the_search_gives_the_imposed_numbers_and_the_page_shows_them(project):
    root, said = project
    found = re.search(r"(\d+) of 62 imposed rows satisfied", said[7])
    assert found and int(found[1]) == 62
    assert "table_t1.md" in said[8] and "table_t2.md" in said[8]
    page = (root / "out" / "os_by_arm.html").read_text(encoding="utf-8")
    assert "Patients were allocated to these groups at random" in page
