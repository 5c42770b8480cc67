"""Marked labels, times and ages of a reader's own cohort are searched for in everything that any notebook would show of it.

The cells run in this process, one notebook after the other, and every output is searched in every form
that it has, downloads and pictures included.  `test_privacy` does the same on finished pages.
"""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote

import jupytext
import numpy as np
import pandas as pd
import pytest
import yaml
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from analysis import paths
from analysis.cohorts.study import read_study
from tests.conftest import one_study_of_each_page

pytestmark = pytest.mark.slow

SITE, LABEL = "St-Marzipan-Spital", "Brunhilde-Xanthippe"
SOURCES = [
    path.relative_to(paths.ROOT).as_posix()
    for path in sorted(paths.NOTEBOOKS.glob("*/*.md"))
    if re.search("^cohort = None$", path.read_text(), re.MULTILINE)
]
NUMBER = re.compile(r"\d+\.\d+")
DATA = re.compile(r"data:[\w/+;=-]*?(;base64)?,([^\"'\s>]+)")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """By study, a cohort file whose labels, times and ages can be recognised, and the marks."""
    made = {}

    def plant(slug):
        if slug not in made:
            made[slug] = write(slug, tmp_path_factory.mktemp(SITE))
        return made[slug]

    return plant


def write(slug, folder, copies=4):
    """The reconstructed cohort several times over, each row with times and an age of its own."""
    study, draw = read_study(slug), np.random.default_rng(5)
    declared = study.variables["cohort"]
    table = pd.read_csv(study.folder / "cohort.csv", comment="#", keep_default_na=False, dtype=str)
    table = pd.concat([table] * copies, ignore_index=True)
    marks = set()
    stretch = draw.uniform(0.55, 0.95, len(table))
    for name, variable in declared.items():
        if name not in table:
            continue
        if variable.type == "id":
            table[name] = [f"{LABEL}-{value}-{number}" for number, value in enumerate(table[name])]
        if variable.type == "number" and variable.unit == "months":
            times = np.round(pd.to_numeric(table[name]) * stretch, 4) + 0.00007
            table[name] = times.map(lambda value: "" if np.isnan(value) else f"{value:.5f}")
            marks |= {f"{value:.{digits}f}" for value in times.dropna() if value > 1 for digits in (3, 4, 5)}
    (age,) = [name for name in declared if name.startswith("age_") and declared[name].type == "integer"]
    other = {"months": "years", "years": "months"}[declared[age].unit]
    factor = {"years": 1 / 12, "months": 12}[other]
    given = np.round((pd.to_numeric(table[age]) + 0.3) * factor, 2) + np.round(draw.uniform(0.00101, 0.00999, len(table)), 5)
    table["Alter"] = given.map(lambda value: f"{value:.5f}")
    marks |= {f"{value:.{digits}f}" for value in given if value > 1 for digits in (3, 4, 5)}
    file = folder / f"{LABEL}.csv"
    table.drop(columns=age).to_csv(file, index=False)
    columns = {age: {"column": "Alter", "unit": other}}
    file.with_name(f"{LABEL}.mapping.yml").write_text(yaml.safe_dump({"study": slug, "columns": columns}))
    return file, marks


def shown(source, **values) -> str:
    """All that a notebook shows under parameters, as one text."""
    shell, texts = InteractiveShell(), []
    try:
        for cell in jupytext.read(source).cells:
            if cell.cell_type != "code":
                continue
            with capture_output() as caught:
                result = shell.run_cell(cell.source)
            result.raise_error()
            if "parameters" in cell.metadata.get("tags", []):
                shell.push(values)
            texts += [caught.stdout, caught.stderr, *(str(output.data) + str(output.metadata) for output in caught.outputs)]
            if result.result is not None:
                texts += [str(part) for part in shell.display_formatter.format(result.result)]
    finally:
        shell.restore_sys_module_state()
    text = "\n".join(texts)
    return text + "\n".join(
        base64.b64decode(unquote(body)).decode("utf-8", "replace") if coded else unquote(body) for coded, body in DATA.findall(text)
    )


def found(text, marks, folder) -> set[str]:
    return (set(NUMBER.findall(text)) & marks) | {word for word in (LABEL, SITE, str(folder)) if word in text}


@pytest.mark.parametrize("name", one_study_of_each_page(SOURCES))
def test_no_planted_value_is_shown_by_any_notebook(name, planted):
    source = paths.ROOT / name
    slugs = [source.parent.name] if source.parent.name in paths.studies() else paths.studies()
    for slug in slugs:
        file, marks = planted(slug)
        values = {"study": slug, "cohort": str(file)}
        if slug != source.parent.name:
            groups = [name for name, one in read_study(slug).variables["cohort"].items() if one.type in ("category", "boolean")]
            values["grouping"] = groups[0]
            values["compare"] = slug == paths.studies()[0]
        text = shown(source, **values)
        assert len(text) > 500
        assert found(text, marks, file.parent) == set()


def test_the_search_finds_what_local_use_shows(planted):
    file, marks = planted("nopho_rd")
    text = shown(paths.NOTEBOOKS / "general" / "survival.md", study="nopho_rd", cohort=str(file), grouping="sex", disclosure="local")
    assert len(found(text, marks, file.parent)) > 20
