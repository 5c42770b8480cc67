"""What a study still lacks, in plain words and in the order in which it is best done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from analysis import paths
from analysis.book.new_study.page_sources import NOT_ASSESSED
from analysis.book.new_study.request import Request
from analysis.book.new_study.summary_source import ABSTRACT
from analysis.book.new_study.writing import RECORD, digest
from analysis.errors import InputError
from analysis.ledger.registers.table_layouts import Layout, read_layouts
from analysis.ledger.session.study_session import Opened, open_study
from analysis.ledger.verdicts import verdicts

#: Most ids that one sentence names.
_NAMED = 6


def missing(study: str) -> list[str]:
    """Sentences on what a study lacks, the first one first; none of a study that was not begun by `new-study`.

    Parameters
    ----------
    study : str
        Slug, or a folder elsewhere.
    """
    folder = paths.study_folder(study)
    if not (paths.NOTEBOOKS / folder.name / RECORD).is_file():
        return []
    opened = open_study(study)
    layouts = read_layouts(opened.study) if (folder / "tables.yml").is_file() else {}
    return [*_list_declared(opened), *_numbers(opened), *_tables(opened, layouts), *_registers(opened), *_cohort(opened), *_pages(study)]


def _file(opened: Opened, name: str) -> str:
    return paths.shorten_path(opened.study.folder / name)


def _join(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _list_declared(opened: Opened) -> Iterator[str]:
    study, file = opened.study, _file(opened, "study.yml")
    if study.title == Request.model_fields["title"].default:
        yield f"{file}: `title` is not the paper's yet."
    if not study.citation:
        yield f"{file}: `citation` is empty; name at least the journal, the year and the DOI."
    if not study.software:
        yield f"{file}: `software` is empty; name the programs that the paper names, or delete the key if it names none."


def _numbers(opened: Opened) -> Iterator[str]:
    file, rows, study = _file(opened, "printed.csv"), list(opened.ledger), opened.study
    if not rows:
        yield f"{file}: no printed number yet. Write one number a row, characters as printed; begin with the number of {study.tables[_main(opened)].units}, the first table and the estimates of survival."
        return
    imposed = [row for row in rows if row.role == "imposed"]
    whole = [
        row
        for row in imposed
        if row.statistic == "count"
        and row.population in study.populations
        and study.populations[row.population].table == _main(opened)
        and not (study.populations[row.population].condition & row.subset).clauses
    ]
    if not whole:
        yield f"{file}: no row counts everybody (statistic `count` of a population without `where`, role `imposed`); the reconstruction needs their number."
    for name, endpoint in study.endpoints.items():
        if not any(row.arguments.get("endpoint") == name for row in rows):
            yield f"{file}: no number of the endpoint `{name}` ({endpoint.label}); take the endpoint out of study.yml if the paper prints none."
    if len(rows) >= 20 and not any(row.role == "held-out" for row in rows):
        yield f"{file}: no number is held out; hold out some for which the paper does not say how they were computed (`held-out`, with the reason in `note`), before anything is searched."


def _main(opened: Opened) -> str:
    return next((endpoint.table for endpoint in opened.study.endpoints.values()), next(iter(opened.study.tables)))


def _tables(opened: Opened, layouts: dict[str, Layout]) -> Iterator[str]:
    places = dict.fromkeys(
        row.id.split(".")[0] for row in opened.ledger if row.source.lower().startswith("table") and row.role != "context"
    )
    without = [place for place in places if place not in layouts and place != ABSTRACT]
    if without:
        yield f"{_file(opened, 'tables.yml')}: no layout for {_join(without)}, whose rows stand in a table of the paper; with one, `new-study` writes a page."


def _registers(opened: Opened) -> Iterator[str]:
    explained = {id for finding in opened.findings for id in finding.rows}
    wrong = [j.row.id for j in opened.audit.judgements if j.verdict == verdicts.CONTRADICTED and j.row.id not in explained]
    if wrong:
        yield f"{_file(opened, 'findings.yml')}: no finding explains {_join(wrong)}, which the other printed numbers contradict; first make sure that the rows are what the paper prints."
    if len(opened.ledger) and not opened.claims:
        yield f"{_file(opened, 'claims.yml')}: no conclusion of the paper yet."


def _cohort(opened: Opened) -> Iterator[str]:
    folder, slug = opened.study.folder, opened.study.slug
    if not len(opened.ledger):
        return
    if not opened.reference:
        yield (
            f"no cohort yet: `python -m analysis reconstruct {slug} --cohorts 5` searches for patients who give the printed numbers. "
            "Until then numbers that need patients cannot be judged and count as not reached."
        )
        return
    from analysis.reconstruction.io.stamp import digest as fingerprint  # loads the solver
    from analysis.reconstruction.problem.problem import read_problem

    stamp = folder / "cohort.json"
    if stamp.is_file() and json.loads(stamp.read_text(encoding="utf-8")).get("ledger_digest") != fingerprint(read_problem(slug)):
        yield f"the saved cohorts were made from an earlier ledger: `python -m analysis reconstruct {slug}` searches anew."


def _pages(study: str) -> Iterator[str]:
    from analysis.book.new_study.new_study import sources_of

    folder = paths.NOTEBOOKS / paths.study_folder(study).name
    known = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    try:
        wanted = {folder / f"{source.name}.md": digest(source.text) for source in sources_of(paths.study_folder(study))}
    except InputError as error:
        yield f"pages cannot be written: {'; '.join(map(str, error.faults))}"
        return
    behind = [
        paths.shorten_path(path) for path, text in wanted.items() if known.get(paths.shorten_path(path)) != text or not path.is_file()
    ]
    if behind:
        yield f"pages to be written or brought up to date: {_join([Path(name).name for name in behind])}; `python -m analysis new-study {paths.study_folder(study).name}` does that."
    checklist = folder / "reporting.md"
    open_ = checklist.read_text(encoding="utf-8").count(f"| {NOT_ASSESSED} | {NOT_ASSESSED} |") if checklist.is_file() else 0
    if open_:
        yield f"{paths.shorten_path(checklist)}: {open_} items of the checklist are not assessed yet."
