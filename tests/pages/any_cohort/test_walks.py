"""Two walks as an analyst takes them: from an SPSS file to a finished book, and a sweep of which one scenario fails."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import uuid

import pyreadstat
import pytest
import yaml

from analysis import paths

pytestmark = pytest.mark.slow

SPEC = importlib.util.spec_from_file_location("made_up_hospital", paths.ROOT / "tests" / "made_up_hospital.py")
hospital = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hospital)


def command(*arguments):
    return subprocess.run([sys.executable, "-m", "analysis", *arguments], cwd=paths.ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def name():
    """Name of a book that no other run builds; its folder goes with the test."""
    name = f"walk-{uuid.uuid4().hex[:12]}"
    yield name
    shutil.rmtree(paths.ROOT / "_build" / "editions" / name, ignore_errors=True)


def test_from_an_spss_file_with_german_columns_and_decimal_commas_to_a_book(tmp_path, name):
    table = hospital.patients()
    table["Alter_Jahre"] = table["Alter_Jahre"].map(lambda years: f"{years:.1f}".replace(".", ","))
    pyreadstat.write_sav(table, str(tmp_path / "klinik.sav"))
    mapping = yaml.safe_load((paths.BOOK / "editions" / "made-up-hospital.mapping.yml").read_text())
    mapping["file"] = {"decimal": "comma"}
    (tmp_path / "klinik.mapping.yml").write_text(yaml.safe_dump(mapping, allow_unicode=True))
    checked = command("check", str(tmp_path / "klinik.sav"), "--study", "dac_clag")
    assert checked.returncode == 0, checked.stdout
    edition = {
        "title": "Our patients",
        "parameters": {"study": "dac_clag", "cohort": "klinik.sav", "grouping": "arm"},
        "notebooks": ["notebooks/general/survival.md"],
    }
    (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(edition))
    done = command("edition", str(tmp_path / f"{name}.yml"))
    assert done.returncode == 0, done.stdout + done.stderr
    html = paths.ROOT / "_build" / "editions" / name / "html"
    page = (html / "notebooks/general/survival.html").read_text()
    assert "Overall survival" in page and "own cohort" in page
    assert "klinik" not in page and "MH-001" not in page
    assert "Our patients" in (html / "index.html").read_text()


def test_from_a_broken_file_to_the_report(tmp_path, name):
    table = hospital.patients()
    table.loc[3, "Geschlecht"] = "x"
    table.to_csv(tmp_path / "kaputt.csv", sep=";", decimal=",", index=False)
    shutil.copy(paths.BOOK / "editions" / "made-up-hospital.mapping.yml", tmp_path / "kaputt.mapping.yml")
    edition = {
        "title": "Our patients",
        "parameters": {"study": "dac_clag", "cohort": "kaputt.csv"},
        "notebooks": ["notebooks/general/survival.md"],
    }
    (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(edition))
    refused = command("edition", str(tmp_path / f"{name}.yml"))
    assert refused.returncode == 2
    assert "1 fault; `.venv/bin/python -m analysis check YOUR_COHORT_FILE --study dac_clag` lists them" in refused.stderr
    assert "'x'" not in refused.stderr
    checked = command("check", str(tmp_path / "kaputt.csv"), "--study", "dac_clag", "--html", str(tmp_path / "report.html"))
    assert checked.returncode == 2
    assert "line 5" in checked.stdout and "'x'" in checked.stdout
    assert "<td>5</td>" in (tmp_path / "report.html").read_text()


def test_a_failed_scenario_is_reported_the_rest_is_finished_and_a_second_run_keeps_it(tmp_path, name):
    third = tmp_path / "third"
    shutil.copytree(paths.ROOT / "tests" / "examples" / "aml", third)
    sweep = {
        "title": "One works",
        "notebooks": ["notebooks/dac_clag/survival.md"],
        "statistics": ["survival", "res.os.all.m12"],
        "scenarios": [{"name": "as-published", "parameters": {}}, {"name": "another-disease", "parameters": {"study": str(third)}}],
    }
    file = tmp_path / f"{name}.yml"
    file.write_text(yaml.safe_dump(sweep))
    done = command("sweep", str(file))
    assert done.returncode == 1
    assert "failed: scenarios/another-disease/survival" in done.stderr
    folder = paths.ROOT / "_build" / "editions" / name
    index = (folder / "html" / "index.html").read_text()
    assert "1 of 2 scenarios are finished" in index and "scenarios/as-published/survival.html" in index
    assert (folder / "html" / "scenarios/as-published/survival.html").is_file()
    receipt = folder / "receipts/notebook/scenarios/as-published/survival.json"
    before = receipt.stat().st_mtime_ns
    again = command("sweep", str(file))
    assert again.returncode == 1
    assert receipt.stat().st_mtime_ns == before
    assert str(tmp_path) not in index
