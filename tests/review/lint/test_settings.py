"""Settings files parse, and say a thing once."""

import pytest

from analysis.review.lint.settings import faults_of


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yml", "a: 1\nb: [1, 2\n", "line 3: expected YAML"),
        ("a.yml", "a: 1\nb: 2\na: 3\n", "line 3: expected YAML; found the key 'a' twice"),
        ("a.cff", "a:\n\t- b\n", "line 2: expected YAML"),
        ("a.toml", "a = \n", "file: expected TOML"),
        ("a.toml", "a = 1\na = 2\n", "file: expected TOML"),
        ("a.json", "{,}", "file: expected JSON"),
    ],
)
def test_faults_have_a_place(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text)
    (fault,) = faults_of(path)
    assert f"{name}: {said}" in str(fault)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yml", "a: 1\n---\nb: {c: 1, d: 1}\n"), ("a.toml", "a = 1\n"), ("a.json", "{}"), ("a.yml", "a: &x {b: 1}\nc: {<<: *x, b: 2}\n")],
)
def test_sound_files_pass(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    assert list(faults_of(path)) == []
