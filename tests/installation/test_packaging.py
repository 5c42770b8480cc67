"""The project as an installed package, and its notebooks in the tools that people open them with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.review.lint import sources

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("one environment")]

PAGE = "notebooks/general/patients.md"
OF_EACH_MODULE = """
import importlib, json, pkgutil, sys

sys.path.insert(0, sys.argv[1])
import analysis

names = ["analysis", *(found.name for found in pkgutil.walk_packages(analysis.__path__, "analysis."))]
print(json.dumps({name: importlib.import_module(name).__file__ for name in names}))
"""
BY_NBCLIENT = """
import nbformat, sys
from nbclient import NotebookClient
import jupytext

notebook = jupytext.read(sys.argv[1])
NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": "."}}).execute()
nbformat.write(notebook, sys.argv[2])
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """The tracked files in another place, which is no folder that Python looks in."""
    folder = tmp_path_factory.mktemp("clone") / "project"
    for name in sources.list_tracked(paths.ROOT):
        if not name.startswith(("tests/", ".")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(paths.ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(clone) -> Path:
    """The wheel, built as `pip install .` does."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
        clone.parent / "wheels",
        clone,
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=clone.parent)
    assert done.returncode == 0, done.stderr
    (found,) = (clone.parent / "wheels").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def environment(clone) -> Path:
    """An environment that set-up has put the clone into, with the packages of this one; its interpreter."""
    folder = clone.parent / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True
    ).stdout.strip()
    Path(site, "packages_of_the_tests.pth").write_text(
        "\n".join(dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))) + "\n"
    )
    lock = clone.parent / "lock.txt"
    lock.write_text("# nothing is required\n")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    done = run(["/bin/sh", clone / "analysis/set_up.sh", folder, lock, version, clone], clone.parent, PYTHON=str(python))
    assert done.returncode == 0, done.stdout + done.stderr
    return python


def run(command: list, folder: Path, **more: str) -> subprocess.CompletedProcess:
    """A command in the environment of somebody who has set nothing."""
    home = {"PATH": os.environ["PATH"], "HOME": str(folder), "JUPYTER_PLATFORM_DIRS": "1"}
    return subprocess.run(list(map(str, command)), cwd=folder, env=home | more, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_the_wheel_holds_every_module_and_each_can_be_imported(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {name for name in sources.list_tracked(paths.ROOT) if name.startswith("analysis/")}
    assert held == wanted
    done = run([sys.executable, "-I", "-c", OF_EACH_MODULE, tmp_path / "installed"], tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {Path(file).relative_to(tmp_path / "installed").as_posix() for file in found.values()} == {
        name for name in wanted if name.endswith(".py")
    }


def executed(file: Path) -> str:
    """What the cells of an executed notebook show."""
    notebook = nbformat.read(file, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not any(output.output_type == "error" for output in outputs)
    return json.dumps(outputs)


def test_a_source_runs_from_its_own_folder_as_editors_run_it(environment, clone, tmp_path):
    source = clone / PAGE
    done = run([environment, "-c", BY_NBCLIENT, source.name, tmp_path / "out.ipynb"], source.parent, HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "patients" in executed(tmp_path / "out.ipynb")


@pytest.mark.parametrize(
    ("folder", "source"), [(".", PAGE), ("notebooks/general", "patients.md"), ("notebooks/general", "./patients.md"), (".", "myst:" + PAGE)]
)
def test_plain_papermill_reads_a_source_from_any_folder(environment, clone, tmp_path, folder, source):
    command = [environment, "-m", "papermill", source, tmp_path / "out.ipynb", "--prepare-only", "-p", "level", "0.9"]
    done = run(command, clone / folder, HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    (given,) = [
        cell for cell in nbformat.read(tmp_path / "out.ipynb", as_version=4).cells if "injected-parameters" in cell.metadata.get("tags", ())
    ]
    assert given.source.endswith("level = 0.9\n")


def test_plain_papermill_executes_a_source_with_a_parameter(environment, clone, tmp_path):
    source = clone / "notebooks/general/survival.md"
    done = run(
        [environment, "-m", "papermill", source.name, tmp_path / "out.ipynb", "-p", "horizon", "24", "--no-progress-bar"],
        source.parent,
        HOME=str(tmp_path),
    )
    assert done.returncode == 0, done.stderr
    shown = executed(tmp_path / "out.ipynb")
    assert "<svg " in shown and "24 months" in shown and "36 months" not in shown


def test_plain_papermill_says_in_one_line_why_a_page_is_no_notebook(environment, clone, tmp_path):
    done = run([environment, "-m", "papermill", "README.md", tmp_path / "out.ipynb"], clone, HOME=str(tmp_path))
    assert done.returncode == 1
    assert "README.md: header: expected a kernelspec named python3" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.ipynb").exists()


def test_other_notebooks_are_read_as_before(environment, tmp_path):
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Words")]), tmp_path / "in.ipynb")
    done = run([environment, "-m", "papermill", "in.ipynb", "out.ipynb", "--prepare-only", "-k", "python3"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[0].source == "Words"


def test_a_clone_that_was_moved_is_installed_anew(environment, clone, tmp_path):
    copy = shutil.copytree(clone, tmp_path / "copy")
    folder, version = environment.parent.parent, f"{sys.version_info.major}.{sys.version_info.minor}"
    where = [environment, "-c", "import analysis; print(analysis.__file__)"]
    for place in (copy, clone):
        command = ["/bin/sh", place / "analysis/set_up.sh", folder, clone.parent / "lock.txt", version, place]
        assert run(command, tmp_path, PYTHON=str(environment)).returncode == 0
        assert Path(run(where, tmp_path).stdout.strip()).is_relative_to(place)
        assert run(command, tmp_path, PYTHON=str(environment)).stdout == ""
