"""Reading YAML declarations into typed models, every fault of a file at once."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from analysis.cohorts.yaml_slips import explain_value, explain_yaml, find_line, suggest_key
from analysis.errors import Fault, InputError
from analysis.paths import shorten_path

Model = TypeVar("Model")


class Declaration(BaseModel):
    """Base of everything declared in YAML: unknown keys are faults, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


if TYPE_CHECKING:
    from yaml import SafeLoader as SAFE_LOADER
else:
    #: Safe loader, of the compiled kind where the library has it, which takes a tenth of the time.
    SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


LARGEST = 1024**2
"""Bytes beyond which no file of declarations is read."""


class _UniqueKeys(SAFE_LOADER):
    """Loader that refuses a key written twice (YAML keeps the last one silently)."""


def unique_mapping(loader: yaml.BaseLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    """Constructor of a mapping, for a loader that is to refuse a key written twice."""
    seen: dict[Any, int] = {}
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key that is no single word", key_node.start_mark)
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"key {key!r} a second time (first on line {seen[key]})", key_node.start_mark
            )
        seen[key] = key_node.start_mark.line + 1
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, unique_mapping)


def load_yaml(path: Path, loader: type = _UniqueKeys, largest: int = LARGEST) -> Any:
    """Content of a YAML file.

    Parameters
    ----------
    path : Path
    loader : type, optional
        A YAML loader in place of the usual one, which knows numbers and truth values.
    largest : int
        Bytes beyond which a file is refused.

    Raises
    ------
    InputError
        If the file is missing, no ordinary small file, not UTF-8, not YAML, or writes a key twice.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise InputError(
                Fault(shorten_path(path), "file", "a YAML file", "a folder" if stat.S_ISDIR(about.st_mode) else "a device or pipe")
            )
        if about.st_size > largest:
            raise InputError(Fault(shorten_path(path), "file", f"a YAML file of at most {largest // 1024} kB", "a larger one"))
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(Fault(shorten_path(path), "file", "a YAML file", "no such file")) from None
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise InputError(Fault(shorten_path(path), f"byte {error.start}", "UTF-8 text", "other bytes")) from None
        raise InputError(Fault(shorten_path(path), "file", "a YAML file", "a file that cannot be opened")) from None
    try:
        return yaml.load(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}" if mark else "file"
        raise InputError(Fault(shorten_path(path), place, "valid YAML", explain_yaml(error.problem or "something else"))) from None
    except (yaml.YAMLError, RecursionError):  # signs that YAML does not allow, or nesting without end
        raise InputError(Fault(shorten_path(path), "file", "valid YAML", "something else")) from None


def validate_content(kind: type[Model] | Any, content: Any, path: Path) -> Model:
    """Content as an instance of a typed model.

    Parameters
    ----------
    kind : type
        A `Declaration`, or any type that pydantic understands (e.g. ``list[Finding]``).
    content : object
        What `load_yaml` returned.
    path : Path
        Named in the faults.

    Raises
    ------
    InputError
        With one fault for every key that is missing, unknown or of the wrong type.
    """
    adapter = TypeAdapter(kind)
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        raise InputError(_fault(adapter, item, path) for item in error.errors()) from None


def _fault(adapter: TypeAdapter[Any], item: ErrorDetails, path: Path) -> Fault:
    expected, found = _describe_expected(item), _describe_found(item["input"])
    if item["type"] == "extra_forbidden":
        found = f"{item['loc'][-1]!r}{suggest_key(adapter.json_schema(), item['loc'])}"
    else:
        found += explain_value(item["input"], expected)
    line = find_line(path, item["loc"])
    place = ".".join(map(str, item["loc"])) or "file"
    return Fault(shorten_path(path), f"{place}, line {line}" if line and item["loc"] else place, expected, found)


def _describe_expected(item: ErrorDetails) -> str:
    message = item["msg"].removeprefix("Value error, ")
    return {
        "missing": "this key",
        "extra_forbidden": "no such key",
    }.get(item["type"], message[:1].lower() + message[1:])


def _describe_found(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
