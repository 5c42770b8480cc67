"""A slip in a YAML file is told with its line, with what usually causes it, and with the key that was meant."""

import pytest

from analysis.cohorts.declarations import load_yaml, validate_content
from analysis.cohorts.study import Study, read_study
from analysis.errors import InputError


def fault(path):
    with pytest.raises(InputError) as caught:
        load_yaml(path)
    (found,) = caught.value.faults
    return found


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a: 1\n\tb: 2\n", 2, "a tab: indent by blanks"),
        ("a: 1\nlabel: Survival: overall\n", 2, "a colon inside a text"),
        ("a: 1\nb: %\n", 2, "a text that begins with a special character of YAML: put it into quotes"),
        ("a: 1\nb: @home\n", 2, "a text that begins with a special character of YAML: put it into quotes"),
        ("a: 'open\nb: 2\n", 3, "a quotation mark that is not closed"),
        ("a: {b: 1, c: 2\nd: 3\n", 2, "a comma or brace missing"),
        ("a:\n  b: 1\n c: 2\n", 3, "indentation: keys of one level begin in one column"),
        ("a: *star\n", 1, "a text that begins with * or &: put it into quotes"),
        ("a: !bang 1\n", 1, "a text that begins with !: put it into quotes"),
        ("a: 1\na: 2\n", 2, "key 'a' a second time (first on line 1)"),
    ],
)
def test_a_slip_is_told_with_its_line_and_usual_cause(tmp_path, text, line, hint):
    path = tmp_path / "study.yml"
    path.write_text(text)
    found = fault(path)
    assert hint in found.found and found.place.startswith("line ")
    assert not found.found.startswith("found ")
    assert abs(int(found.place.split()[1]) - line) <= 1, found


def edited(study_folder, old, new):
    """Faults of the made-up study after an edit, and the line of the edit."""
    path = study_folder / "study.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_study(study_folder)
    return caught.value.faults, text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("label: Made up", "lable: Made up", "'lable' (did you mean 'label'?)"),
        ("    event: died", "    evnt: died", "'evnt' (did you mean 'event'?)"),
        ("where: arm=A", "were: arm=A", "'were' (did you mean 'where'?)"),
        ("      unit: years", "      units: years", "'units' (did you mean 'unit'?)"),
    ],
)
def test_an_unknown_key_is_told_with_its_line_and_the_known_one(study_folder, old, new, said):
    faults, line = edited(study_folder, old, new)
    (found,) = [one for one in faults if one.expected == "no such key"]
    assert found.found == said and found.place.endswith(f", line {line}")


def test_every_unknown_key_is_among_the_faults(study_folder):
    path = study_folder / "study.yml"
    path.write_text(path.read_text().replace("where: arm=A", "were: arm=A").replace("      unit: years", "      units: years"))
    with pytest.raises(InputError) as caught:
        read_study(study_folder)
    assert {one.found for one in caught.value.faults} == {"'were' (did you mean 'where'?)", "'units' (did you mean 'unit'?)"}


def test_truth_values_and_numbers_in_place_of_words_say_that_quotes_are_missing(study_folder):
    (found,), line = edited(study_folder, "- I\n", "- yes\n")
    assert found.found == "True (yes, no, on, off are truth values of YAML: put the word into quotes)" and f"line {line}" in found.place
    with pytest.raises(InputError, match=r"found 2024 \(put it into quotes\)"):
        validate_content(Study, load_yaml(study_folder / "study.yml") | {"title": 2024}, study_folder / "study.yml")
