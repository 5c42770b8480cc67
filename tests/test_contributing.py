"""What CONTRIBUTING says of adding a statistic, a figure, a parameter and a format is followed in a copy of the project, to the page."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml

from analysis import paths
from analysis.review.lint import sources
from tests.conftest import COHORT, DECLARED, LEDGER

TEXT = (paths.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = TEXT.partition("## Add a statistic, a figure, a parameter, a format\n")[2].partition("\n## ")[0]
BLOCKS = [
    (place, textwrap.dedent(code).strip() + "\n")
    for place, code in re.findall(r"   ```python\n   # (.+)\n((?:   .*\n|\n)+?)   ```", SECTION)
]
"""Where each piece of code goes, and the code."""

INSIDE = {
    "sections": ("    sections: tuple[type[Section], ...] = (\n        PaperTables,\n", "        {},\n"),
    "_METHODS": ("_METHODS = (\n", "    {},\n"),
    "Base": ("    audit_page = AUDIT_PAGE\n", "    {}\n"),
    "SUFFIXES": ("SUFFIXES = {\n", "    {},\n"),
}
"""What a piece of code that is part of something stands after, and how."""

NOTEBOOK = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# Geometric means

```{code-cell} ipython3
:tags: [parameters]

study = "made_up"
cohort = None
level = 0.95
```

```{code-cell} ipython3
from analysis.pages.page import Page

page = Page()
page.table.geometric_means({"Age of arm A": "age"}, caption="Geometric means", population="a")
```

```{code-cell} ipython3
page.table.rows("res.age")
```
"""

ROW = "res.age,Results,geometric mean age of arm A,a,,geometric_mean,variable=age,59.4,imposed,,,\n"  # (50 · 60 · 70)^(1/3)


def follow(root: Path, place: str, code: str) -> None:
    """Write one piece of code where the text says."""
    name, _, part = place.partition(", ")
    file = root / name
    if part:
        after, form = INSIDE[part]
        text = file.read_text(encoding="utf-8")
        assert text.count(after) == 1, place
        file.write_text(text.replace(after, after + form.format(code.strip())), encoding="utf-8")
    elif file.is_file():
        imports, _, rest = code.partition("\n\n\n")
        text = file.read_text(encoding="utf-8")
        last = [found.end() for found in re.finditer(r"^(?:from|import) .*\n", text, re.MULTILINE)][-1]
        file.write_text(f"{text[:last]}{imports}\n{text[last:]}\n\n{rest}", encoding="utf-8")
    else:
        file.write_text(code, encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with a made-up study and a page of it, changed as the text says; runs the project's commands."""
    root = tmp_path_factory.mktemp("copy")
    for name in sources.list_tracked(paths.ROOT):
        if not name.startswith(("tests/", "book/results/", ".venv")):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(paths.ROOT / name, root / name)
    study = root / "data" / "made_up"
    study.mkdir()
    (study / "study.yml").write_text(yaml.safe_dump(DECLARED, sort_keys=False))
    (study / "cohort.csv").write_text(COHORT)
    (study / "printed.csv").write_text(LEDGER + ROW)
    for name in ("findings.yml", "claims.yml"):
        (study / name).write_text("[]")
    (root / "own.asc").write_text(COHORT.replace("50", "40"))
    (root / "notebooks" / "made_up").mkdir()
    (root / "notebooks" / "made_up" / "ages.md").write_text(NOTEBOOK)
    contents = (root / "_toc.yml").read_text()
    (root / "_toc.yml").write_text(contents.replace("    chapters:\n", "    chapters:\n      - file: notebooks/made_up/ages\n", 1))
    for place, code in BLOCKS:
        follow(root, place, code)
    page = root / "analysis" / "pages" / "page.py"
    imported = "from analysis.pages.comparisons.geometric import GeometricMeans\n"
    page.write_text(
        page.read_text().replace(
            "from analysis.pages.comparisons.model_choices", imported + "from analysis.pages.comparisons.model_choices", 1
        )
    )

    def run(*arguments: str) -> subprocess.CompletedProcess:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))} | {"PYTHONPATH": str(root)}
        return subprocess.run(
            [sys.executable, "-m", "analysis", *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
        )

    return root, run


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("copy that follows CONTRIBUTING")]


def test_the_text_has_all_pieces():
    assert [place for place, _ in BLOCKS] == [
        "analysis/estimators/group_tests/geometric.py",
        "analysis/ledger/statistics/continuous.py",
        "analysis/pages/comparisons/geometric.py",
        "analysis/pages/page.py, sections",
        "analysis/parameters/declarations.py, _METHODS",
        "analysis/pages/base.py, Base",
        "analysis/cohorts/importing/readers/files.py, SUFFIXES",
    ]


def test_the_statistic_is_listed_and_judged(project):
    _, run = project
    listed = run("statistics")
    assert "geometric_mean" in listed.stdout and "Geometric mean, missing values left out." in listed.stdout, listed.stderr
    audited = run("audit", "made_up", "--csv")
    row = next(line for line in audited.stdout.splitlines() if line.startswith("res.age,"))
    assert row.split(",")[1:4] == ["59.4", "59.439", "reproduced"], audited.stdout


@pytest.mark.thorough
def test_the_parameter_is_demanded_of_the_notebook_and_rounds_what_its_page_shows(project):
    root, run = project
    source = root / "notebooks" / "made_up" / "ages.md"
    source.write_text(NOTEBOOK)
    told = run("lint", "sources")
    expected = (
        "notebooks/made_up/ages.md: cell tagged parameters: expected decimals, which a result of this page depends on; found no such line"
    )
    assert told.stderr.splitlines()[:1] == [expected] and told.returncode == 2
    source.write_text(NOTEBOOK.replace("level = 0.95\n", "level = 0.95\ndecimals = 1\n"))
    assert run("lint", "sources").returncode == 0
    assert [value(root, run, *given) for given in ((), ("-p", "decimals=3"))] == ["59.4", "59.439"]


@pytest.mark.thorough
def test_the_format_is_read_and_its_patients_reach_the_page(project):
    root, run = project
    source = root / "notebooks" / "made_up" / "ages.md"
    source.write_text(NOTEBOOK.replace("level = 0.95\n", "level = 0.95\ndecimals = 1\n"))
    assert run("check", "own.asc", "--study", "made_up").returncode == 0
    assert value(root, run, "-p", "cohort=own.asc", "-p", "disclosure=local") == "55.2"  # (40 · 60 · 70)^(1/3)


def value(root, run, *given: str) -> str:
    """The geometric mean that the page shows."""
    out = root / "out" / str(len(list((root / "out").glob("*"))) if (root / "out").is_dir() else 0)
    done = run("run", "notebooks/made_up/ages.md", "-o", str(out), *given)
    assert done.returncode == 0, done.stderr
    notebook = json.loads((out / "ages.ipynb").read_text())
    (shown,) = (
        "".join(output["data"]["text/html"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if "Geometric means" in "".join(output.get("data", {}).get("text/html", ""))
    )
    assert "Geometric means" in (out / "ages.html").read_text()
    return re.search(r"Age of arm A</th><td[^>]*>([\d.]+)", shown)[1]
