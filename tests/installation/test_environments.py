"""What tools read that make an environment of a clone: JupyterLab, containers, Binder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest

from analysis import paths
from analysis.review.lint import settings, sources

SUPPORTED = re.search(r"^SUPPORTED := (.+)$", (paths.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE).group(1).split()


def test_a_container_is_made_from_a_file_that_is_there_and_sets_itself_up():
    declared = json.loads((paths.ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    made_from = (paths.ROOT / ".devcontainer" / declared["build"]["dockerfile"]).read_text(encoding="utf-8")
    assert re.findall(r"^([A-Z]+) ", made_from, re.MULTILINE) == ["FROM", "RUN"]
    for package in ("make", "git", "python3-venv", "r-cran-survival", "r-cran-cmprsk", "chromium"):
        assert re.search(rf"[ ]{package}[ \n]", made_from), package
    assert declared["postCreateCommand"] == "make setup"
    editor = declared["customizations"]["vscode"]
    assert editor["settings"]["python.defaultInterpreterPath"].endswith("/.venv/bin/python")
    assert all(re.fullmatch(r"[a-z-]+\.[a-z-]+", name) for name in editor["extensions"])


def test_binder_installs_the_lock_on_a_supported_python():
    folder = paths.ROOT / ".binder"
    assert (folder / "runtime.txt").read_text().strip().removeprefix("python-") in SUPPORTED
    (line,) = (folder / "requirements.txt").read_text().splitlines()
    assert (folder / line.removeprefix("-r ")).resolve() == paths.ROOT / "requirements.txt"


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_scripts_of_binder_are_sound_and_can_be_run(name):
    script = paths.ROOT / ".binder" / name
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], capture_output=True).returncode == 0


def test_binder_starts_what_it_is_given_with_the_settings_of_the_project():
    done = subprocess.run(
        [paths.ROOT / ".binder/start", "sh", "-c", 'echo "$JUPYTER_PATH $JUPYTER_CONFIG_PATH"'],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.stdout.strip() == f"{paths.ROOT / '.jupyter'} {paths.ROOT / '.jupyter'}"


@pytest.mark.slow
def test_jupyterlab_opens_markdown_as_notebooks(tmp_path):
    from jupytext_config.labconfig import LabConfig

    file = paths.ROOT / ".jupyter/labconfig/default_setting_overrides.json"
    of_jupytext = LabConfig(settings_file=tmp_path / "none").set_default_viewers(["markdown", "myst"])
    assert LabConfig(settings_file=file).read().get_viewers() == of_jupytext.get_viewers()


def test_make_lab_finds_these_settings():
    done = subprocess.run(["make", "--dry-run", "lab"], cwd=paths.ROOT, capture_output=True, text=True, check=True)
    place = paths.ROOT / ".jupyter"
    assert f'JUPYTER_PATH="{place}" JUPYTER_CONFIG_PATH="{place}" .venv/bin/python -m jupyterlab' in done.stdout


@pytest.mark.slow
def test_what_jupyterlab_saves_is_the_source_as_it_was(tmp_path):
    """As edited from the top of the repository, with the kernel that `make lab` offers, outputs and an editor's marks."""
    manager = pytest.importorskip("jupyter_server.services.contents.largefilemanager")
    from jupytext.sync_contentsmanager import build_sync_jupytext_contents_manager_class as build

    kernel = json.loads((paths.ROOT / ".jupyter/kernels/python3/kernel.json").read_text())
    shutil.copy(paths.ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(paths.NOTEBOOKS / "general", tmp_path / "notebooks/general")
    contents = build(manager.LargeFileManager)(root_dir=str(tmp_path))
    for source in sorted((tmp_path / "notebooks/general").glob("*.md")):
        before, address = source.read_text(), source.relative_to(tmp_path).as_posix()
        model = contents.get(address, type="notebook")
        metadata = {
            "kernelspec": {"display_name": kernel["display_name"], "language": kernel["language"], "name": "python3"},
            "language_info": {"name": "python", "version": "3.13.0"},
        }
        model["content"]["metadata"] |= metadata
        for cell in model["content"]["cells"]:
            if cell["cell_type"] == "code":
                cell["metadata"]["trusted"] = True
                cell |= {"execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": "words"}]}
        contents.save({"type": "notebook", "format": "json", "content": model["content"]}, address)
        assert source.read_text() == before


def test_files_of_editors_are_checked_as_settings_and_their_checkpoints_ignored():
    names = sources.list_tracked(paths.ROOT)
    assert {".devcontainer/devcontainer.json", ".jupyter/labconfig/default_setting_overrides.json"} <= {
        name for name in names if name.endswith(settings.SUFFIXES)
    }
    assert ".ipynb_checkpoints/" in (paths.ROOT / ".gitignore").read_text().splitlines()
