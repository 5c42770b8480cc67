"""Cohorts in random dress, some of them damaged, put through ``check``: what comes out must be the cohort that went in, or a fault.

    python -m tests.cohorts.importing.fuzz 10000 1      # inputs, first seed

Each input is made from a seed.  Its verdict is one of: read, refused, and the failures traceback, hang,
silently wrong, refused though sound, accepted though faulty.
"""

from __future__ import annotations

import contextlib
import io
import random
import signal
import sys
import tempfile
import traceback
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from analysis import cli
from analysis.cohorts.importing.checking import read_cohort
from analysis.cohorts.study import read_study

GOOD = ("read", "refused")
SECONDS, LONGEST = 30, 300
"""Of computing, and in all, beyond which an input has made the program hang."""
DECLARED = {
    "study": "fuzz", "label": "Fuzz", "title": "A study for random files", "citation": {"journal": "none"},
    "tables": {"cohort": {"file": "cohort.csv", "unit": "patient", "key": "patient"}},
    "variables": {"cohort": {
        "patient": {"type": "id"}, "arm": {"type": "category", "levels": ["A", "B"]}, "weight": {"type": "number", "missing": True},
        "months": {"type": "number", "unit": "months", "range": [0, 4000]}, "died": {"type": "boolean"},
    }},
    "endpoints": {"os": {"time": "months", "event": "died", "label": "Overall survival"}},
    "populations": {"all": {"label": "All patients"}, "a": {"label": "A", "where": "arm=A"}},
}  # fmt: skip
NAMES = ("patient", "arm", "weight", "months", "died")
JUNK = {
    "arm": ("C", "a b", "NA"),
    "weight": ("-9", "999", "9999", "x"),
    "months": ("x", "-3", "1.2.3", "NA", "1e999", "99999", "'", "=1+1"),
    "died": ("2", "maybe", "NA", "-1", "0.5", "1900-01-01", "31.12.2999"),
}
WORDS = ("NA", "na", "-", ".", "alive", "lebt", "NaT", "?")
RUBBISH = (
    "columns",
    "file",
    "missing",
    "where",
    "without",
    "header",
    "codes",
    "known",
    "A",
    "1",
    "none",
    "decimal",
    ",",
    "x",
    "\0",
    "é",
    "from",
    "to",
    "study",
)


@dataclass
class Case:
    """One file with its mapping, and what is known of it."""

    content: bytes
    suffix: str
    mapping: dict | str
    truth: list[tuple] = field(default_factory=list)
    told: bool = False
    faulty: bool = False
    damaged: bool = False


def made(seed: int) -> Case:
    """The case of a seed."""
    chance = random.Random(seed)
    kind = chance.choices(("dressed", "workbook", "bytes", "mapping", "typed"), (700, 120, 80, 97, 3))[0]
    if kind == "typed":
        return _typed(chance)
    if kind == "bytes":
        start = chance.choice((b"", b"PK\x03\x04", b"$FL2", b"PAR1", b"<stata_dta>", b"patient,arm,months,died\n", b"\xff\xfe", b"sep=;\n"))
        return Case(start + chance.randbytes(chance.randrange(300)), chance.choice((".csv", ".xlsx", ".txt", ".dat")), {}, damaged=True)
    case = _workbook(chance) if kind == "workbook" else _dressed(chance)
    if kind == "mapping":
        case.mapping, case.damaged = _rubbish(chance), True
    return case


def _truth(chance: random.Random, whole: bool = False) -> list[tuple]:
    digits, finer = (0, 0) if whole else (chance.choice((0, 1, 2, 3, 3)), chance.choice((0, 1, 3)))
    long = whole or chance.random() < 0.5
    return [
        (
            f"p{at}",
            chance.choice("AB"),
            round(chance.uniform(3, 120), finer),
            round(chance.uniform(0, 3000 if long else 40), digits),
            chance.random() < 0.4,
        )
        for at in range(chance.randint(3, 9))
    ]


def _number(value: float, mark: str, between: str) -> str:
    whole, _, rest = f"{value:.3f}".rstrip("0").rstrip(".").partition(".")
    if between and len(whole) > 3:
        whole = whole[:-3] + between + whole[-3:]
    return whole + (mark + rest if rest else "")


def _spelled(chance: random.Random, name: str) -> str:
    """A name as somebody else writes it."""
    return chance.choice((name, name.upper(), name.title(), f" {name} ", name))


def _dressed(chance: random.Random) -> Case:
    whole = chance.random() < 0.25  # no cell proves a mark then
    truth = _truth(chance, whole)
    mark = chance.choice(".,")
    other = {".": ",", ",": "."}[mark]
    between = chance.choice((other, other, "'") if whole else ("", "", other, "'", "\u2009"))
    sign = chance.choice((";", "\t", "|", ",", " "))
    if between == "\u2009" and sign == " ":
        between = ""
    mapping: dict = {"file": {"decimal": {".": "point", ",": "comma"}[mark]}, "columns": {}}
    header = [_spelled(chance, name) if sign != " " else name for name in NAMES]
    if chance.random() < 0.3:
        header[3] = unicodedata.normalize(chance.choice(("NFC", "NFD")), "Überleben")
        mapping["columns"]["months"] = "Überleben"
    rows = [
        [key, arm, _number(weight, mark, between), _number(months, mark, between), str(int(died))]
        for key, arm, weight, months, died in truth
    ]
    _outcome(chance, rows, truth, mapping)
    faulty = _junk(chance, rows, truth, mapping)
    told = chance.random() < 0.6
    lines, more = _laid_out(chance, header, rows, sign, quoted=sign in (",", " ") or chance.random() < 0.2)
    if more:
        mapping["file"] |= more
    if not told:
        _forget(chance, mapping)
    encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16", "utf-8"))
    content = chance.choice(("\n", "\r\n", "\n")).join(lines).encode(encoding) + b""
    damaged = chance.random() < 0.08
    if damaged:
        content = bytearray(content)
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
    return Case(bytes(content), chance.choice((".csv", ".txt", ".dat")), mapping, truth, told and not faulty, faulty, damaged)


def _outcome(chance: random.Random, rows: list, truth: list, mapping: dict) -> None:
    """The event as 0 and 1, in words with codes, or by its date."""
    how = chance.choice(("plain", "codes", "known", "known"))
    if how == "codes":
        for row, line in zip(rows, truth, strict=True):
            row[4] = "tot" if line[4] else "lebt"
        mapping["columns"]["died"] = {"column": "died", "codes": {"tot": "1", "lebt": "0"}}
    elif how == "known":
        word = chance.choice(("", *WORDS))
        for row, line in zip(rows, truth, strict=True):
            row[4] = chance.choice(("2020-03-04", "04.03.2020", "2020-12-31")) if line[4] else word
        mapping["columns"]["died"] = {"known": "died", **({"missing": [word]} if word else {})}


def _junk(chance: random.Random, rows: list, truth: list, mapping: dict) -> bool:
    """Perhaps one cell that no reading may accept; whether there is one. A declared code for missing means no event."""
    if chance.random() > 0.15:
        return False
    name = chance.choice(list(JUNK))
    at = chance.randrange(len(rows))
    rows[at][NAMES.index(name)] = chance.choice(JUNK[name])
    declared = mapping["columns"].get("died", {})
    if name == "died" and isinstance(declared, dict) and rows[at][4] in declared.get("missing", ()):
        truth[at] = (*truth[at][:4], False)
        return False
    return True


def _laid_out(chance: random.Random, header: list, rows: list, sign: str, quoted: bool) -> tuple[list[str], dict]:
    """Lines of a text, and what the mapping must say of where the table stands."""

    def line(cells: list[str]) -> str:
        return sign.join(
            '"' + cell.replace('"', '""') + '"' if quoted or sign in cell or '"' in cell or not cell else cell for cell in cells
        )

    lines, more = [], {}
    if sign == ";" and chance.random() < 0.2:
        lines.append("sep=;")
    if chance.random() < 0.2:
        lines += ["# a remark above"] * chance.randint(1, 2)
    if chance.random() < 0.2 and sign != " ":
        lines += ["Registry export", ""]
        more["header"] = len(lines) + 1
    named = chance.random() < 0.3
    short = named and sign != "," and chance.random() < 0.5
    if short and sign == " " and not quoted:
        more["row_names"] = "first"
    lines.append(line(header if not named or short else ["", *header]))
    lines += [line([str(at), *row] if named else row) for at, row in enumerate(rows, 1)]
    if chance.random() < 0.2 and sign != " ":
        more["last"] = len(lines)
        lines += ["", "* two of them moved away"]
    return lines, more


def _forget(chance: random.Random, mapping: dict) -> None:
    """Take away some of what the mapping says."""
    for key in list(mapping["file"]):
        if chance.random() < 0.6:
            del mapping["file"][key]
    died = mapping["columns"].get("died")
    if isinstance(died, dict) and chance.random() < 0.5:
        died.pop("missing", None)


def _workbook(chance: random.Random) -> Case:
    """Typed numbers, some as text; nothing is ambiguous but the texts."""
    import openpyxl

    truth = _truth(chance)
    book = openpyxl.Workbook()
    texts = chance.random() < 0.3
    mark = chance.choice(".,")
    titles = chance.randint(0, 2)
    for _ in range(titles):
        book.active.append(["A title"])
    book.active.append([_spelled(chance, name) for name in NAMES])
    for key, arm, weight, months, died in truth:
        book.active.append([key, arm, weight, _number(months, mark, "") if texts else months, int(died)])
    buffer = io.BytesIO()
    book.save(buffer)
    content, damaged = buffer.getvalue(), chance.random() < 0.2
    if damaged:
        content = bytearray(content)
        for _ in range(chance.randint(1, 20)):
            content[chance.randrange(len(content))] = chance.randrange(256)
    told = chance.random() < 0.7
    mapping = {"file": {"decimal": {".": "point", ",": "comma"}[mark], **({"header": titles + 1} if titles else {})}} if told else {}
    return Case(bytes(content), ".xlsx", mapping, truth, told and not damaged, False, damaged)


def _typed(chance: random.Random) -> Case:
    """A file of SPSS or Stata, with labels that may contradict."""
    import pandas as pd
    import pyreadstat

    truth = _truth(chance)
    frame = pd.DataFrame(truth, columns=NAMES).astype({"died": "int32"})
    suffix = chance.choice((".sav", ".dta"))
    labels = chance.choice((None, {0: "alive", 1: "dead"}, {0: "dead", 1: "alive"}))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"own{suffix}"
        (pyreadstat.write_sav if suffix == ".sav" else pyreadstat.write_dta)(
            frame, str(path), **({"variable_value_labels": {"died": labels}} if labels else {})
        )
        content = path.read_bytes()
    faulty = labels is not None and labels[0] == "dead"
    return Case(content, suffix, {}, truth, not faulty, faulty)


def _rubbish(chance: random.Random, depth: int = 0) -> dict | str:
    """A mapping of words in no order."""
    if depth > 2 or chance.random() < 0.3:
        return chance.choice(RUBBISH)
    return {
        chance.choice((*RUBBISH, *NAMES)): _rubbish(chance, depth + 1) if chance.random() < 0.8 else [chance.choice(RUBBISH)]
        for _ in range(chance.randint(0, 4))
    }


def verdict(case: Case, folder: Path, study_folder: Path) -> tuple[str, str]:
    """What became of a case, and what was said."""
    file, mapping = folder / f"own{case.suffix}", folder / "m.yml"
    file.write_bytes(case.content)
    mapping.write_text(yaml.safe_dump(case.mapping, allow_unicode=True), encoding="utf-8")
    said = io.StringIO()
    for sign in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(sign, _too_long)
    signal.alarm(LONGEST)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = cli.main(["check", str(file), "--study", str(study_folder), "--mapping", str(mapping)])
        found = _rows(read_cohort(read_study(study_folder), file, mapping)) if status == 0 else None
    except TimeoutError:
        return "hang", said.getvalue()
    except BaseException:  # whatever comes out is what is looked for
        return "traceback", traceback.format_exc()
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
    return _judged(case, status, found), said.getvalue() + (f"\nfound {found}\ntruth {case.truth}" if found != case.truth else "")


def _judged(case: Case, status: int, found: list | None) -> str:
    if status not in (0, 2):
        return "wrong status"
    if status == 2:
        return "refused though sound" if case.told and not case.damaged else "refused"
    if case.damaged:
        return "read"
    if case.faulty:
        return "accepted though faulty"
    same = len(found) == len(case.truth) and all(
        one[:2] == other[:2] and one[4] == other[4] and abs(one[2] - other[2]) < 1e-9 and abs(one[3] - other[3]) < 1e-9
        for one, other in zip(found, case.truth, strict=True)
    )
    return "read" if same else "silently wrong"


def _rows(frame) -> list[tuple]:
    return [(row.patient, row.arm, row.weight, row.months, bool(row.died)) for row in frame.itertuples()]


def _too_long(*_):
    raise TimeoutError


def run(seeds: range, show: int = 5) -> Counter:
    """Verdicts of many seeds; failures are printed."""
    counts: Counter = Counter()
    with tempfile.TemporaryDirectory() as place:
        study_folder, folder = Path(place) / "study", Path(place) / "files"
        study_folder.mkdir()
        folder.mkdir()
        (study_folder / "study.yml").write_text(yaml.safe_dump(DECLARED, sort_keys=False))
        for seed in seeds:
            case = made(seed)
            outcome, said = verdict(case, folder, study_folder)
            counts[outcome] += 1
            if outcome not in GOOD and counts["shown"] < show:
                counts["shown"] += 1
                print(f"--- seed {seed}: {outcome}\n{case.content[:600]!r}\n{case.mapping}\n{said[-1500:]}")
    del counts["shown"]
    return counts


if __name__ == "__main__":
    number, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    print(dict(run(range(first, first + number))))
