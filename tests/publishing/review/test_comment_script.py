"""The script that comments on pull requests, run by node against a GitHub made up here."""

import json
import shutil
import subprocess

import pytest
import yaml

from analysis import paths
from analysis.publishing.review import report

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")

HARNESS = """
const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const done = [];
const context = { repo: { owner: 'us', repo: 'book' }, payload: { workflow_run: given.run } };
const core = { info: (text) => done.push(['info', text]), setFailed: (text) => done.push(['failed', text]) };
const github = {
  paginate: async (method, options) => given.comments,
  rest: {
    pulls: { list: async (options) => { done.push(['list', options.head]); return { data: given.pulls }; } },
    issues: {
      listComments: null,
      createComment: async (options) => done.push(['create', options.issue_number, options.body]),
      updateComment: async (options) => done.push(['update', options.comment_id, options.body]),
    },
  },
};
(async () => { %s })().then(() => console.log(JSON.stringify(done)));
"""
RUN = {"head_sha": "abcdef0123", "head_branch": "topic", "head_repository": {"owner": {"login": "stranger"}}}
PULL = {"number": 7, "head": {"sha": "abcdef0123"}}
TEXT = report.MARKER + "\n\n### Numbers\n\n| a |\n"


def run(folder, text=TEXT, pulls=(PULL,), comments=()):
    workflow = yaml.safe_load((paths.ROOT / ".github/workflows/comment.yml").read_text(encoding="utf-8"))
    script = workflow["jobs"]["comment"]["steps"][-1]["with"]["script"]
    (folder / "numbers").mkdir(exist_ok=True)
    (folder / "numbers/numbers.md").write_text(text, encoding="utf-8")
    (folder / "harness.js").write_text(HARNESS % script, encoding="utf-8")
    given = json.dumps({"run": RUN, "pulls": list(pulls), "comments": list(comments)})
    done = subprocess.run(["node", "harness.js"], cwd=folder, input=given, capture_output=True, text=True, check=True)
    listed, *rest = json.loads(done.stdout)
    assert listed == ["list", "stranger:topic"]
    return rest


def test_the_first_time_a_comment_is_made(tmp_path):
    ((what, number, body),) = run(tmp_path)
    assert (what, number) == ("create", 7)
    assert body.startswith(report.MARKER + "\n")
    assert "### Numbers" in body
    assert "From commit abcdef0" in body


def test_later_it_is_updated_and_nobody_elses_is_touched(tmp_path):
    others = [
        {"id": 1, "user": {"login": "stranger"}, "body": report.MARKER},
        {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "something else"},
        {"id": 3, "user": {"login": "github-actions[bot]"}, "body": report.MARKER + " old"},
    ]
    ((what, number, _),) = run(tmp_path, comments=others)
    assert (what, number) == ("update", 3)
    ((what, _, _),) = run(tmp_path, comments=others[:2])
    assert what == "create"


def test_a_pull_request_that_went_on_is_left_alone(tmp_path):
    assert run(tmp_path, pulls=[{"number": 7, "head": {"sha": "another"}}])[0][0] == "info"
    assert run(tmp_path, pulls=[])[0][0] == "info"


def test_a_strangers_text_makes_no_link_mention_picture_or_markup(tmp_path):
    nasty = "@all [x](https://evil.org) ![y](http://evil.org/a.png) <img src=x> <a href=x> www.evil.org [a][b]\n<details open>\n<summary>s</summary>\n</details>\n"
    ((_, _, body),) = run(tmp_path, text=report.MARKER + nasty)
    for raw in ("@all", "](", "][", "https:", "http:", "www.", "<img", "<a "):
        assert raw not in body, raw
    for kept in ("<details open>", "<summary>s</summary>", "</details>"):
        assert kept in body


def test_a_text_that_is_something_else_is_refused(tmp_path):
    assert run(tmp_path, text="hello")[0][0] == "failed"


def test_a_text_that_is_too_long_is_cut(tmp_path):
    ((_, _, body),) = run(tmp_path, text=report.MARKER + "x" * 100_000)
    assert len(body) < 65_536
