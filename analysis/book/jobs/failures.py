"""What failed jobs of a build said, kept until its end, which says it in full."""

from __future__ import annotations

from pathlib import Path

from analysis.book import built_book

INSIDE = "ANALYSIS_BUILD"
"""Environment variable that tells a job that it runs within a build."""


def folder() -> Path:
    """Where failed jobs leave their messages until the next build."""
    return built_book.current().folder / "failures"


def file(job: str) -> Path:
    """Where the message of one job stands."""
    return folder() / (job.replace("/", ".") + ".txt")


def save(job: str, message: str) -> None:
    """Keep a failed job's message for the end of the build."""
    file(job).parent.mkdir(parents=True, exist_ok=True)
    file(job).write_text(message, encoding="utf-8")


def messages() -> list[str]:
    """All messages that were kept, by the names of their jobs."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder().glob("*.txt"))]
