"""Records the pictures of *Live*, in the guide: a clinician's walk through the served book, on a made-up hospital's patients.

``python -m tests.browser.record_walk`` makes the pictures in ``book/_static/walk/`` again; it needs the built book, playwright and Chromium.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from analysis import paths
from tests.conftest import BROWSERS

FOLDER = paths.BOOK / "_static" / "walk"
LARGEST = 100 * 1024
"""Bytes of a picture."""

SERVE = (
    "from analysis.book import outputs; from analysis.live import serve; "
    "serve.serve(serve.Options(), lambda line: print(line, flush=True), outputs.html_folder())"
)
WIDE, HIGH = 1000, 660
SURVIVAL = "notebooks/general/survival"
_WAIT = 300_000


class Walk:
    """A browser page that is photographed step by step."""

    def __init__(self, page: Page, folder: Path):
        self._page, self._folder, self.made = page, folder, []

    def picture(self, name: str, at: str = "h1") -> None:
        """Keep what is seen, scrolled so that an element stands at the top."""
        self._page.locator(at).first.evaluate("found => window.scrollTo(0, found.getBoundingClientRect().top + window.scrollY - 80)")
        self._page.wait_for_timeout(400)
        seen = Image.open(io.BytesIO(self._page.screenshot())).convert("RGB")
        file = self._folder / f"{len(self.made) + 1}-{name}.webp"
        seen.save(file, quality=60, method=6)
        if file.stat().st_size > LARGEST:
            raise SystemExit(f"{file.name}: expected at most {LARGEST // 1024} kB, found {file.stat().st_size // 1024} kB")
        self.made.append(file)


def hospital(folder: Path) -> tuple[Path, Path, str]:
    """The made-up hospital's file, and its mapping with one code left out."""
    file = shutil.copy(paths.BOOK / "editions" / "made-up-hospital.csv", folder / "hospital.csv")
    mapping = yaml.load((paths.BOOK / "editions" / "made-up-hospital.mapping.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    del mapping["columns"]["died"]["codes"]["nein"]
    (folder / "hospital.mapping.yml").write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    return Path(file), folder / "hospital.mapping.yml", mapping["study"]


def walk(page: Page, address: str, folder: Path, into: Path) -> list[Path]:
    """Open, change the horizon, drop a file, mend a code, read the result, save the edition.

    Returns
    -------
    list of Path
        The pictures.
    """
    file, mapping, study = hospital(folder)
    steps = Walk(page, into)
    page.goto(f"{address}{SURVIVAL}.html?study={study}")
    page.locator(".live-panel > summary").click()
    page.get_by_label("Horizon").fill("24")
    steps.picture("form", ".live-panel")
    page.locator(".live-run").click()
    page.wait_for_url("**/live/runs/*/survival.html", timeout=_WAIT)
    steps.picture("result")
    page.goto(f"{address}live/patients?study={study}")
    for one in (file, mapping):
        before = page.locator("main").element_handle()
        page.set_input_files(".live-drop input", str(one))
        page.wait_for_function("main => !main.isConnected", arg=before, timeout=_WAIT)
    steps.picture("faults", ".live-verdict")
    page.locator("#map-died .live-codes").get_by_label("nein").select_option("0")
    page.get_by_role("button", name="Check with this mapping").first.click()
    page.locator(".live-sound").wait_for(timeout=_WAIT)
    steps.picture("sound", ".live-verdict")
    page.locator(f'.live-pages a[href*="{SURVIVAL}"]').click()
    page.locator(".live-run").click()
    page.wait_for_url("**/live/runs/*/survival.html", timeout=_WAIT)
    steps.picture("own", "figure, .exhibit, svg.curve, img")
    page.goto(f"{address}live/")
    steps.picture("runs")
    with page.expect_download() as saved:
        page.locator('a[href$="edition.yml"]').first.click()
    assert yaml.safe_load(saved.value.path().read_text(encoding="utf-8"))["notebooks"]
    return steps.made


def main() -> None:
    """Serve the built book, walk, and put the pictures in place of the last ones."""
    server = subprocess.Popen([sys.executable, "-c", SERVE], cwd=paths.ROOT, stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip()
        with sync_playwright() as started, tempfile.TemporaryDirectory() as folder:
            program = next(filter(None, map(shutil.which, BROWSERS)))
            browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": WIDE, "height": HIGH}, color_scheme="light")
            page.set_default_timeout(_WAIT)
            pictures = Path(folder) / "pictures"
            pictures.mkdir()
            walk(page, address, Path(folder), pictures)
            browser.close()
            shutil.rmtree(FOLDER, ignore_errors=True)
            shutil.copytree(pictures, FOLDER)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
