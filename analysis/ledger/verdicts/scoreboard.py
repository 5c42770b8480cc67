"""The scoreboard: how many printed results are reproduced, by verdict and by what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.ledger.verdicts.audit import Audit
from analysis.ledger.verdicts.consistency import DOUBTFUL, IMPOSSIBLE, Clash
from analysis.ledger.verdicts.verdicts import BASES, CONTEXT, CONTRADICTED, COUNTS, NOT_COMPARED, VERDICTS


def as_text(audits: Mapping[str, Audit]) -> str:
    """Scoreboard for a terminal: a block a study, what results rest on side by side."""
    blocks = []
    width = max(map(len, VERDICTS))
    for slug, audit in audits.items():
        board = audit.scoreboard()
        judged = int(board.drop(CONTEXT).to_numpy().sum())
        lines = [
            f"{slug}: {len(audit.judgements)} printed numbers, {judged} results",
            f"  {'':{width}}" + "".join(f"{basis:>10}" for basis in BASES) + f"{'all':>8}",
        ]
        for verdict in VERDICTS:
            row = board.loc[verdict]
            cells = "".join(f"{'' if verdict == CONTEXT else row[basis]:>10}" for basis in BASES)
            lines.append(f"  {verdict:{width}}{cells}{row.sum():>8}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def faults_as_text(audit: Audit, clashes: Sequence[Clash]) -> str:
    """What printed numbers cannot be, or hardly are, together: rows with what they print and the rule; empty where there is nothing."""
    rows = {judgement.row.id: judgement.row for judgement in audit.judgements}

    def told(id: str) -> str:
        return f"{id} = {rows[id].printed} ({rows[id].source})"

    found = [
        f"  {told(one.row.id)}: {one.recomputed} {one.note}".rstrip()
        for one in audit.judgements
        if one.verdict == CONTRADICTED and one.evidence == COUNTS
    ]
    found += [f"  {', '.join(map(told, one.ids))}: {one.rule}" for one in clashes if one.weight == IMPOSSIBLE]
    doubtful = [f"  {', '.join(map(told, one.ids))}: {one.rule}" for one in clashes if one.weight == DOUBTFUL]
    blocks = [
        [f"What {audit.study.slug} cannot print together (a slip of the paper, of the ledger or of study.yml):", *found] if found else [],
        [f"What {audit.study.slug} hardly prints together:", *doubtful] if doubtful else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def values_as_text(audits: Mapping[str, Audit]) -> str:
    """Statistics of somebody's own patients for a terminal, each with its value or why there is none."""
    lines = []
    for slug, audit in audits.items():
        lines.append(f"{slug}: the statistics of its ledger on your own patients, beside no printed number")
        asked = [judgement for judgement in audit.judgements if judgement.verdict == NOT_COMPARED]
        lines += [
            f"  {judgement.row.id}: {judgement.recomputed or '—'}{f'  ({judgement.note})' if judgement.note else ''}" for judgement in asked
        ]
    return "\n".join(lines)


def as_data(audits: Mapping[str, Audit]) -> dict[str, Any]:
    """Scoreboard and judgements as plain data, for ``--json``."""
    return {
        slug: {
            "printed_numbers": len(audit.judgements),
            "scoreboard": {
                verdict: {basis or "context": int(n) for basis, n in row.items() if n} for verdict, row in audit.scoreboard().iterrows()
            },
            "results": audit.results.to_dict("records"),
            "rows": [
                {**record, "result": judgement.row.result, "profile": judgement.profile, "tried": judgement.tried}
                for record, judgement in zip(audit.table.to_dict("records"), audit.judgements)
            ],
        }
        for slug, audit in audits.items()
    }
