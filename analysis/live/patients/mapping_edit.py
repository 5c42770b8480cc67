"""A mapping changed from a form: what the form says of each variable, in place of what stood there, all else kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from analysis.cohorts.importing.mapping import words
from analysis.errors import Fault, InputError

COLUMN, DATES, KNOWN, CONSTANT, ROWS, ABSENT, BY_NAME = "column", "dates", "known", "constant", "rows", "absent", ""
"""Where a variable comes from; the last is a column of its own name, if the file has one."""

KEYS = ("source", "column", "unit", "missing", "from", "to", "known", "constant")
_LONGEST = 500


def content_of(text: str) -> dict[str, Any]:
    """Keys of a mapping as texts; none where it cannot be read, which its check tells."""
    try:
        content = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return {}
    return content if isinstance(content, dict) else {}


def section(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What stands below a key; nothing where that is no mapping."""
    found = content.get(key)
    return found if isinstance(found, dict) else {}


def entries_of(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Entries of a mapping by variable, each with its keys."""
    found = section(content, "columns").items()
    return {name: {"column": entry} if isinstance(entry, str) else entry for name, entry in found if isinstance(entry, (str, dict))}


def source_of(entry: Mapping[str, Any] | None, absent: bool) -> str:
    """Where a variable comes from."""
    if absent:
        return ABSENT
    if not entry:
        return BY_NAME
    for key, source in (("column", COLUMN), ("from", DATES), ("known", KNOWN), ("constant", CONSTANT), ("number", ROWS)):
        if key in entry:
            return source
    return BY_NAME


def edit(text: str, study: str, submitted: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Mapping with what a form says.

    Parameters
    ----------
    text : str
        The mapping as it stands.
    study : str
    submitted : mapping of str to mapping
        By variable, `KEYS`, all texts, and ``codes``, texts by text.
    options : mapping of str to str
        Of the whole file: ``decimal``, ``dates``, ``missing``.

    Raises
    ------
    InputError
        If it is no form of this program that was submitted.
    """
    content = content_of(text)
    entries, absent = entries_of(content), list(words(content.get("absent") or ()))
    for name, said in submitted.items():
        _require_texts(name, said)
        absent = [one for one in absent if one != name]
        if said["source"] == ABSENT:
            absent.append(name)
        made = _entry(said, entries.get(name, {}))
        entries.pop(name, None)
        if made:
            entries[name] = made
    content["study"] = study
    file = section(content, "file")
    for key in ("decimal", "dates"):
        file = {name: value for name, value in file.items() if name != key} | ({key: options[key]} if options.get(key) else {})
    missing = _list(options.get("missing", ""))
    for key, value in (("file", file), ("missing", missing), ("columns", entries), ("absent", absent)):
        content.pop(key, None)
        if value:
            content[key] = value
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def _require_texts(name: Any, said: Any) -> None:
    codes = said.get("codes", {}) if isinstance(said, dict) else None
    texts = [name, *(said.get(key, "") for key in KEYS), *codes, *codes.values()] if isinstance(codes, dict) else [None]
    if not all(isinstance(text, str) and len(text) <= _LONGEST for text in texts) or "source" not in said:
        raise InputError(Fault("form", "mapping", "what the form sends", "something else"))


def _entry(said: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Entry of one variable; keys of it that the form does not show are kept."""
    kept = {key: value for key, value in before.items() if key in ("range", "decimal", "dates", "century", "true_dates")}
    missing = {"missing": _list(said["missing"])} if _list(said.get("missing", "")) else {}
    source = said["source"]
    if source == COLUMN and said.get("column"):
        codes = {code: value for code, value in said.get("codes", {}).items() if value}
        more = {"codes": codes} if codes else {}
        more |= {"unit": said["unit"]} if said.get("unit") else {}
        return {"column": said["column"], **more, **missing, **kept}
    if source == DATES and said.get("from"):
        ends = _list(said.get("to", ""))
        return {"from": said["from"], "to": ends[0] if len(ends) == 1 else ends, **missing, **kept}
    if source == KNOWN and said.get("known"):
        return {"known": said["known"], **missing, **kept}
    if source == CONSTANT:
        return {"constant": said.get("constant", ""), **kept}
    return {"number": "rows"} if source == ROWS else {}


def _list(text: Any) -> list[str]:
    """Texts that are separated by semicolons."""
    return [part.strip() for part in str(text).split(";") if part.strip()]
