"""The book: built by this project and by jupyter-book executing the same notebooks itself, in a copy of the repository.

jupyter-book runs second and finds the saved audits and pictures of libraries already made, which is to its favour.
The rebuilds follow: nothing changed, one line of prose, one notebook.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import harness
import jupytext
import yaml

PACKAGES = ("jupyter-book", "papermill", "snakemake", "Sphinx", "ipykernel")
OURS, THEIRS = "this project, nothing cached", "jupyter-book executing"


def timed(arguments: list[str], folder: Path, **more: str) -> float:
    """Seconds that a command takes; its output is shown only where it fails."""
    start = time.perf_counter()
    done = subprocess.run(arguments, cwd=folder, env=os.environ | more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout[-4000:]}")
    return time.perf_counter() - start


def copy(folder: Path) -> Path:
    """Clone of the last commit, as anybody has it."""
    target = folder / "book"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(harness.ROOT), str(target)], check=True)
    return target


def executing(place: Path) -> Path:
    """Settings with which jupyter-book executes every notebook itself, whose sources get the header by which it knows notebooks."""
    for source in sorted([*place.glob("notebooks/*/*.md"), *place.glob("book/**/*.md")]):
        if "kernelspec:" in source.read_text(encoding="utf-8").partition("\n---\n")[0]:
            jupytext.write(jupytext.read(source, fmt="md:myst"), source, fmt="md:myst")
    settings = yaml.safe_load((place / "_config.yml").read_text(encoding="utf-8"))
    settings["execute"] = {"execute_notebooks": "force", "timeout": -1, "run_in_temp": False}
    file = place / "_config_executing.yml"
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return file


def append(file: Path, line: str) -> None:
    """Add a line of prose at the end of a source."""
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n") + f"\n\n{line}\n", encoding="utf-8")


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--own-only", action="store_true", help="leave jupyter-book's own execution out")
    chosen = options.parse_args()
    build = [sys.executable, "-m", "analysis", "book"]
    with tempfile.TemporaryDirectory() as scratch:
        place = copy(Path(scratch))
        seconds = {OURS: timed(build, place), "rebuild, nothing changed": timed(build, place)}
        if not chosen.own_only:
            config, output = executing(place), Path(scratch) / "theirs"
            command = [
                sys.executable,
                "-c",
                "from jupyter_book.cli.main import main; main()",
                "build",
                "--all",
                "--config",
                str(config),
                "--path-output",
                str(output),
                ".",
            ]
            seconds[THEIRS] = timed(command, place, PYTHONPATH=str(place))
            if "cell_output" not in (output / "_build" / "html" / "notebooks" / "dac_clag" / "survival.html").read_text(encoding="utf-8"):
                raise SystemExit("jupyter-book has not executed the notebooks")
            config.unlink()
            subprocess.run(["git", "checkout", "--quiet", "."], cwd=place, check=True)
        notebook = next(iter(sorted((place / "notebooks").glob("*/*.md"))))
        timed(build, place)  # looks at sources that were written again
        append(place / "book" / "guide" / "reviewing.md", "One more line of prose.")
        seconds["rebuild, one line of prose changed"] = timed(build, place)
        append(notebook, "One more line of prose.")
        seconds["rebuild, one notebook changed"] = timed(build, place)
        shutil.rmtree(place)
    harness.write("book", harness.lines("book", "book", "", seconds, THEIRS if THEIRS in seconds else OURS), PACKAGES)


if __name__ == "__main__":
    main()
