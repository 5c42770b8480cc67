"""Progress of a build whose jobs run in several processes: a counter in a file."""

from __future__ import annotations

import fcntl
import json

from analysis.book import built_book


def start(total: int) -> None:
    """Begin to count a build's notebooks."""
    built_book.current().folder.mkdir(parents=True, exist_ok=True)
    _file().write_text(json.dumps({"done": 0, "total": total}), encoding="utf-8")


def step() -> str:
    """Count one notebook and say which it is, e.g. ``2 of 7``; empty outside a build."""
    if not _file().exists():
        return ""
    with _file().open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            state = json.loads(file.read())
        except ValueError:
            return ""
        state["done"] += 1
        file.seek(0)
        file.truncate()
        file.write(json.dumps(state))
    return f"{state['done']} of {state['total']}"


def _file():
    return built_book.current().folder / "progress.json"
