"""A live book over HTTP: who is answered, what a run gives, what is left when it ends."""

import os
import signal
import stat
import time
from pathlib import Path

import pytest
import yaml

from analysis.book.editions import editions
from analysis.live import serve
from tests.live.conftest import PAGES, Served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]
PATIENTS, SURVIVAL = PAGES


def run(served, page, values, reader=0):
    status, _, text = served.ask("POST", "live/runs", {"page": page, "values": values}, reader=reader)
    assert status == 201, text
    return f"live/runs/{int(text.split(':')[1].split(',')[0])}/"


def test_pages_come_with_their_form_and_a_policy_that_lets_nothing_in(served):
    status, headers, text = served.ask("GET", f"{SURVIVAL}.html")
    assert status == 200 and "Re-execute this page" in text and 'name="horizon"' in text and 'name="ties"' not in text
    assert "default-src 'none'" in headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"
    assert served.ask("GET", "index.html")[2].count("live-form") in (0, 1)
    assert served.ask("GET", "_static/book.css")[0] == 200 and served.ask("GET", "live/client/live.js")[0] == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("", {"Host": "hospital.example"}),
        (f"{SURVIVAL}.html", {"Origin": "http://hospital.example"}),
        ("live/", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script"}),
    ],
)
def test_rebinding_and_other_sites_get_nothing(served, path, headers):
    status, _, text = served.ask("GET", path, **headers)
    assert status == 403 and text.startswith("Refused")
    status, _, text = served.ask("POST", "live/runs", {"page": SURVIVAL, "values": {}}, **headers)
    assert status == 403


def test_without_the_token_there_is_nothing(served):
    for token in ("", "x", served.tokens[0][:-1], served.tokens[0] + "x", "live"):
        for path in ("", "index.html", "live/", "_static/book.css"):
            assert served.ask("GET", path, token=token)[0] == 404
        assert served.ask("POST", "live/runs", {"page": SURVIVAL, "values": {}}, token=token)[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "_static/..%2f..%2f..%2fconftest.py", "%2e%2e/%2e%2e/etc/passwd",
        "live/client/..%2f..%2fpyproject.toml", "live/runs/1/..%2fasked.json", "live/runs/1/asked.json", "notebooks/..%2f..%2f..%2fx.html", "_static/%00",
    ],
)  # fmt: skip
def test_no_path_leads_outside(served, path):
    status, _, text = served.ask("GET", path)
    assert status in (400, 403, 404) and "root:" not in text and "[project]" not in text


def test_no_file_of_the_machine_becomes_a_cohort_and_no_other_notebook_runs(served, tmp_path):
    (tmp_path / "rows.csv").write_text("a\n1\n")
    status, _, text = served.ask("POST", "live/runs", {"page": SURVIVAL, "values": {"cohort": str(tmp_path / "rows.csv")}})
    assert status == 422 and "one that the form offers" in text
    for page in ("../conftest", "notebooks/general/nothing", 3, None):
        assert served.ask("POST", "live/runs", {"page": page, "values": {}})[0] == 404
    assert served.ask("POST", "live/runs", {"page": SURVIVAL, "values": {}, "study": "/etc"})[0] == 422


def test_what_is_sent_is_limited_and_read_carefully(served):
    assert served.ask("POST", "live/runs", b"x" * (600 * 1024))[0] == 413
    assert served.ask("POST", "live/runs", b"{not json")[0] == 400
    assert served.ask("POST", "live/runs", b"[1]")[0] == 400
    assert served.ask("POST", "live/check", {"page": SURVIVAL, "values": {"horizon": 24}})[0] == 400


def test_a_wrong_value_is_refused_at_its_field(served):
    status, _, text = served.ask("POST", "live/check", {"page": SURVIVAL, "values": {"horizon": "0"}})
    assert status == 422 and "Expected a number of months from 1 to 600" in text
    assert served.ask("POST", "live/check", {"page": SURVIVAL, "values": {"horizon": "24"}})[0] == 200


def test_a_run_gives_its_page_notebook_command_and_edition_to_its_reader_alone(served, tmp_path):
    address = run(served, PATIENTS, {"where": "age_months<120"})
    told = served.events(address)
    assert told[-1]["state"] == "done", told[-1]
    counts = [one["done"] for one in told]
    assert counts == sorted(counts) and told[-1]["of"] == told[-1]["done"] > 1
    status, headers, page = served.ask("GET", f"{address}patients.html")
    assert status == 200 and "Not the published page" in page and "where = age_months&lt;120" in page
    assert "run notebooks/general/patients.md -p" in page and "script-src 'self'" in headers["Content-Security-Policy"]
    assert served.ask("GET", f"{address}patients.ipynb")[0] == 200
    _, _, edition = served.ask("GET", f"{address}edition.yml")
    file = tmp_path / "mine.yml"
    file.write_text(edition, encoding="utf-8")
    assert editions.read(file).pages[0].values == yaml.safe_load(edition)["notebooks"][0]["parameters"] == {"where": "age_months<120"}
    for name in ("", "patients.html", "patients.ipynb", "edition.yml", "events"):
        assert served.ask("GET", f"{address}{name}", reader=1)[0] == 404
    assert "age_months" in served.ask("GET", "live/")[2] and "age_months" not in served.ask("GET", "live/", reader=1)[2]


def test_a_run_is_cancelled(served):
    address = run(served, SURVIVAL, {})
    assert served.ask("POST", f"{address}cancel", {}, reader=1)[0] == 404
    assert served.ask("POST", f"{address}cancel", {})[0] == 200
    assert served.events(address)[-1]["state"] == "cancelled"


def test_a_run_that_takes_too_long_is_ended_and_nothing_is_left_after_the_end(small_book):
    server = Served(small_book, limit=1)
    home = Path(f"/dev/shm/live-book-{os.getuid()}")
    mine = [place for place in home.iterdir() if (place / "a" / "log").exists() or (place / "a").is_dir()]
    assert all(stat.S_IMODE(place.stat().st_mode) == 0o700 for place in mine)
    told = server.events(run(server, SURVIVAL, {}))
    assert told[-1]["state"] == "ended" and "longer than 1 seconds" in told[-1]["message"]
    before = {place.name for place in home.iterdir()}
    assert "deleted" in server.end()
    assert len({place.name for place in home.iterdir()}) < len(before)


def test_what_a_killed_server_leaves_is_removed_by_the_next_start(small_book, monkeypatch, tmp_path):
    server = Served(small_book)
    home = Path(f"/dev/shm/live-book-{os.getuid()}")
    server.ask("GET", "live/")
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    time.sleep(0.2)
    with serve.private_folder() as (folder, removed):
        assert removed >= 1
        assert folder.stat().st_mode & 0o077 == 0 or folder.parent.stat().st_mode & 0o077 == 0
        assert home in folder.parents or not Path("/dev/shm").is_dir()
    assert not folder.exists()
