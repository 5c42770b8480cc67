"""Sentences of the published notebooks follow from the cohort: with arms swapped or outcomes flipped they turn round."""

import re
import sys

import jupytext
import pandas as pd
import pytest

from analysis import paths
from analysis.pages import page as published

#: Methods whose result is a sentence; everything else on a page is left out here.
SENTENCES = ("shares", "hazards", "odds", "switch_statement", "proportionality_statement")
PLAIN = ("opened", "own", "landmark", "horizon", "level", "ids")
PERCENT = re.compile(r": ([\d.]+)% with (.+?) and ([\d.]+)% with (.+?) \((?:P [=<] ([\d.]+)|no P value)\)")
NOBODY = re.compile(r"No .+? was seen with (.+?) while both groups")
RATIO = re.compile(
    r"(?:was|were) ([\d.]+) times (?:that|those) with(?:out)?.*?\([\d.]+% interval ([\d.]+) to ([\d.]+); (?:[\w -]*P [=<] ([\d.]+)|no P value)\): (.*?)(?:[.;]|$)"
)
NOTEBOOKS = [
    path
    for path in sorted(paths.NOTEBOOKS.glob("*/*.md"))
    if any(f".{name}(" in path.read_text() for name in SENTENCES) and path.parent.name in paths.studies()
]


class Heard:
    """A page of which only the sentences are made, and kept."""

    said: list

    def __init__(self):
        self.page = eval("made()", sys._getframe(1).f_globals | {"made": published_page})  # where the notebook's parameters stand

    def __getattr__(self, name):
        if name in PLAIN:
            return getattr(self.page, name)
        if name not in SENTENCES:
            return lambda *arguments, **named: None

        def heard(*arguments, **named):
            self.said.append(str(getattr(self.page, name)(*arguments, **named)))

        return heard


published_page = published.Page


def sentences(source, cohort, monkeypatch):
    """What a notebook says of a cohort, its code cells run one after the other."""
    Heard.said = []
    monkeypatch.setattr(published, "Page", Heard)
    namespace = {}
    for cell in jupytext.read(source).cells:
        if cell.cell_type == "code":
            code = cell.source if "myst_nb" not in cell.source else ""
            exec(code, namespace)
            if "parameters" in cell.metadata.get("tags", []):
                namespace["cohort"] = cohort
    return list(Heard.said)


@pytest.fixture
def changed(tmp_path):
    """Writes a study's reference cohort, changed, as a reader's own."""

    def write(study, change=lambda frame: frame):
        frame = pd.read_csv(paths.study_folder(study) / "cohort.csv", comment="#", dtype=str, keep_default_na=False)
        path = tmp_path / f"{study}.csv"
        change(frame).to_csv(path, index=False)
        return path

    return write


def flipped(frame):
    """Deaths and survivors change places: events of survival where there were none."""
    return frame.assign(died=frame["died"].map({"0": "1", "1": "0"}))


def swapped(frame):
    one, other = sorted(set(frame["arm"]))
    return frame.assign(arm=frame["arm"].map({one: other, other: one}))


def name(path):
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("change", [lambda frame: frame, flipped], ids=["as it is", "outcome flipped"])
@pytest.mark.parametrize("source", NOTEBOOKS, ids=name)
def test_each_sentence_says_what_its_numbers_say(source, change, changed, monkeypatch):
    said = sentences(source, changed(source.parent.name, change), monkeypatch)
    assert said
    for text in said:
        for one, first, other, _, p in PERCENT.findall(text):
            told = text.split(");", 1)[1]
            significant = p and float(p) < 0.05
            assert ("no evidence" in told) != bool(significant), text
            if significant:
                assert (f"higher with {first}" in told) == (float(one) > float(other)), text
        for ratio, _, _, p, told in RATIO.findall(text):
            significant = p and float(p) < 0.05
            assert ("no evidence" in told) != bool(significant), text
            if significant:
                assert ("higher" in told) == (float(ratio) > 1) and ("lower" in told) == (float(ratio) < 1), text


@pytest.mark.parametrize("source", [path for path in NOTEBOOKS if path.parent.name == "dac_clag"], ids=name)
def test_swapping_the_arms_swaps_every_comparison_of_them(source, changed, monkeypatch):
    study = source.parent.name
    straight, turned = (sentences(source, changed(study, change), monkeypatch) for change in (lambda frame: frame, swapped))
    compared = 0
    for before, after in zip(straight, turned, strict=True):
        for (one, first, other, *_), (new_one, new_first, new_other, *_) in zip(
            PERCENT.findall(before), PERCENT.findall(after), strict=True
        ):
            if {first, new_first} == {"DAC-CLAG"}:
                assert (one, other) == (new_other, new_one)
                compared += 1
        for nobody, new_nobody in zip(NOBODY.findall(before), NOBODY.findall(after), strict=True):
            assert {nobody, new_nobody} == {"DAC-CLAG", "CLAG"}
            compared += 1
        if "DAC-CLAG" in before:
            for (ratio, *_), (turned_ratio, *_) in zip(RATIO.findall(before), RATIO.findall(after), strict=True):
                assert float(ratio) * float(turned_ratio) == pytest.approx(1, abs=0.03)
                compared += 1
    assert compared or not any("DAC-CLAG" in text and "does not apply" not in text for text in straight)
