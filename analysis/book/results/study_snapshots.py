"""A study's results as normalised text: what is committed, so that a diff shows what moved."""

from __future__ import annotations

from analysis.book.results.curves import curves
from analysis.ledger.registers.table_layouts import read_layouts
from analysis.ledger.session.study_session import Opened
from analysis.ledger.verdicts import scoreboard
from analysis.ledger.verdicts.audit import COLUMNS
from analysis.tables.rows.printed_vs_recomputed import printed_table

AUDIT, SCOREBOARD = "audit.csv", "scoreboard.txt"
INPUTS = "made_from.txt"
"""Digests of what the snapshots of a study were made from."""


def snapshots(opened: Opened) -> dict[str, str]:
    """Texts by file name below ``book/results/<study>``.

    ``audit.csv`` has one line a ledger row, in the order of the ledger; ``tables/`` the
    paper's tables as laid out, recomputed numbers with their marks and the printed ones
    where they differ; ``curves/`` the steps and numbers at risk; ``scoreboard.txt`` the
    counts.  Neither times nor versions nor places enter, digits are fixed and lines end
    in a line feed, so that the same inputs give the same bytes everywhere.

    Raises
    ------
    InputError
        If a declaration, the ledger or a cohort is faulty.
    """
    audit = opened.audit
    texts = {
        AUDIT: audit.table.loc[:, list(COLUMNS)].to_csv(index=False, lineterminator="\n"),
        SCOREBOARD: scoreboard.as_text({opened.study.slug: audit}) + "\n",
    }
    laid_out = (opened.study.folder / "tables.yml").is_file()  # a study may do without
    for name, layout in read_layouts(opened.study).items() if laid_out else ():
        texts[f"tables/{name}.txt"] = _trim(printed_table(layout.model_dump(), audit, table=name).text)
    for name, text in curves(opened).items():
        texts[f"curves/{name}.csv"] = text
    return dict(sorted(texts.items()))


def _trim(text: str) -> str:
    """Text whose lines end where their words do, with one line feed at the end."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"
