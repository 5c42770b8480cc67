"""Settings files that tools and GitHub read: each must parse, and say a thing once."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from analysis import paths
from analysis.errors import Fault

SUFFIXES = (".yml", ".yaml", ".cff", ".toml", ".json")


class _Once(yaml.SafeLoader):
    """Loader that refuses a key written twice, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def faults_of(path: Path) -> Iterator[Fault]:
    """Faults of one YAML, TOML or JSON file."""
    shown = paths.shorten_path(path)
    kind = {".toml": "TOML", ".json": "JSON"}.get(path.suffix, "YAML")
    try:
        _load(path)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "file"
        yield Fault(shown, place, kind, " ".join(str(getattr(error, "problem", None) or error).split()))
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        yield Fault(shown, "file", kind, " ".join(str(error).split()))


def _load(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return tomllib.loads(text)
    if path.suffix == ".json":
        return json.loads(text)
    return list(yaml.load_all(text, Loader=_Once))
