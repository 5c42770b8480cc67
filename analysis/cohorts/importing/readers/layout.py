"""Where in a sheet or a text the table stands: its header, its first and its last row, names of rows.

What stands above the header or below the last row is a person's to say (``file: {header: 3, last: 40}``);
where it is not said, the likely place is proposed and nothing is left out unasked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from analysis.cohorts.importing.options import FileOptions
from analysis.cohorts.importing.problems import Problem
from analysis.cohorts.importing.raw import RawTable, Unreadable, cell, letter, table_of
from analysis.cohorts.importing.readers import likely
from analysis.cohorts.importing.readers.likely import REMARK, Record


def lay_out_table(
    records: Sequence[Record],
    form: str,
    noun: str,
    options: FileOptions,
    known: Collection[str],
    *,
    letters: bool = False,
    exact: bool = False,
    row_names: bool = False,
    ending: bool = True,
) -> RawTable:
    """The table that stands among the records of a file.

    Parameters
    ----------
    records : sequence of (row number, cells)
        Those that are not empty.
    form, noun, letters
        As of `analysis.cohorts.importing.raw`.
    options : FileOptions
    known : collection of str
        Names that the declaration or the mapping speaks of, by which a header is recognised.
    exact : bool
        Whether every record must have as many cells as the header, as in a text file.
    row_names : bool
        Whether a cell more than the header in every record is a name of the row, as R writes it.
    ending : bool
        Whether lines may end in a delimiter, after which nothing comes.

    Raises
    ------
    Unreadable
        No header where the mapping says or anywhere, or likelier in another row.
    """
    head, body = _divide(records, noun, options, known)
    if not options.header:
        likely.refuse_wrong_header(records, head, known, noun)
    body = [record for record in body if record[0] >= (options.first or 0) and (not options.last or record[0] <= options.last)]
    problems = likely.second_header(body, noun) if not options.first else []
    body, notes = (body, []) if options.last else likely.footnotes(head, body, noun)
    problems += notes + ([] if options.last else likely.summary(body, noun))
    if exact and not options.headerless:
        head, said = _with_row_names(head, body, options, row_names, ending, noun)
        body, wrong = _fitting(len(head[-1][1]), body)
        problems += wrong
    else:
        said = []
    names = _name_columns(head, body, options, letters)
    table = table_of(names, body, form, noun, letters)
    table.detected += _describe(head, noun, options) + said
    table.problems += problems
    return table


def _divide(records: Sequence[Record], noun: str, options: FileOptions, known: Collection[str]) -> tuple[list[Record], list[Record]]:
    """Rows of the header, and what stands below."""
    if isinstance(options.header, str):  # "none"
        return [], list(records)
    if options.header:
        rows = dict(records)
        lacking = [number for number in options.header if number not in rows]
        if lacking:
            raise Unreadable(
                f"a header in {noun} {lacking[0]}, as the mapping says",
                "an empty one" if records and lacking[0] <= records[-1][0] else "no such one",
            )
        return [(number, rows[number]) for number in options.header], [record for record in records if record[0] > max(options.header)]
    wanted = likely.folded_names(known)
    at = next((at for at, (_, record) in enumerate(records) if not _remark(record) or len(likely.words_of(record) & wanted) > 1), None)
    if at is None:
        raise Unreadable("a header and at least one row", f"only comments, which begin with {REMARK}")
    return [records[at]], list(records[at + 1 :])


def _remark(record: Sequence[Any]) -> bool:
    first = next((text for value in record if (text := cell(value)) is not None), "")
    return isinstance(first, str) and first.startswith(REMARK)


def _name_columns(head: list[Record], body: list[Record], options: FileOptions, letters: bool) -> list[str]:
    """Names of the columns; the cells of a header of two rows are joined, those that span columns repeated."""
    width = max((len(record) for _, record in [*head, *body]), default=0)
    if options.headerless:
        return [letter(at) if letters else f"column {at + 1}" for at in range(width)]
    written = [[likely.word(value) for value in record] + [""] * (width - len(record)) for _, record in head]
    for row in written[:-1]:
        for at in range(1, width):
            row[at] = row[at] or row[at - 1]
    names = [" ".join(word for word in words if word) for words in zip(*written, strict=True)]
    if names and names[0].startswith(REMARK):
        names[0] = names[0].lstrip(REMARK).strip() or names[0]
    return names


def _with_row_names(
    head: list[Record], body: list[Record], options: FileOptions, taken: bool, ending: bool, noun: str
) -> tuple[list[Record], list[str]]:
    """The header, with a cell before it where every record begins with a name of the row."""
    longer = len(head) == 1 and body and all(len(record) == len(head[0][1]) + 1 for _, record in body)
    if not longer or options.row_names == "none":
        return head, []
    if ending and all(cell(record[-1]) is None for _, record in body) and not options.row_names:
        if not _counting(body):
            return head, []  # a delimiter at the end of each line
        found = f"an empty cell more in every {noun}, and running numbers in the first: names of rows ('file: {{row_names: first}}') or a delimiter at the end ('file: {{row_names: none}}')?"
        raise Unreadable(f"{len(head[0][1])} cells, as in the header", found)
    if not (taken or options.row_names):
        found = f"{len(head[0][1]) + 1} in every {noun} below: a decimal comma or a text of two words, or names of rows ('file: {{row_names: first}}')?"
        raise Unreadable(f"{len(head[0][1])} cells, as in the header", found)
    number, record = head[0]
    return [(number, ["", *record])], ["the first cell of each row is its name, as R writes it"]


def _counting(body: list[Record]) -> bool:
    """Whether rows begin with 1, 2, 3, as names of rows do, and as keys may."""
    return len(body) > 1 and [str(cell(record[0])) for _, record in body] == [str(number) for number in range(1, len(body) + 1)]


def _fitting(width: int, body: list[Record]) -> tuple[list[Record], list[Problem]]:
    """Records with as many cells as the header, and the others as problems; surplus cells that are empty do not count."""
    kept, problems = [], []
    for number, record in body:
        if len(record) < width or any(cell(value) is not None for value in record[width:]):
            problems.append(Problem(f"{width} cells, as in the header", f"{len(record)} cells", rows=(number,)))
        else:
            kept.append((number, record[:width]))
    return kept, problems


def _describe(head: list[Record], noun: str, options: FileOptions) -> list[str]:
    said = []
    if options.headerless:
        said.append("no header (given in the mapping)")
    elif options.header:
        said.append(f"header in {noun} {' and '.join(str(number) for number, _ in head)} (given in the mapping)")
    if options.first or options.last:
        limits = [f"from {noun} {options.first}" if options.first else "", f"to {noun} {options.last}" if options.last else ""]
        said.append(f"read {' '.join(filter(None, limits))} (given in the mapping)")
    return said
