"""The served book: from changed values to the new page, against papermill and jupyter-book making the same page.

Three pages: the one with the least to compute, one with survival curves, and the one that computes longest.  Each is asked
for in turn with other values each time; the alternative executes the notebook with papermill in a stock kernel and builds a
book of that page alone.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import harness

sys.path.insert(0, str(harness.ROOT))

import jupytext
import nbformat
import papermill

PACKAGES = ("tornado", "papermill", "jupyter-book", "Sphinx", "ipykernel")
PAGES = {
    "the page with least to compute": "notebooks/general/patients",
    "survival curves": "notebooks/general/survival",
    "the page that computes longest": "notebooks/dac_clag/survival",
}
OURS, THEIRS = "this project, from changed values to the page", "papermill and jupyter-book build of that page"
MONTHS = count(20)
"""Follow-up is ended after a month that no run before had."""


@contextmanager
def served() -> Iterator[tuple[int, str]]:
    """Port and token of the built book, served."""
    server = subprocess.Popen(
        [sys.executable, "-m", "analysis", "serve"], cwd=harness.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        for line in server.stdout:
            if "http://127.0.0.1:" in line:
                address = line.split("http://127.0.0.1:", 1)[1].split()[0].rstrip("/")
                break
        else:
            raise SystemExit("the book is not served; make book")
        yield int(address.split("/")[0]), address.split("/")[1]
    finally:
        server.terminate()
        server.communicate()


def ask(port: int, method: str, path: str, content: dict | None = None) -> str:
    """Text of an answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {"Origin": f"http://127.0.0.1:{port}"} if content is not None else {}
    link.request(method, path, body=json.dumps(content) if content is not None else None, headers=headers)
    answer = link.getresponse()
    text = answer.read().decode()
    if answer.status >= 300:
        raise SystemExit(f"{method} {path}: {answer.status} {text[:400]}")
    return text


def from_the_form(port: int, token: str, page: str) -> None:
    """Ask for a page with follow-up ended after another month, and read it."""
    told = json.loads(ask(port, "POST", f"/{token}/live/runs", {"page": page, "values": {"censor_at": str(next(MONTHS))}}))
    address = told["address"]
    lines = [line for line in ask(port, "GET", f"/{token}/{address}events").splitlines() if line.startswith("data: ")]
    last = json.loads(lines[-1].removeprefix("data: "))
    if last.get("state") != "done":
        raise SystemExit(f"{page}: {last}")
    ask(port, "GET", f"/{token}/{last['page']}")


def by_hand(page: str) -> None:
    """Execute a notebook with papermill and build a book of it."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = jupytext.read(harness.ROOT / f"{page}.md", fmt="md:myst")
        target = Path(folder) / "page.ipynb"
        papermill.execute_notebook(
            nbformat.from_dict(notebook),
            str(target),
            parameters={"censor_at": next(MONTHS)},
            kernel_name="python3",
            cwd=harness.ROOT,
            progress_bar=False,
        )
        (Path(folder) / "_config.yml").write_text("execute:\n  execute_notebooks: 'off'\n")
        (Path(folder) / "_toc.yml").write_text("format: jb-book\nroot: page\n")
        command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    """Measure and write."""
    found = []
    with served() as (port, token):
        for case, page in PAGES.items():
            seconds = harness.interleaved(
                {OURS: lambda page=page: from_the_form(port, token, page), THEIRS: lambda page=page: by_hand(page)}, rounds=3
            )
            found += harness.lines("live", f"{case} ({page.removeprefix('notebooks/')})", "", seconds, THEIRS)
    harness.write("live", found, PACKAGES)


if __name__ == "__main__":
    main()
