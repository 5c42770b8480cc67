"""The scoreboard: how many printed numbers came back, by verdict and evidence."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.ledger.audit import Audit
from analysis.ledger.verdicts import EVIDENCE, NOT_COMPARED, VERDICTS


def counted(audits: Mapping[str, Audit]) -> pd.DataFrame:
    """Numbers of ledger rows.

    Parameters
    ----------
    audits : mapping of study slug to Audit

    Returns
    -------
    DataFrame
        Columns ``study``, ``verdict``, ``evidence`` and ``rows``, one row for each
        combination that occurs, in the order of the studies and of the verdicts.
    """
    rows = []
    for slug, audit in audits.items():
        board = audit.scoreboard()
        rows += [(slug, verdict, evidence, int(board.loc[verdict, evidence])) for verdict in VERDICTS for evidence in [*EVIDENCE, ""] if board.loc[verdict, evidence]]
    return pd.DataFrame(rows, columns=["study", "verdict", "evidence", "rows"])


def as_text(audits: Mapping[str, Audit]) -> str:
    """Scoreboard for a terminal: a block a study, evidence side by side and never summed over roles."""
    blocks = []
    width = max(map(len, VERDICTS))
    for slug, audit in audits.items():
        board = audit.scoreboard()
        lines = [f"{slug}: {len(audit.judgements)} printed numbers", f"  {'':{width}}  {'counts':>8}{'imposed':>9}{'held-out':>10}{'all':>7}"]
        for verdict in VERDICTS:
            row = board.loc[verdict]
            cells = ["" if verdict == VERDICTS[-1] else str(row[evidence]) for evidence in EVIDENCE]
            lines.append(f"  {verdict:{width}}  {cells[0]:>8}{cells[1]:>9}{cells[2]:>10}{row.sum():>7}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def values_as_text(audits: Mapping[str, Audit]) -> str:
    """Statistics of somebody's own patients for a terminal, each with its value or why there is none."""
    lines = []
    for slug, audit in audits.items():
        lines.append(f"{slug}: the statistics of its ledger on your own patients, beside no printed number")
        asked = [judgement for judgement in audit.judgements if judgement.verdict == NOT_COMPARED]
        lines += [f"  {judgement.row.id}: {judgement.recomputed or '—'}{f'  ({judgement.note})' if judgement.note else ''}" for judgement in asked]
    return "\n".join(lines)


def as_data(audits: Mapping[str, Audit]) -> dict:
    """Scoreboard and judgements as plain data, for ``--json``."""
    return {
        slug: {
            "printed_numbers": len(audit.judgements),
            "scoreboard": {verdict: {evidence or "context": int(n) for evidence, n in row.items() if n} for verdict, row in audit.scoreboard().iterrows()},
            "rows": [{**record, "tried": judgement.tried} for record, judgement in zip(audit.table.to_dict("records"), audit.judgements)],
        }
        for slug, audit in audits.items()
    }
