"""Schemas say of every key what it means, are as fresh as the code, and accept the studies' files and refuse faulty ones."""

import json

import jsonschema
import pytest
import yaml

from analysis import cli, paths
from analysis.reconstruction import declared_keys
from analysis.reconstruction.declared_keys import SCHEMAS, as_text, list_keys, make_schema
from analysis.reconstruction.study_files import FILES

WRITTEN = [(study, file) for study in paths.studies() for file in FILES if (paths.DATA / study / file.name).is_file()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_committed_schema_is_what_the_code_declares(file):
    assert (SCHEMAS / f"{file.name.removesuffix('.yml')}.json").read_text(encoding="utf-8") == as_text(file), (
        "stale: python -m analysis schemas"
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_key_says_what_it_means(file):
    assert [key.path for key in list_keys(file) if not key.meaning] == []


@pytest.mark.parametrize(("study", "file"), WRITTEN, ids=lambda one: getattr(one, "name", one))
def test_a_studys_file_is_valid_and_names_its_schema(study, file):
    text = (paths.DATA / study / file.name).read_text(encoding="utf-8")
    jsonschema.validate(yaml.safe_load(text), make_schema(file))
    first = text.splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (paths.DATA / study / first.partition("=")[2]).resolve() == SCHEMAS / f"{file.name.removesuffix('.yml')}.json"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("study.yml", {"study": "x"}),
        ("findings.yml", [{"id": "a", "titel": "x"}]),
        ("tables.yml", {"t1": {"source": "Table 1", "caption": "x", "columns": [], "rows": []}}),
        ("briefs.yml", {"pages": {"survival": {"paper": "x"}}}),
    ],
)
def test_a_faulty_file_is_refused(file, content):
    schema = make_schema(next(one for one in FILES if one.name == file))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)


def test_the_command_writes_all_schemas_as_plain_json(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(declared_keys, "SCHEMAS", tmp_path / "schemas")
    assert cli.main(["schemas"]) == 0
    written = sorted((tmp_path / "schemas").glob("*.json"))
    assert [path.stem for path in written] == sorted(file.name.removesuffix(".yml") for file in FILES)
    for path in written:
        json.loads(path.read_text(), parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
