"""Every key of every YAML file of a study: what it holds, as the declarations themselves tell it; and JSON Schema of the same."""

from __future__ import annotations

import inspect
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from analysis.paths import DATA
from analysis.reconstruction.study_files import FILES, StudyFile

_ATTRIBUTES = re.compile(r"\nAttributes\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", re.DOTALL)
RECURRING = {
    "why": "Reason, in words", "where": "Condition on the patients", "when": "Condition", "then": "What those who meet it meet, too",
    "endpoint": "Endpoint of study.yml", "population": "Population of study.yml", "table": "Table of study.yml",
    "subset": "Condition that patients of the population meet", "statistic": "Registered statistic", "variable": "Variable of the table",
    "variables": "Variables of the table", "first": "Least, or the first of two", "last": "Greatest", "second": "The second of two",
    "at_least": "Least number", "at_most": "Greatest number", "what": "What is counted", "id": "Name that nothing else has",
    "text": "The sentence, or a reading of it", "outcome": "What came of it, in words", "gap": "Time between the two", "before": "Variable with the earlier time",
    "after": "Variable with the later time", "of": "What it is about", "key": "Variable that joins the rows", "count": "Variable with their number",
    "number": "Variable that numbers them", "copied": "Variables that are the same in both tables", "set_aside": "Rows that are not imposed, each with its reason",
    "kind": "Names this sort of entry",
}  # fmt: skip
"""What keys mean wherever a declaration says nothing else of them."""
SCHEMAS = DATA / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Key(NamedTuple):
    """A key of a YAML file.

    `path` joins keys by points, ``*`` standing for a name that the study chooses and ``[]`` for each entry of a list; `needed` is whether
    it must be there.
    """

    path: str
    kind: str
    needed: bool
    default: str
    meaning: str


def _first_sentence(kind: type) -> str:
    return _plain((inspect.getdoc(kind) or "").split("\n\n")[0]).removesuffix(".")


class _Described(GenerateJsonSchema):
    """Schema with what docstrings say of attributes."""

    def model_schema(self, schema: Any) -> Any:
        found = super().model_schema(schema)
        told = describe_attributes(schema["cls"])
        for name, value in found.get("properties", {}).items():
            value.pop("title", None)
            value["description"] = told.get(name) or RECURRING.get(name) or self._of_declared(schema["cls"].model_fields[name].annotation)
        found["description"] = _first_sentence(schema["cls"])
        return found

    def _of_declared(self, annotation: Any) -> str:
        """First sentence on the declaration that a key holds, alone or as an entry of a list or mapping."""
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return _first_sentence(annotation)
        return next(filter(None, map(self._of_declared, get_args(annotation))), "")


def make_schema(file: StudyFile) -> dict[str, Any]:
    """JSON Schema of a file, from which editors complete keys and show what they mean."""
    schema = _finite(TypeAdapter(file.kind).json_schema(schema_generator=_Described))
    rest = {key: value for key, value in schema.items() if key not in ("title", "description")}
    return {"$schema": DRAFT, "title": file.name, "description": file.meaning, **rest}


def write_schemas() -> list[Path]:
    """Write the schema of each file to the folder of schemas."""
    SCHEMAS.mkdir(exist_ok=True)
    written = []
    for file in FILES:
        path = SCHEMAS / f"{Path(file.name).stem}.json"
        path.write_text(as_text(file), encoding="utf-8")
        written.append(path)
    return written


def as_text(file: StudyFile) -> str:
    """Schema of a file as it is written."""
    return json.dumps(make_schema(file), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    """A schema without infinite defaults, which JSON does not have."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items() if not (isinstance(inner, float) and math.isinf(inner))}
    return [_finite(inner) for inner in value] if isinstance(value, list) else value


def describe_attributes(kind: type[BaseModel]) -> dict[str, str]:
    """What a declaration's docstring, or those of its bases, says of each attribute."""
    told: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        found = _ATTRIBUTES.search("\n" + inspect.cleandoc(one.__dict__.get("__doc__") or ""))
        names: list[str] = []
        for line in found[1].split("\n") if found else ():
            if line[:1].strip():
                listed, _, _ = line.partition(" : ")
                names = [name.strip() for name in listed.split(",")]
                told |= dict.fromkeys(names, "")
            elif line.strip():
                for name in names:
                    told[name] = f"{told[name]} {_plain(line)}".strip()
    return {name: text.removesuffix(".") for name, text in told.items() if text}


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split()).removesuffix(", optional")


def list_keys(file: StudyFile) -> list[Key]:
    """Keys of a file, those of an entry below it."""
    schema = make_schema(file)
    return list(_keys(schema, schema, ""))


def _keys(schema: dict[str, Any], place: dict[str, Any], path: str, above: tuple[str, ...] = ()) -> Iterator[Key]:
    for one in _alternatives(schema, place):
        needed = one.get("required", ())
        for name, value in one.get("properties", {}).items():
            key = f"{path}.{name}" if path else name
            yield Key(
                key,
                _kind(schema, value),
                name in needed,
                "" if "default" not in value else _show(value["default"]),
                value.get("description", ""),
            )
            yield from _inside(schema, value, key, above)
        if not one.get("properties"):
            yield from _inside(schema, one, path, above)


def _inside(schema: dict[str, Any], value: dict[str, Any], path: str, above: tuple[str, ...]) -> Iterator[Key]:
    """Keys of what a key holds: of a declaration, of each entry of a list, of each value of a mapping."""
    if "$ref" in value and value["$ref"] not in above:
        yield from _keys(schema, value, path, (*above, value["$ref"]))
    for one in (*value.get("anyOf", ()), *value.get("oneOf", ()), *value.get("allOf", ())):
        yield from _inside(schema, one, path, above)
    if isinstance(value.get("items"), dict):
        yield from _inside(schema, value["items"], f"{path}[]", above)
    if isinstance(value.get("additionalProperties"), dict):
        yield from _inside(schema, value["additionalProperties"], f"{path}.*" if path else "*", above)


def _alternatives(schema: dict[str, Any], place: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema["$defs"][place["$ref"].rpartition("/")[2]] if "$ref" in place else place


def _kind(schema: dict[str, Any], value: dict[str, Any]) -> str:
    """Kind of a value in a few words."""
    if "$ref" in value:
        return "keys below"
    if "anyOf" in value or "oneOf" in value:
        return " or ".join(
            dict.fromkeys(_kind(schema, one) for one in (*value.get("anyOf", ()), *value.get("oneOf", ())) if one.get("type") != "null")
        )
    if "enum" in value or "const" in value:
        return " | ".join(map(str, value.get("enum", [value.get("const")])))
    if value.get("type") == "array":
        inner = value.get("items")
        return (
            f"list of {_kind(schema, inner)}"
            if isinstance(inner, dict)
            else f"list of {value.get('minItems', '')} values".replace("  ", " ")
        )
    if value.get("type") == "object":
        inner = value.get("additionalProperties")
        return f"names with {_kind(schema, inner)}" if isinstance(inner, dict) else "names with anything"
    return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}.get(
        value.get("type", ""), "anything"
    )


def _show(default: Any) -> str:
    return "" if default in (None, "", [], {}, ()) else str(default).lower() if isinstance(default, bool) else str(default)
