"""Writing generated files so that nothing a person changed is lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from analysis import paths
from analysis.errors import Fault

RECORD = "generated.json"
"""File of a study's folder of pages: digests of the files that were generated, as they were written."""


class Written(NamedTuple):
    """What became of generated files, by their paths.

    Attributes
    ----------
    new, renewed, kept : list of str
        Written for the first time; written anew, as nobody had changed them; left as a person changed them, where the
        declarations ask for nothing else than before.
    refused : list of Fault
        Changed by a person, where the declarations now ask for something else.
    left_over : list of str
        Written earlier, and asked for by no declaration any more.
    """

    new: list[str]
    renewed: list[str]
    kept: list[str]
    refused: list[Fault]
    left_over: list[str]


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def write_generated(record: Path, wanted: Mapping[Path, str]) -> Written:
    """Write what is generated, but over nothing that a person wrote.

    Parameters
    ----------
    record : Path
        The file that remembers what was written.
    wanted : mapping of Path to str
        Texts by file.
    """
    known = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    result = Written([], [], [], [], [])
    for path, text in wanted.items():
        name, new = paths.shorten_path(path), digest(text)
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            result.new.append(name)
        else:
            present = digest(path.read_text(encoding="utf-8"))
            if present != new and present == known.get(name):
                path.write_text(text, encoding="utf-8")
                result.renewed.append(name)
            elif present != new and known.get(name) != new:
                expected = "the file as this command wrote it, which the declarations now ask to be written anew: move it away, run again, and put your changes into the new one"
                result.refused.append(Fault(name, "file", expected, "one that has been edited"))
                continue
            elif present != new:
                result.kept.append(name)
        known[name] = new
    asked = {paths.shorten_path(path) for path in wanted}
    result.left_over.extend(name for name in sorted(known) if name not in asked and (record.parent / Path(name).name).is_file())
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return result
