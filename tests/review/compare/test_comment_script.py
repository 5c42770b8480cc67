"""The script that comments on pull requests, run by node against a GitHub made up here."""

import json
import shutil
import subprocess

import pytest
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from analysis import paths
from analysis.review.compare import report

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")

HARNESS = """
const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const done = [];
const context = { repo: { owner: 'us', repo: 'book' }, payload: { workflow_run: given.run, repository: { html_url: 'https://github.com/us/book' } } };
const core = { info: (text) => done.push(['info', text]), setFailed: (text) => done.push(['failed', text]) };
const github = {
  paginate: async (method, options) => given.comments,
  rest: {
    actions: {
      listWorkflowRuns: async (options) => ({ data: { workflow_runs: given.books.filter((one) => one.sha === options.head_sha) } }),
      listWorkflowRunArtifacts: async (options) => ({ data: { artifacts: given.kept } }),
    },
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
RUN = {"id": 5, "head_sha": "abcdef0123", "head_branch": "topic", "head_repository": {"owner": {"login": "stranger"}}}
PULL = {"number": 7, "head": {"sha": "abcdef0123"}}
BOOK = {"id": 6, "sha": "abcdef0123"}
TEXT = "From a\nto   b\n\nScoreboard\n"


def run(folder, text=TEXT, pulls=(PULL,), comments=(), books=(BOOK,), kept=({"id": 8},)):
    workflow = yaml.safe_load((paths.ROOT / ".github/workflows/comment.yml").read_text(encoding="utf-8"))
    script = workflow["jobs"]["comment"]["steps"][-1]["with"]["script"]
    (folder / "numbers").mkdir(exist_ok=True)
    (folder / "numbers/numbers.txt").write_text(text, encoding="utf-8")
    (folder / "harness.js").write_text(HARNESS % script, encoding="utf-8")
    given = json.dumps({"run": RUN, "pulls": list(pulls), "comments": list(comments), "books": list(books), "kept": list(kept)})
    done = subprocess.run(["node", "harness.js"], cwd=folder, input=given, capture_output=True, text=True, check=True)
    listed, *rest = json.loads(done.stdout)
    assert listed == ["list", "stranger:topic"]
    return rest


def rendered(body):
    """The comment as CommonMark shows it."""
    return BeautifulSoup(MarkdownIt("commonmark").render(body), "html.parser")


def test_the_first_time_a_comment_is_made(tmp_path):
    ((what, number, body),) = run(tmp_path)
    assert (what, number) == ("create", 7)
    assert body.startswith(report.MARKER + "\n")
    assert rendered(body).select_one("pre").text == TEXT
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


NASTY = [
    "@all", "[x](https://evil.org)", "![y](http://evil.org/a.png)", "<img src=x>", "<a href=x>", "www.evil.org", "[a][b]", "[b]: https://evil.org", "[b]", "![b]", "#12", "us/book#12", "abcdef0123",
    "https://evil.org", "<https://evil.org>", "evil@evil.org", "```", "``````", "~~~", "</pre>", "</details>", "<!--", "    ```", "> ```", "- ```", "\r```\r",
]  # fmt: skip


def test_a_strangers_text_makes_no_link_mention_picture_or_markup(tmp_path):
    ((_, _, body),) = run(tmp_path, text=TEXT + "\n".join(NASTY) + "\n")
    page = rendered(body)
    (block,) = page.select("pre")
    assert block.text == TEXT + "\n".join(NASTY).replace("\r", "") + "\n"
    block.decompose()
    assert [link["href"].removeprefix("https://github.com/us/book/actions/runs/") for link in page.select("a")] == ["6/artifacts/8", "5"]
    assert "evil" not in str(page) and not page.select("img")


@pytest.mark.parametrize("ticks", [2, 3, 4, 9])
def test_the_fence_is_longer_than_any_in_the_text(tmp_path, ticks):
    ((_, _, body),) = run(tmp_path, text=TEXT + "`" * ticks + "\n")
    assert "\n" + "`" * max(3, ticks + 1) + "text\n" in body


def test_the_book_of_the_commit_is_led_to_as_far_as_it_is(tmp_path):
    ((_, _, made),) = run(tmp_path)
    assert "(https://github.com/us/book/actions/runs/6/artifacts/8)" in made and "`notebooks/<study>/audit.html#<id>`" in made
    ((_, _, at_work),) = run(tmp_path, kept=())
    assert "(https://github.com/us/book/actions/runs/6)" in at_work
    ((_, _, other),) = run(tmp_path, books=[{"id": 6, "sha": "another"}])
    assert "has not been built" in other and "runs/6" not in other


def test_a_text_that_is_something_else_is_refused(tmp_path):
    assert run(tmp_path, text="hello")[0][0] == "failed"


def test_a_text_that_is_too_long_is_cut(tmp_path):
    ((_, _, body),) = run(tmp_path, text=TEXT + "x" * 100_000)
    assert len(body) < 65_536


def test_a_long_list_is_cut_at_a_line_and_says_so(tmp_path):
    ((_, _, body),) = run(tmp_path, text=TEXT + "".join(f"line {number}\n" for number in range(20_000)))
    *kept, last = rendered(body).select_one("pre").text.rstrip("\n").split("\n")
    assert len(body) < 65_536 and last.startswith("… cut here") and kept[-1] == f"line {len(kept) - 5}"
