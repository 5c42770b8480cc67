"""Bring the book's two pages of figures up to date: tables between their markers, and the pictures beside them."""

from __future__ import annotations

import csv
import re
import sys

import harness

sys.path.insert(0, str(harness.ROOT))

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from analysis.figures.drawing import Drawing
from analysis.figures.look import Look
from analysis.figures.palette import DARK, LIGHT, Theme
from analysis.figures.style import SMALL, new_figure

GUIDE = harness.ROOT / "book" / "guide"
SHORT, PAGE = GUIDE / "speed.md", GUIDE / "speed-in-detail.md"
PICTURES = harness.ROOT / "book" / "_static"
OURS = "this project"
MARKERS = "osD^"
#: Case whose figures are MB in place of seconds.
MEMORY = "peak memory"
#: The five figures of the short page: what is told, the benchmark, what its case and its candidate begin with.
FIVE = (
    ("The whole book from nothing", "book", "book", "this project, nothing cached"),
    ("The book after one notebook has changed", "book", "book", "rebuild, one notebook changed"),
    ("A hundred scenarios of a page, with the page that compares them", "sweep", "scenarios", "this project"),
    ("A page with survival curves, re-executed from its form", "live", "survival curves", "this project"),
    ("Kaplan–Meier estimate of 10,000 patients", "statistics", "Kaplan–Meier", "this project"),
)


def read(name: str) -> tuple[str, list[dict[str, str]]]:
    """Machine and rows of a result file; none where it has not been measured."""
    file = harness.RESULTS / f"{name}.csv"
    if not file.is_file():
        return "", []
    first, rest = file.read_text(encoding="utf-8").split("\n", 1)
    return first.lstrip("# "), list(csv.DictReader(rest.replace("Kaplan-Meier", "Kaplan–Meier").splitlines()))


def ratio(value: str) -> str:
    """A ratio that is read at a glance: two digits, no powers of ten."""
    number = float(value)
    return f"{number:,.0f}" if number >= 100 else f"{number:#.2g}".rstrip(".") if number >= 0.001 else "below 0.001"


def as_code(text: str) -> str:
    """A command as code, or its two dashes would be set as one."""
    return f"`{text}`" if text.startswith("python -m ") else text


def markdown(heads: list[str], lines: list[list[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(["| " + " | ".join(line) + " |" for line in (heads, ["---"] * len(heads), *lines)])


def plain(rows: list[dict[str, str]]) -> str:
    """One line a figure."""
    sized = any(row["size"] for row in rows)
    heads = ["What", *(["Size"] if sized else []), "Ratio", "to", "Seconds", "Note"]
    lines = []
    for row in rows:
        named = row["case"] if row["candidate"] == OURS or row["case"] not in ("book", "start-up", "scenarios") else ""
        what = " · ".join(filter(None, [named, "" if row["candidate"] == OURS else as_code(row["candidate"])]))
        size = [f"{int(row['size']):,}" if row["size"] else ""] if sized else []
        seconds, note = (f"{float(row['seconds']):.3g}", row["note"]) if row["case"] != MEMORY else ("", f"{float(row['seconds']):.0f} MB")
        lines.append([what, *size, ratio(row["ratio"]) if row["baseline"] else "", row["baseline"], seconds, note])
    return markdown(heads, lines)


def by_size(rows: list[dict[str, str]]) -> str:
    """One line an analysis, one column a number of patients."""
    sizes = list(dict.fromkeys(row["size"] for row in rows))
    ours = {(row["case"], row["size"]): row for row in rows if row["candidate"] == OURS and row["baseline"]}
    lines = []
    for case in dict.fromkeys(case for case, _ in ours):
        own = [ours.get((case, size)) for size in sizes]
        apart = [re.search(r"R by (\S+) relative", row["note"]) for row in own if row]
        furthest = max((found[1] for found in apart if found), key=float, default="")
        lines.append([case, next(row["baseline"] for row in own if row), *(ratio(row["ratio"]) if row else "" for row in own), furthest])
    memory = {row["size"]: f"{float(row['seconds']):.0f} MB" for row in rows if row["case"] == MEMORY}
    lines.append(["peak memory of all programs in one process", "", *(memory.get(size, "") for size in sizes), ""])
    return markdown(["Analysis", "Baseline", *(f"{int(size):,}" for size in sizes), "Furthest from R (relative)"], lines)


def by_page(rows: list[dict[str, str]]) -> str:
    """One line a page, one column what it does; shares of the CPU time of all pages, in percent."""
    seconds = {(row["case"], row["candidate"]): float(row["seconds"]) for row in rows}
    doing = list(dict.fromkeys(row["candidate"] for row in rows if row["candidate"] != "all"))
    total = seconds["all pages", "all"]

    def percent(page: str, what: str) -> str:
        return f"{100 * seconds.get((page, what), 0.0) / total:.1f}"

    lines = [
        [page.removesuffix(".md"), percent(page, "all"), *(percent(page, what) for what in doing)]
        for page in dict.fromkeys(page for page, _ in seconds)
    ]
    return markdown(["Page", "all, %", *(f"{what}, %" for what in doing)], lines)


def five() -> str:
    """The five figures, one line each; those not measured are left out."""
    lines = []
    for told, name, case, candidate in FIVE:
        for row in read(name)[1]:
            measured = row["candidate"].startswith(candidate) and row["candidate"] != row["baseline"]
            if measured and row["case"].startswith(case) and row["size"] in ("", "100", "10000"):
                lines.append([told, ratio(row["ratio"]), row["baseline"], f"{float(row['seconds']):.3g}"])
    return "\n\n" + (markdown(["What", "Ratio", "to", "Seconds"], lines) if lines else "Not measured yet.") + "\n\n"


def between(text: str, start: str, end: str, content: str) -> str:
    """A text with other content between two lines."""
    return re.sub(rf"({re.escape(start)}\n).*?({re.escape(end)}\n)", lambda found: found[1] + content + found[2], text, flags=re.DOTALL)


def block(name: str) -> str:
    """What stands between the markers of a benchmark."""
    machine, rows = read(name)
    rows = [row for row in rows if row["candidate"] != row["baseline"]]  # baselines stand in a column
    if not rows:
        return "\n\nNot measured yet.\n\n"
    table = {"statistics": by_size, "pages": by_page}.get(name, plain)(rows)
    return f"\n\n{table}\n\nMeasured on: {machine}.\nAll figures: `book/results/benchmarks/{name}.csv`.\n\n"


def dots(rows: list[dict[str, str]], theme: Theme, look: Look) -> Figure:
    """Ratio to the baseline, a line an analysis, a mark a number of patients n."""
    ours = [row for row in rows if row["candidate"] == OURS and row["baseline"]]
    cases = list(dict.fromkeys(row["case"] for row in ours))
    sizes = list(dict.fromkeys(row["size"] for row in ours))
    figure = new_figure(look.inches + 0.6, 0.29 * len(cases) + 1.2)
    axes = figure.add_axes((0.45, 0.62 / figure.get_figheight(), 0.5, 1 - 1.1 / figure.get_figheight()))
    for number, case in enumerate(cases):
        axes.axhline(number, color=theme.rule, linewidth=0.6, zorder=0)
        for place, size in enumerate(sizes):
            for row in ours:
                if row["case"] == case and row["size"] == size:
                    axes.plot(
                        float(row["ratio"]),
                        number,
                        MARKERS[place % 4],
                        color=theme.groups[place],
                        markersize=4.5,
                        label=f"n = {int(size):,}" if not number else None,
                    )
    axes.axvline(1, color=theme.ink, linewidth=0.9, linestyle="--")
    axes.set(xscale="log", ylim=(len(cases) - 0.4, -0.6), xlabel="Time, as a multiple of the baseline's")
    axes.set_yticks(range(len(cases)), [f"{case}" for case in cases], fontsize=SMALL)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.legend(
        *axes.get_legend_handles_labels(),
        loc="upper left",
        ncols=len(sizes),
        frameon=False,
        fontsize=SMALL,
        handletextpad=0,
        columnspacing=0.8,
    )
    return figure


def main() -> None:
    """Write page and pictures."""
    text = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"% figures of (\w+)\n", text):
        text = between(text, f"% figures of {name}", f"% end of {name}", block(name))
    PAGE.write_text(text, encoding="utf-8")
    short = between(SHORT.read_text(encoding="utf-8"), "% five figures", "% end of five figures", five())
    SHORT.write_text(short, encoding="utf-8")
    _, rows = read("statistics")
    if rows:
        drawing = Drawing(
            lambda theme, look: dots(rows, theme, look),
            "Time of each analysis relative to its baseline",
            "Marks left of the dashed line took less time than the baseline.",
        )
        for theme in (LIGHT, DARK):
            (PICTURES / f"speed-statistics-{theme.name}.svg").write_text(drawing.standalone(theme), encoding="utf-8")


if __name__ == "__main__":
    main()
