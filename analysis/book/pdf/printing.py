"""A browser prints an HTML document to PDF."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from analysis.book.processes import temporary_folders
from analysis.errors import Fault, InputError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 600
"""Seconds that a print may take; the whole book takes a small part of it."""


def browser() -> str | None:
    """The browser that prints: that of the variable ``CHROMIUM``, else the first that is installed; None if there is none."""
    asked = os.environ.get("CHROMIUM")
    return shutil.which(asked) if asked else next(filter(None, map(shutil.which, BROWSERS)), None)


def to_pdf(html: str, target: Path) -> None:
    """Print a document, with an outline of its headings; `target` is written when all went well.

    Raises
    ------
    InputError
        If no browser is installed, or it prints nothing.
    """
    command = browser()
    if command is None:
        raise InputError(
            Fault("command line", "browser", f"one of {', '.join(BROWSERS)}, or its path in CHROMIUM, to print the PDF", "none")
        )
    with temporary_folders.folder() as folder:
        source, made = folder / "book.html", folder / "book.pdf"
        source.write_text(html, encoding="utf-8")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline", "--allow-file-access-from-files",
                 f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}"]  # fmt: skip
        try:
            done = subprocess.run(
                [command, *flags, source.as_uri()], check=False, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            raise InputError(Fault("PDF", "browser", f"a print within {PATIENCE} seconds", "none so far")) from None
        if done.returncode or not made.is_file():
            found = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise InputError(Fault("PDF", "browser", "a printed document", found))
        shutil.copy(made, target)
