"""Addresses outside: which are asked for, and what counts as an answer."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from analysis.review.lint import outside_links


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path.strip("/")))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def server():
    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize(
    ("status", "said"), [(200, ""), (204, ""), (403, ""), (429, ""), (404, "status 404"), (410, "status 410"), (500, "status 500")]
)
def test_a_server_that_turns_programs_away_is_there(server, status, said):
    assert outside_links.answer(f"{server}/{status}") == said


def test_nobody_there():
    assert outside_links.answer("http://127.0.0.1:9/") != ""


def test_addresses_of_prose_and_declarations(repository):
    repository.write("book/a.md", "See <https://one.org/a#part>, [two](https://two.org/b). And https://one.org/a.\n")
    repository.write("data/demo/study.yml", "citation:\n  doi: 10.1234/abc-5\n")
    repository.write("data/demo/other.yml", "{doi: 10.1234/def, a: b}\n")
    repository.write("tests/x.md", "https://three.org\n")
    assert outside_links.addresses(repository.root) == {
        "https://doi.org/10.1234/abc-5": ["data/demo/study.yml"],
        "https://doi.org/10.1234/def": ["data/demo/other.yml"],
        "https://one.org/a": ["book/a.md"],
        "https://two.org/b": ["book/a.md"],
    }


def test_a_broken_one_names_its_files(repository, server):
    repository.write("book/a.md", f"[good]({server}/200) and [gone]({server}/404)\n")
    assert outside_links.find_broken(repository.root) == [f"{server}/404: status 404 (book/a.md)"]
