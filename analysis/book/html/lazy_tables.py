"""Tables that scripts of the book load when a reader asks, beside the pages that offer them as CSV.

A page opened from a file may load a script and may not fetch a table. So each table that a script
reads lies there twice: as CSV for the reader, and as a script that files the same text under its own address.
"""

from __future__ import annotations

import json
import posixpath
import re
from html import unescape
from pathlib import Path

from analysis.book.sphinx import incremental

AUDIT = "audit"
"""Kind of the table that holds a study's whole audit."""

_TABLE = re.compile(r'<a class="exhibit-download" data-frame="(?P<kind>[^"]*)" download="[^"]*" href="(?P<address>[^":]+)\.csv"')


def write(folder: Path, remember: incremental.Remember = incremental.make_anew) -> None:
    """Write the scripts of a book: one beside each table of a figure to be explored, one beside each audit page.

    Parameters
    ----------
    folder : Path
        Root of the HTML.
    remember : callable
        Gives what the last build made, if it still holds.
    """
    for page in sorted(folder.rglob("*.html")):
        for match in _TABLE.finditer(page.read_text(encoding="utf-8")):
            table = folder / posixpath.normpath(
                posixpath.join(page.parent.relative_to(folder).as_posix(), unescape(match["address"]) + ".csv")
            )
            text = table.read_text(encoding="utf-8")
            if unescape(match["kind"]) == AUDIT:
                words = remember("words.json", "", lambda: json.dumps(_words()))
                write_script(page.with_suffix(".js"), {"csv": text, **json.loads(words)})
            else:
                write_script(table.with_suffix(".js"), text)


def _words() -> dict[str, dict]:
    """How verdicts show, and what each kind of evidence means."""
    from analysis.figures.verdict_symbols import EVIDENCE, MARKS, NOT_COMPARED  # loads the whole of analysis
    from analysis.ledger.verdicts import verdicts

    shown = MARKS | {verdicts.NOT_COMPARED: NOT_COMPARED}
    return {"marks": {verdict: mark._asdict() for verdict, mark in shown.items()}, "evidence": EVIDENCE}


def write_script(script: Path, content: object) -> None:
    """Write a script that files its content under its own address."""
    script.write_text(
        f"(window.bookTables = window.bookTables || {{}})[document.currentScript.src] = {json.dumps(content, ensure_ascii=False)};\n",
        encoding="utf-8",
    )
