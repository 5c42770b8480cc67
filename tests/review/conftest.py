"""Scratch repositories, and snapshots written by hand."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

HEAD = "id,printed,recomputed,verdict,convention,evidence,note\n"


class Repository:
    """A git repository in a temporary folder."""

    def __init__(self, root: Path):
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        identity = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b.c"}
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1"} | identity
        done = subprocess.run(["git", *arguments], cwd=self.root, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def audit(self, *lines: str, study: str = "demo", whole: bool = True) -> None:
        """Write the snapshots of a study by hand."""
        self.write(f"book/results/{study}/audit.csv", HEAD + "".join(line + "\n" for line in lines))
        if whole:
            self.write(f"book/results/{study}/scoreboard.txt", f"{len(lines)} printed numbers\n")

    def commit(self, message: str = "change") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "scratch")
