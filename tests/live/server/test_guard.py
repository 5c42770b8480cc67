"""Who a live book answers: requests that name it, from its own pages, with the token."""

import base64
import hashlib

import pytest

from analysis.live.server import guard

PORT = 8000
OWN = "http://127.0.0.1:8000"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000"])
def test_a_browser_of_this_machine_is_answered(host):
    assert guard.refusal("GET", host, {}, PORT) == ""
    assert guard.refusal("POST", host, {"Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}, PORT) == ""


@pytest.mark.parametrize("host", ["hospital.example:8000", "127.0.0.1:8001", "127.0.0.1", "", "127.0.0.1.example:8000", "[::1]:8000"])
def test_a_name_that_resolves_to_this_machine_is_not_its_own(host):
    assert "its own name" in guard.refusal("GET", host, {}, PORT)


@pytest.mark.parametrize(
    "origin", ["http://hospital.example", "null", "http://127.0.0.1:8001", "https://127.0.0.1:8000", "http://127.0.0.1"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_site_is_refused(method, origin):
    assert "another site" in guard.refusal(method, "127.0.0.1:8000", {"Origin": origin}, PORT)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_changes_something_says_where_it_comes_from(method):
    assert "where it comes from" in guard.refusal(method, "127.0.0.1:8000", {}, PORT)
    assert guard.refusal(method, "127.0.0.1:8000", {"Origin": OWN}, PORT) == ""


def test_other_sites_may_open_the_address_and_use_nothing_of_it():
    def asked(**headers):
        return guard.refusal("GET", "127.0.0.1:8000", {f"Sec-Fetch-{name}": value for name, value in headers.items()}, PORT)

    assert asked(Site="cross-site", Mode="navigate", Dest="document") == ""
    for dest, mode in (("script", "no-cors"), ("iframe", "navigate"), ("image", "no-cors"), ("empty", "cors")):
        assert "another site" in asked(Site="cross-site", Mode=mode, Dest=dest)
        assert "another site" in asked(Site="same-site", Mode=mode, Dest=dest)
    assert asked(Site="same-origin", Mode="cors", Dest="empty") == ""


def test_only_the_whole_token_is_the_token():
    assert guard.find_token("abc", ["xyz", "abc"]) == "abc"
    for given in ("", "ab", "abcd", "ABC", "äbc"):
        assert guard.find_token(given, ["abc", "xyz"]) is None


def test_a_policy_lets_nothing_in_from_elsewhere_and_runs_the_named_scripts_alone():
    rules = dict(rule.split(" ", 1) for rule in guard.policy(["a()"], ["b()"]).split("; "))
    digest = lambda text: f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"  # noqa: E731
    assert rules["default-src"] == "'none'" and rules["connect-src"] == "'self'" and rules["frame-ancestors"] == "'self'"
    assert rules["script-src"] == f"'self' {digest(b'a()')}"
    assert rules["script-src-attr"] == f"'unsafe-hashes' {digest(b'b()')}"
    assert not any("http" in value or "*" in value or "unsafe-eval" in value for value in rules.values())


def test_a_page_made_on_request_runs_the_scripts_of_the_theme_and_no_other(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "page.html").write_text('<script src="a.js"></script><script>theme()</script><b onclick="show()"></b>')
    book = guard.BookPolicy(tmp_path)
    assert book.of_run("notebooks/page") == guard.policy(["theme()", "DOCUMENTATION_OPTIONS.pagename = 'page';"], ["show()"])
    assert book.of_built("<script>theme()</script>") == guard.policy(["theme()"])
