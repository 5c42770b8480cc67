"""What changed between two states, for a terminal and for a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from analysis.book.results.curves import HEADER
from analysis.review.compare import row_changes, text_plot
from analysis.review.compare.diff import Changes, Count, Moved, Redrawn, Rewritten
from analysis.review.compare.states import Record
from analysis.tables.html.view import grid

MARKER = "<!-- numbers that changed -->"
"""First line of the Markdown: how the one comment on a pull request is found again."""

LONGEST = 60_000
"""Characters of Markdown; a comment on GitHub may have 65,536."""

ABSENT = "–"
NOTHING = "No number, verdict, curve or count changed."
NOTHING_AT_ALL = "No number, verdict, curve, count, table, figure or sentence changed."
STALE = "cohorts are stale: they were made for the old number, and `make cohorts` searches again"
_MOST_ROWS = 3
_HEADS = {
    "numbers": ("id", "quantity", "printed", "before", "after", "verdict", "pages"),
    "curves": ("curve", "steps that differ", "first, months", "before", "after", "pages"),
    "pages": ("page", "result", "row", "before", "after"),
    "counts": ("study", "verdict", "evidence", "before", "after"),
}


def text(changes: Changes) -> str:
    """Changes as plain text, all of them."""
    parts = [f"From {changes.base}\nto   {changes.head}", *changes.remarks]
    if not changes:
        parts.append(_nothing(changes))
    parts += [f"{title}\n\n{grid([heads, *rows])}" for title, heads, rows in _sections(changes)]
    parts += [f"{curve.study} {curve.name}\n\n{_picture(curve)}" for curve in changes.redrawn]
    parts += [f"{title}\n\n{grid([heads, *rows])}" for title, heads, rows in _pages_section(changes, None)]
    parts += _wording(changes)
    return "\n\n".join(parts) + "\n"


def markdown(changes: Changes) -> str:
    """Changes as Markdown for a pull request, cut where a comment would be too long."""
    parts = [MARKER, "### Numbers that changed" if changes else f"### {_nothing(changes)}"]
    parts.append(f"From {_escape(changes.base)} to {_escape(changes.head)}.")
    parts += [f"**Note:** {_escape(remark)}." for remark in changes.remarks]
    left = LONGEST - sum(map(len, parts)) - 2_000
    for title, heads, rows in [*_sections(changes), *_pages_section(changes, _MOST_ROWS)]:
        table, left = _table(heads, rows, left)
        parts.append(f"<details open>\n<summary>{escape(title, quote=False)}</summary>\n\n{table}\n\n</details>")
    for curve in changes.redrawn:
        picture = f"<details>\n<summary>{escape(f'{curve.study} {curve.name}', quote=False)}</summary>\n\n```text\n{_picture(curve)}\n```\n\n</details>"
        if len(picture) < left:
            parts.append(picture)
            left -= len(picture)
    parts += [_shorten(_escape(sentence), 800) for sentence in _wording(changes)]
    return "\n\n".join(parts) + "\n"


def _sections(changes: Changes) -> Iterable[tuple[str, Sequence[str], list[list[str]]]]:
    """Titles, headings and rows of the tables that are not empty: the overview first."""
    if changes.counts:
        yield "Scoreboard", _HEADS["counts"], [_count(count) for count in changes.counts]
    for study in sorted({moved.study for moved in changes.moved}):
        rows = [moved for moved in changes.moved if moved.study == study]
        judged = sum(moved.verdict_changed for moved in rows)
        title = (
            f"{study}: {len(rows)} of {changes.totals.get(study, 0)} printed numbers, {judged} with another verdict, convention or evidence"
        )
        yield title, _HEADS["numbers"], [_describe_moved(moved) for moved in rows]
    if changes.redrawn:
        yield f"Curves: {len(changes.redrawn)}", _HEADS["curves"], [_redrawn(curve) for curve in changes.redrawn]


def _pages_section(changes: Changes, most: int | None) -> Iterable[tuple[str, Sequence[str], list[list[str]]]]:
    """What reads otherwise on pages, of each result the first few rows, or all."""
    if changes.rewritten:
        title = f"Pages: {len(changes.rewritten)} tables, figures, sentences and numbers on {len({one.page for one in changes.rewritten})}"
        yield title, _HEADS["pages"], [line for one in changes.rewritten for line in _rewritten(one, most)]


def _nothing(changes: Changes) -> str:
    return NOTHING_AT_ALL if changes.whole else NOTHING


def _rewritten(one: Rewritten, most: int | None) -> list[list[str]]:
    """Rows of a page's result that differ, the first `most` or all."""
    page = one.page.removeprefix("notebooks/")
    if one.before is None or one.after is None:
        first = row_changes.shorten(next(iter(one.after or one.before or ()), ""))
        return [[page, one.result, "", *(("", first or "new") if one.before is None else (first, "gone"))]]
    changed = row_changes.changes(one.before, one.after)
    rows = [[page, one.result, row.row, *(ABSENT if text is None else text for text in row[1:])] for row in changed[:most]]
    return rows + ([[page, one.result, f"and {len(changed) - len(rows)} more rows", "", ""]] if len(changed) > len(rows) else [])


def _picture(curve: Redrawn) -> str:
    """Both curves in characters."""
    before, after = (
        {float(time): float(cells[4]) for time, line in (steps or {}).items() if len(cells := line.split(",")) > 4 and cells[4]}
        for steps in (curve.before, curve.after)
    )
    return text_plot.draw_curves(before, after)


def _count(count: Count) -> list[str]:
    return [count.study, count.verdict, count.evidence or ABSENT, str(count.before), str(count.after)]


def _describe_moved(moved: Moved) -> list[str]:
    before, after = moved.before, moved.after
    return [
        moved.id,
        moved.quantity or ABSENT,
        _change(before and before.printed, after and after.printed, same=moved.either.printed),
        ABSENT if before is None else before.recomputed or ABSENT,
        ABSENT if after is None else after.recomputed or ABSENT,
        _verdict(moved) + (f"; {STALE}" if moved.stale else ""),
        _pages(moved.pages),
    ]


def _verdict(moved: Moved) -> str:
    """Verdict before → after; only the verdict where nothing about the judgement changed."""
    before, after = moved.before, moved.after
    if before is None or after is None:
        return f"{'new' if before is None else 'gone'}: {_judgement(moved.either)}"
    return _change(_judgement(before), _judgement(after), same=before.verdict)


def _judgement(record: Record) -> str:
    convention = f" ({record.convention})" if record.convention else ""
    return f"{record.verdict}{convention}" + (f", {record.evidence}" if record.evidence else "")


def _change(before: str | None, after: str | None, same: str) -> str:
    return same if before == after or before is None or after is None else f"{before} → {after}"


def _redrawn(curve: Redrawn) -> list[str]:
    whole = {True: "new", False: "gone"}.get(curve.before is None) if curve.before is None or curve.after is None else ""
    first = curve.times[0] if curve.times else ""
    steps = whole or f"{len(curve.times)} of {len((curve.before or {}).keys() | (curve.after or {}).keys())}"
    before, after = ((lines or {}).get(first) for lines in (curve.before, curve.after))
    return [f"{curve.study} {curve.name}", steps, first, *_step(before, after), _pages(curve.pages)]


def _step(before: str | None, after: str | None) -> tuple[str, str]:
    """What differs at one time, e.g. ``at risk 12, survival 0.814480``."""
    names = HEADER.split(",")
    cells = [dict(zip(names, line.split(","), strict=False)) if line else {} for line in (before, after)]
    differing = [name for name in names[1:] if cells[0].get(name) != cells[1].get(name)]
    told = differing[:3]
    both = [", ".join(f"{name.replace('_', ' ')} {cell[name] or 'undefined'}" for name in told if name in cell) for cell in cells]
    return both[0] or "no step", both[1] or "no step"


def _pages(pages: Iterable[str]) -> str:
    return ", ".join(page.removeprefix("notebooks/") for page in pages) or ABSENT


def _wording(changes: Changes) -> list[str]:
    """Sentences on what changed in words or in print alone."""
    found = []
    if changes.tables:
        found.append("Tables that read differently: " + ", ".join(" ".join(key) for key in changes.tables) + ".")
    if changes.reworded:
        found.append("Only the note of the audit changed: " + ", ".join(" ".join(key) for key in changes.reworded) + ".")
    return found


def _table(heads: Sequence[str], rows: list[list[str]], left: int) -> tuple[str, int]:
    """Markdown table of as many rows as there is room for, and the room left over."""
    lines = [_line(heads), _line(["---"] * len(heads))]
    for number, row in enumerate(rows):
        line = _line([_escape(cell) for cell in row])
        if len(line) + 1 > left:
            lines.append("")
            lines.append(f"… and {len(rows) - number} more: `python -m analysis diff` lists them all.")
            break
        lines.append(line)
        left -= len(line) + 1
    return "\n".join(lines), left


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _escape(text: str) -> str:
    """Text that neither breaks a table nor becomes markup, a link or a mention."""
    for character in "\\`*_[]|#~":
        text = text.replace(character, "\\" + character)
    text = text.replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(text.replace("@", "@\u200b").replace("://", ":\u200b//").split())


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest].rsplit(",", 1)[0] + " …"
