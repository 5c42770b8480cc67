"""Two step curves drawn in characters: a picture that a terminal, a comment and a mail all show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 60, 12
BEFORE, AFTER, BOTH = "░", "█", "▓"
KEY = f"{BEFORE} before   {AFTER} after   {BOTH} both"


def draw_curves(before: Mapping[float, float], after: Mapping[float, float], unit: str = "months") -> str:
    """Curves that start at 1 and step at times.

    Parameters
    ----------
    before, after : mapping of float to float
        Time to survival from that time on; empty where there is no such curve.
    unit : str
        Of the times.

    Returns
    -------
    str
        Lines of at most `WIDTH` + 6 characters.
    """
    end = max([1e-9, *before, *after])
    rows = [[" "] * WIDTH for _ in range(HEIGHT + 1)]
    for curve, mark, other in ((before, BEFORE, AFTER), (after, AFTER, BEFORE)):
        if curve:
            _draw(rows, curve, end, mark, other)
    lines = [f"{_percent(place):>4} {''.join(row).rstrip()}".rstrip() for place, row in enumerate(rows)]
    last = f"{end:g} {unit}"
    return "\n".join([*lines, f"     0{last:>{WIDTH - 1}}", f"     {KEY}"])


def _percent(place: int) -> str:
    return f"{100 - 100 * place // HEIGHT}%" if place % (HEIGHT // 4) == 0 else ""


def _draw(rows: list[list[str]], curve: Mapping[float, float], end: float, mark: str, other: str) -> None:
    heights = [_place(_at(curve, end * column / (WIDTH - 1))) for column in range(WIDTH)]
    for column, height in enumerate(heights):
        above = heights[column - 1] if column else height
        for place in _between(above, height):
            rows[place][column] = BOTH if rows[place][column] in (other, BOTH) else mark


def _between(above: int, below: int) -> Sequence[int]:
    """Rows that a step passes through, its lower end included, its upper one only where nothing steps."""
    return [below] if above == below else range(above + 1, below + 1) if below > above else range(below, above)


def _at(curve: Mapping[float, float], time: float) -> float:
    passed = [step for step in curve if step <= time + 1e-9]
    return curve[max(passed)] if passed else 1.0


def _place(value: float) -> int:
    return round((1 - min(max(value, 0.0), 1.0)) * HEIGHT)
