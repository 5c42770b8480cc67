"""Every file in which a study declares something: what it holds, and all faults of all of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from analysis import paths
from analysis.cohorts.declarations import load_yaml, validate_content
from analysis.cohorts.study import Study, read_study
from analysis.cohorts.yaml_slips import find_line
from analysis.errors import Fault, InputError
from analysis.ledger.registers.brief_declarations import Briefs
from analysis.ledger.registers.briefs import read_briefs
from analysis.ledger.registers.claim_declarations import Claim
from analysis.ledger.registers.claims import read_claims
from analysis.ledger.registers.findings import Finding, read_findings
from analysis.ledger.registers.table_layouts import Layout, find_layout_faults, read_layouts
from analysis.ledger.rows import reading
from analysis.ledger.rows.programs import declared_programs
from analysis.ledger.rows.row import Ledger
from analysis.ledger.transcription.declared import read_declared
from analysis.reconstruction.problem.aims import Aim, read_aims
from analysis.reconstruction.problem.assumptions import Assumptions, read_assumptions
from analysis.reconstruction.proofs.readings import Readings, read_readings

T = TypeVar("T")


class StudyFile(NamedTuple):
    """A YAML file of a study: its name, what it holds in words, and as a type."""

    name: str
    meaning: str
    kind: Any


FILES = (
    StudyFile("study.yml", "the study: citation, tables, variables, endpoints, populations, conventions", Study),
    StudyFile("findings.yml", "printed numbers that cannot all be read plainly, with readings", tuple[Finding, ...]),
    StudyFile("claims.yml", "conclusions of the paper, weighed", tuple[Claim, ...]),
    StudyFile("tables.yml", "layouts of the paper's tables, by the first segment of their ids", dict[str, Layout]),
    StudyFile("briefs.yml", "what the study's card and the first lines of its pages say", Briefs),
    StudyFile("reconstruction.yml", "what a reconstruction assumes in addition to the printed numbers", Assumptions),
    StudyFile("readings.yml", "sentences that can be read in several ways", Readings),
    StudyFile("ranges.yml", "quantities that are not printed, whose ranges are searched", tuple[Aim, ...]),
)


def find_faults(name: str | Path) -> list[Fault]:
    """All faults of all files of a study, each with its line where the file is YAML.

    Parameters
    ----------
    name : str or Path
        Slug or folder, as for `read_study`.

    Raises
    ------
    InputError
        If there is no such study.
    """
    folder = paths.study_folder(paths.find_study(name))
    return [_with_line(folder, fault) for fault in dict.fromkeys(_find(folder, name))]


def _find(folder: Path, name: str | Path) -> Iterator[Fault]:
    faults: list[Fault] = []

    def attempt(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except InputError as error:
            faults.extend(error.faults)
            return None

    study = attempt(lambda: read_study(name))
    there = [file for file in FILES[1:] if (folder / file.name).is_file()]
    sound = {file.name for file in there if attempt(partial(_read, file, folder / file.name)) is not None}
    attempt(lambda: read_declared(folder))
    if study is not None:
        if attempt(partial(declared_programs, study)) is None:
            study = _without_programs(study)
        ledger, ids, wrong = _read_rows(study, folder)
        faults += wrong
        registers: list[Callable[[], object]] = [
            lambda: read_findings(study, ledger) if "findings.yml" in sound else (),
            lambda: _check_layouts(study, ledger) if "tables.yml" in sound else (),
            lambda: read_assumptions(study, ledger) if "reconstruction.yml" in sound else (),
            lambda: read_readings(study, ledger) if "readings.yml" in sound else (),
            lambda: read_aims(study) if "ranges.yml" in sound else (),
        ]
        before = len(faults)
        for read in registers:
            attempt(read)
        if not wrong:  # what is weighed needs whole rows
            claims = attempt(lambda: read_claims(study, ledger)) if "claims.yml" in sound else ()
            if claims is not None and "briefs.yml" in sound:
                attempt(lambda: read_briefs(study, ledger, claims))
        faults[before:] = [fault for fault in faults[before:] if not any(f"{id!r}" in fault.found for id in ids)]
    yield from faults


def _read(file: StudyFile, path: Path) -> Any:
    return validate_content(
        file.kind, load_yaml(path) or ({} if file.name in ("tables.yml", "briefs.yml", "reconstruction.yml") else ()), path
    )


def _without_programs(study: Study) -> Study:
    changed = study.model_copy(update={"programs": {}})
    changed._folder = study.folder
    return changed


def _read_rows(study: Study, folder: Path) -> tuple[Ledger, list[str], list[Fault]]:
    """Rows of the ledger that can be read, ids of the others, and faults; none of a study of curves, which needs no ledger."""
    path = folder / "printed.csv"
    if not path.is_file() and "digitised:" in _text(folder / "reconstruction.yml"):
        return Ledger(study, ()), [], []
    try:
        records = reading.read_records(path)
    except InputError as error:
        return Ledger(study, ()), [], error.faults
    name = paths.shorten_path(path)
    ledger, faults = reading.find_faults(study, [(name, f"row {line}", line, record) for line, record in records])
    return ledger, [record["id"] for _, record in records if record["id"] not in ledger], faults


def _check_layouts(study: Study, ledger: Ledger) -> None:
    path = paths.shorten_path(study.folder / "tables.yml")
    faults = [Fault(path, *wrong) for wrong in find_layout_faults(ledger, read_layouts(study))]
    if faults:
        raise InputError(faults)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _with_line(folder: Path, fault: Fault) -> Fault:
    """A fault with the line of its place, or of the word that it names, where it stands in a YAML file and says none."""
    path = folder / Path(fault.file).name
    if path.suffix != ".yml" or "line " in fault.place or fault.place == "file":
        return fault
    keys = [int(key) if key.isdigit() else key for key in re.split(r"[., ]+", fault.place)]
    word = re.search(r"'([^']+)'", fault.found)
    lines = [
        number
        for number, line in enumerate(_text(path).splitlines(), 1)
        if word and re.search(rf"(?<![\w.]){re.escape(word[1])}(?![\w.])", line)
    ]
    line = lines[0] if lines else find_line(path, keys)
    return fault._replace(place=f"{fault.place}, line {line}") if line and (lines or line > 1) else fault
