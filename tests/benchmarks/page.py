"""Bring the book's page of figures up to date: tables between its markers, and the picture beside it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import harness
import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

PAGE = harness.ROOT / "book" / "guide" / "speed.md"
PICTURE = harness.ROOT / "book" / "_static" / "speed-statistics.svg"
INK = "#767676"
"""Legible on the light and on the dark page."""


def read(name: str) -> tuple[str, list[dict[str, str]]]:
    """Machine and rows of a result file; none where it has not been measured."""
    file = harness.RESULTS / f"{name}.csv"
    if not file.is_file():
        return "", []
    first, rest = file.read_text(encoding="utf-8").split("\n", 1)
    return first.lstrip("# "), list(csv.DictReader(rest.splitlines()))


def table(rows: list[dict[str, str]]) -> str:
    """Rows as a table in Markdown, with the columns that hold anything."""
    shown = [name for name in ("case", "size", "candidate", "seconds", "ratio", "baseline", "note") if any(row[name] for row in rows)]
    lines = ["| " + " | ".join(shown) + " |", "|" + " --- |" * len(shown)]
    return "\n".join(lines + ["| " + " | ".join(row[name] for name in shown) + " |" for row in rows])


def block(name: str) -> str:
    """What stands between the markers of a benchmark."""
    machine, rows = read(name)
    rows = [row for row in rows if row["candidate"] != row["baseline"]]
    return f"\n\n{table(rows)}\n\nMeasured on: {machine}.\n\n" if rows else "\n\nNot measured yet.\n\n"


def draw(rows: list[dict[str, str]], target: Path) -> None:
    """Ratio to the baseline by number of patients, one line an analysis of this project."""
    plt.rcParams.update({"svg.hashsalt": "speed", "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.edgecolor": INK})
    figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    ours = [row for row in rows if row["candidate"] == "this project" and row["baseline"]]
    for number, case in enumerate(dict.fromkeys(row["case"] for row in ours)):
        points = [(int(row["size"]), float(row["ratio"])) for row in ours if row["case"] == case]
        axes.plot(*zip(*points), marker="osD^vPX*<>"[number % 10], label=f"{case} / {next(row['baseline'] for row in ours if row['case'] == case)}", linewidth=1.2, markersize=4)
    axes.axhline(1, color=INK, linewidth=0.8, linestyle="--")
    axes.set(xscale="log", yscale="log", xlabel="patients", ylabel="time, ratio to the baseline of the same run")
    axes.legend(frameon=False, fontsize=6.5, loc="center left", bbox_to_anchor=(1, 0.5))
    figure.savefig(target, transparent=True, metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    """Write page and picture."""
    text = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"% figures of (\w+)\n", text):
        text = re.sub(rf"(% figures of {name}\n).*?(% end of {name}\n)", lambda found, name=name: found[1] + block(name) + found[2], text, flags=re.DOTALL)
    PAGE.write_text(text, encoding="utf-8")
    _, rows = read("statistics")
    if rows:
        draw(rows, PICTURE)


if __name__ == "__main__":
    main()
