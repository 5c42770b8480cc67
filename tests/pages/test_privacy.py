"""Rows of a reader's own cohort stay out of everything that is written: marked values are planted and searched for.

Finished pages, executed notebooks and logs of two notebooks here; the outputs of all in `test_planted_marks`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import paths

pytestmark = pytest.mark.slow

KEY, NAME, SITE = "Zyxwv-Quiltenberg", "Brunhilde-Xanthippe", "St-Marzipan-Spital"


def cohort(folder: Path, count: int = 60) -> tuple[Path, list[str]]:
    """A cohort of a hospital whose values can be recognised, and how each would be written."""
    draw = np.random.default_rng(11)
    times = np.round(draw.uniform(1, 60, count), 4) + 0.00007
    table = pd.DataFrame(
        {
            "enrolment": [f"{KEY}-{n}" for n in range(count)],
            "patient": [f"{NAME}-{n}" for n in range(count)],
            "arm": draw.choice(["CLAG", "DAC-CLAG"], count),
            "sex": draw.choice(["F", "M"], count),
            "age_months": draw.integers(0, 215, count),
            "cytogenetic_risk": draw.choice(["Favorable", "Intermediate", "Adverse"], count),
            "disease_status": draw.choice(["Relapse", "Refractory"], count),
            "complex_karyotype": draw.integers(0, 2, count),
            "os_months": times,
            "died": draw.integers(0, 2, count),
            "efs_months": times / 3,
            "efs_event": 1,
        }
    )
    file = folder / SITE / f"{NAME}.csv"
    file.parent.mkdir(parents=True)
    table.to_csv(file, index=False)
    absent = "fab, prior_allo_sct, fusion, molecular_mrd, fcm_mrd, sct, sct_mrd"
    file.with_name(f"{NAME}.mapping.yml").write_text(f"study: dac_clag\nabsent: [{absent}]\n")
    spelled = [f"{value:.{digits}f}" for value in [*table["os_months"], *table["efs_months"]] for digits in (3, 4, 5)]
    return file, [KEY, NAME, SITE, *spelled]


def run(notebook: str, out: Path, file: Path, *parameters: str) -> subprocess.CompletedProcess:
    given = [f"cohort={file}", *parameters]
    return subprocess.run(
        [sys.executable, "-m", "analysis", "run", notebook, *(part for one in given for part in ("-p", one)), "-o", str(out)],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def everything(folder: Path, *logs: str) -> str:
    """All that was written, compressed streams inside included."""
    texts = list(logs)
    for path in folder.rglob("*"):
        if path.is_file() and "_static" not in path.parts:
            raw = path.read_bytes()
            texts.append(raw.decode("utf-8", "ignore"))
            for start in (found.start() for found in re.finditer(b"x\x9c", raw)):
                try:
                    texts.append(zlib.decompressobj().decompress(raw[start:]).decode("utf-8", "ignore"))
                except zlib.error:
                    continue
    return "\n".join(texts)


@pytest.mark.parametrize(
    "notebook", ["notebooks/general/survival.md", pytest.param("notebooks/dac_clag/patients.md", marks=pytest.mark.thorough)]
)
def test_no_planted_label_or_time_reaches_anything_written(notebook, tmp_path):
    file, marks = cohort(tmp_path)
    grouped = ["grouping=arm"] if "general" in notebook else []
    done = run(notebook, tmp_path / "out", file, *grouped)
    assert done.returncode == 0, done.stderr
    written = everything(tmp_path / "out", done.stderr)
    assert [mark for mark in marks if mark in written] == []
    assert "SHA-256" in written


def test_the_search_finds_what_local_use_shows(tmp_path):
    """The marks are written as pages write them: without protection, some are found."""
    file, marks = cohort(tmp_path)
    done = run("notebooks/general/survival.md", tmp_path / "out", file, "disclosure=local", "grouping=arm")
    assert done.returncode == 0, done.stderr
    written = everything(tmp_path / "out")
    assert sum(mark in written for mark in marks) > 30
    assert NAME not in written


def test_cohorts_that_differ_in_what_is_withheld_give_the_same_page_byte_for_byte(tmp_path):
    """Other keys, rows in another order, every time elsewhere in its quarter, another file name: nothing written differs."""
    file, _ = cohort(tmp_path)
    table, draw = pd.read_csv(file), np.random.default_rng(2)
    for name in ("os_months", "efs_months"):
        table[name] = (3 * (np.ceil(table[name] / 3) - draw.uniform(0.05, 0.95, len(table)))).round(4)
    table = table.assign(enrolment=[f"E{n}" for n in range(len(table))], patient=[f"Q{n}" for n in range(len(table))]).sample(
        frac=1, random_state=7
    )
    other = tmp_path / "elsewhere" / "another.csv"
    other.parent.mkdir()
    table.to_csv(other, index=False)
    other.with_name("another.mapping.yml").write_text(file.with_name(f"{NAME}.mapping.yml").read_text())
    written = []
    for number, one in enumerate((file, other)):
        out = tmp_path / f"out-{number}"
        done = run("notebooks/general/survival.md", out, one, "grouping=arm")
        assert done.returncode == 0, done.stderr
        written.append({str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()})
    assert list(written[0]) == list(written[1])
    assert [name for name, content in written[0].items() if content != written[1][name]] == []


def test_a_failing_cell_does_not_quote_a_row(tmp_path):
    file, marks = cohort(tmp_path)
    notebook = paths.BUILD / f"failing-{os.getpid()}.md"
    notebook.parent.mkdir(exist_ok=True)
    source = (paths.NOTEBOOKS / "general" / "survival.md").read_text()
    code = "\n```{code-cell} ipython3\nraise ValueError(open(cohort).read())\n```\n"
    notebook.write_text(source + code)
    try:
        done = run(str(notebook.relative_to(paths.ROOT)), tmp_path / "out", file)
    finally:
        notebook.unlink()
    assert done.returncode == 1
    assert "its message is not shown" in done.stderr
    assert [mark for mark in marks if mark in done.stderr + done.stdout] == []
    assert not (tmp_path / "out").exists()


def test_a_faulty_cohort_is_refused_without_quoting_a_cell(tmp_path):
    file, marks = cohort(tmp_path)
    file.write_text(file.read_text().replace("Favorable", "Quux-secret"))
    done = run("notebooks/general/survival.md", tmp_path / "out", file)
    assert done.returncode == 2
    assert "python -m analysis check YOUR_COHORT_FILE" in done.stderr
    assert [mark for mark in [*marks, "Quux"] if mark in done.stderr + done.stdout] == []
