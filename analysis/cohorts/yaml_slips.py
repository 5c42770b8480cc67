"""What usually went wrong where YAML or a declaration cannot be read, in a few words and with the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import suggestion

_SLIPS = (
    (r"\btab\b|'\\t'", "a tab: indent by blanks"),
    (r"mapping values are not allowed", "a colon inside a text, or a key indented too far: put such a text into quotes"),
    (r"could not find expected ':'", "a key without its colon, or a text that continues on the next line"),
    (r"cannot start any token", "a text that begins with a special character of YAML: put it into quotes"),
    (r"unexpected end of stream|while scanning a quoted scalar", "a quotation mark that is not closed"),
    (r"expected ',' or '[}\]]'", "a comma or brace missing, or a text with a comma, colon or brace inside braces: put it into quotes"),
    (r"did not find expected (?:key|'-' indicator)|expected <block end>", "indentation: keys of one level begin in one column"),
    (r"undefined alias|expected alphabetic or numeric character", "a text that begins with * or &: put it into quotes"),
    (r"could not determine a constructor", "a text that begins with !: put it into quotes"),
)


def explain_yaml(problem: str) -> str:
    """The words of a YAML library, without the one that a fault begins with, and with what usually causes them."""
    hint = next((hint for pattern, hint in _SLIPS if re.search(pattern, problem)), "")
    problem = problem.removeprefix("found ")
    return f"{problem} ({hint})" if hint else problem


def explain_value(value: Any, expected: str) -> str:
    """What usually makes a value of the wrong kind: words that YAML reads as truth values or numbers."""
    if "string" not in expected:
        return ""
    if isinstance(value, bool):
        return " (yes, no, on, off are truth values of YAML: put the word into quotes)"
    return " (put it into quotes)" if isinstance(value, (int, float)) else ""


def find_line(path: Path, keys: Sequence[object]) -> int | None:
    """Line of a place in a YAML file, or of what holds it; None if the file cannot be read.

    Parameters
    ----------
    path : Path
    keys : sequence of str or int
        Keys and positions that lead there; what leads nowhere, such as the name of a kind, is passed over.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return None
    line = node.start_mark.line + 1 if node else None
    for key in keys:
        for at, inner in _inside(node, key):
            node, line = inner, at
    return line


def _inside(node: yaml.Node | None, key: object) -> Iterator[tuple[int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if getattr(name, "value", None) == str(key):
                yield name.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        yield node.value[key].start_mark.line + 1, node.value[key]


def suggest_key(schema: dict[str, Any], keys: Sequence[object]) -> str:
    """The nearest key that is known where an unknown one stands, for the end of an error sentence.

    Parameters
    ----------
    schema : dict
        JSON Schema of what the file holds.
    keys : sequence of str or int
        Keys that lead to the unknown one, itself the last.
    """
    *above, unknown = keys
    places = [schema]
    for key in above:
        following = [inner for place in places for inner in _alternatives(schema, place) for inner in _below(inner, key)]
        places = following or places
    known = [name for place in places for one in _alternatives(schema, place) for name in one.get("properties", {})]
    return suggestion(str(unknown), known)


def _alternatives(schema: dict[str, Any], place: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in place:
        yield from _alternatives(schema, schema["$defs"][place["$ref"].rpartition("/")[2]])
    elif "anyOf" in place or "oneOf" in place:
        for one in place.get("anyOf", place.get("oneOf", ())):
            yield from _alternatives(schema, one)
    else:
        yield place


def _below(place: dict[str, Any], key: object) -> Iterator[dict[str, Any]]:
    if key in place.get("properties", {}):
        yield place["properties"][key]
    elif isinstance(place.get("additionalProperties"), dict):
        yield place["additionalProperties"]
    elif isinstance(place.get("items"), dict) and isinstance(key, int):
        yield place["items"]
