"""A live book of two small pages, served as `python -m analysis serve` does, and requests to it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest

from analysis import paths
from analysis.book.commands import run_notebook

PAGES = ("notebooks/general/patients", "notebooks/general/survival")
SERVE = "import sys; from pathlib import Path; from analysis.live import serve; serve.serve(serve.Options(readers=2, limit=float(sys.argv[2]), patience=float(sys.argv[3])), lambda line: print(line, flush=True), Path(sys.argv[1]))"


class Served:
    """A server that runs, and the addresses of its two readers; `root` is the project whose pages it executes."""

    def __init__(self, folder, limit=600.0, patience=60.0, root=paths.ROOT):
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(folder), str(limit), str(patience)],
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root), "ANALYSIS_MAKE": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.addresses = [self.process.stdout.readline().strip() for _ in range(2)]
        self.port = int(self.addresses[0].split(":")[2].split("/")[0])
        self.tokens = [address.rstrip("/").rpartition("/")[2] for address in self.addresses]

    def ask(self, method, path, content=None, *, reader=0, token=None, **headers):
        """Status, headers and text of an answer; a request comes from the server's own page unless told otherwise."""
        own = {"Origin": f"http://127.0.0.1:{self.port}"} if method not in ("GET", "HEAD") else {}
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = content if content is None or isinstance(content, bytes) else json.dumps(content)
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        link.request(method, f"/{self.tokens[reader] if token is None else token}/{path}", body=body, headers=own | sent)
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    def events(self, address, reader=0):
        """All that a run tells, to its end."""
        _, _, text = self.ask("GET", f"{address}events", reader=reader)
        return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]

    def private(self):
        """The private folder that it holds, by the lock in it: other servers may begin and end meanwhile."""
        home = f"live-book-{os.getuid()}"
        (found,) = {
            place for file in psutil.Process(self.process.pid).open_files() if (place := Path(file.path).parent).parent.name == home
        }
        return found

    def end(self):
        """End it as Ctrl-C would."""
        self.process.terminate()
        return self.process.communicate(timeout=600)[0]


def write_book(folder, work):
    """The two pages, without results, as the build makes pages."""
    cells = [
        nbformat.v4.new_markdown_cell("# A page\n\n## A section\n\nText."),
        nbformat.v4.new_code_cell("1", metadata={"tags": ["hide-input"]}),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    made = run_notebook.make_html(nbformat.v4.new_notebook(cells=cells, metadata=kernel), "page", work)
    shutil.copytree(made, folder)
    text = (folder / "page.html").read_text(encoding="utf-8")
    (folder / "index.html").write_text(text, encoding="utf-8")
    (folder / "notebooks" / "general").mkdir(parents=True)
    for page in PAGES:
        (folder / f"{page}.html").write_text(
            text.replace('"_static/', '"../../_static/').replace('"searchindex', '"../../searchindex'), encoding="utf-8"
        )
    return folder


@pytest.fixture(scope="session")
def small_book(tmp_path_factory):
    """Folder of the small book."""
    place = tmp_path_factory.mktemp("served")
    work = place / "work"
    work.mkdir()
    return write_book(place / "html", work)


@pytest.fixture(scope="session")
def served(small_book):
    """One server for all tests of a process."""
    server = Served(small_book)
    yield server
    server.end()
