"""One sentence a line: a changed sentence is a changed line, and no other moves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.errors import Fault

_FENCE = re.compile(r"^\s*(`{3,}|~{3,}|:{3,})")
_NOT_PROSE = re.compile(r"^\s*($|#|\||>|<|\$\$|%|\([a-z0-9-]+\)=|\[[^\]]+\]:|!\[|---|\{)")
_ITEM = re.compile(r"^\s*([-*+]|\d+\.|:) +")
_RUN_IN = re.compile(r"^(\*\*[^*]+\*\*|\*[^*]+\*)")
_CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|\$[^$]*\$")
_ENDED = re.compile(r"""[.!?:;…][)"”’'*_\]]*$""")
_NEXT = re.compile(r"""(?<=[\w)\]%"”’*`])[.!?][)"”’*]* +(?=["“(\[*`]*[A-Z`])""")
_SHORT = re.compile(r"(\b(Figs?|Tabs?|Dr|No|St|vs|cf|ca|al|approx|Eq|[A-Z])|\b[a-z]\.[a-z]|\.\.)$")
"""Words before a full stop that ends no sentence."""


def faults_of(text: str, shown: str) -> Iterator[Fault]:
    """Lines of prose that hold two sentences or half a one.

    Code, tables, headings, quotations and directives' options are left alone.

    Parameters
    ----------
    text : str
        Markdown of a page.
    shown : str
        Its name, for the messages.
    """
    prose = list(prose_lines(text))
    for position, (number, line) in enumerate(prose):
        plain = _plain(line)
        for end in _NEXT.finditer(plain):
            if not _SHORT.search(plain[: end.start()]):
                # lines are measured without their bullet, so the sentence is quoted, not its column
                yield Fault(
                    shown,
                    f"line {number}",
                    "one sentence a line",
                    f"two, the second after “…{plain[max(0, end.start() - 30) : end.start() + 1]}”",
                )
                break
        following = prose[position + 1] if position + 1 < len(prose) else None
        joined = following is not None and following[0] == number + 1 and not _ITEM.match(following[1])
        if plain and joined and not _ENDED.search(plain) and not line.endswith(("  ", "\\")):
            yield Fault(shown, f"line {number}", "a whole sentence on one line", f"a break after “…{plain[-30:]}”")


def _plain(line: str) -> str:
    """Line without its bullet and its run-in heading, code and formulas blotted out."""
    line = _RUN_IN.sub("", _ITEM.sub("", line))
    return _CODE.sub(lambda match: "X" * len(match.group()), line).rstrip()


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbers and texts of the lines that are prose."""
    lines = text.split("\n")
    start = 0
    if lines and lines[0] == "---":
        start = next((n for n, line in enumerate(lines[1:], 1) if line == "---"), 0) + 1
    fences: list[str] = []
    glossary = 0  # fences up to and with that of a glossary, whose unindented lines are its terms
    formula = False
    for number, line in enumerate(lines[start:], start + 1):
        formula ^= line.count("$$") % 2 == 1
        fence = _FENCE.match(line)
        if fence:
            mark = fence.group(1)
            if fences and mark[0] == fences[-1][0] and len(mark) >= len(fences[-1]) and line.strip() == mark:
                fences.pop()
                glossary = min(glossary, len(fences))
            else:
                fences.append(mark)
                glossary = len(fences) if "{glossary}" in line else glossary
            continue
        if glossary and not line.startswith(" "):
            continue
        inside_code = any(fence[0] in "`~" for fence in fences)
        if not inside_code and not formula and not (fences and re.match(r"^:[\w-]+:", line)) and not _NOT_PROSE.match(line):
            yield number, line
