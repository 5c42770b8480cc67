"""A notebook executed by plain papermill obeys its parameters, or refuses them in one clear line."""

from __future__ import annotations

import jupytext
import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from analysis import paths
from analysis.book.execution.kernel import ProjectKernelSpecManager  # noqa: F401  (the kernel that the set-up installs)

pytestmark = pytest.mark.slow

SECTIONS = """
page.sentence.log_rank("Test")
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Execute the comparison page's opening and one section as a person with papermill would."""
    source = jupytext.read(paths.NOTEBOOKS / "general" / "comparison.md")
    source.cells = [cell for cell in source.cells if cell.cell_type == "code"][:3]
    nbformat.write(source, tmp_path / "in.ipynb")
    monkeypatch.chdir(paths.ROOT)
    monkeypatch.setenv("PYTHONPATH", str(paths.ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))

    def execute(**values):
        done = papermill.execute_notebook(
            str(tmp_path / "in.ipynb"), str(tmp_path / "out.ipynb"), values, kernel_name="python3", progress_bar=False, log_output=False
        )
        return "".join(
            output["data"].get("text/plain", "") + output["data"].get("text/html", "")
            for cell in done.cells
            for output in cell.outputs
            if "data" in output
        )

    return execute


def test_what_plain_papermill_is_given_is_obeyed(run):
    shown = run(where="cytogenetic_risk=Adverse", grouping="arm", horizon=12, censor_at=24)
    assert "cytogenetic_risk=Adverse" in shown and "end at 12 months" in shown and "censored 24 months" in shown


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"horizon": 601}, "horizon"),
        # which values a page refuses, and in which words, the tests of parameters say
        *(
            pytest.param({name: value}, name, marks=pytest.mark.thorough)
            for name, value in (("seed", 3), ("horizn", 3), ("where", "armm=CLAG"))
        ),
    ],
)
def test_what_it_does_not_take_is_refused_in_one_line_before_anything_is_shown(run, values, message):
    with pytest.raises(PapermillExecutionError) as caught:
        run(**values)
    assert f"parameter {message}: expected" in caught.value.evalue and "\n" not in caught.value.evalue
    assert "File " not in str(caught.value)
