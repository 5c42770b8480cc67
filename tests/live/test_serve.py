"""A live book over HTTP: who is answered, what a run gives, what is left when it ends."""

import http.client
import json
import os
import signal
import socket
import stat
from pathlib import Path

import pytest
import yaml

from analysis import paths
from analysis.book.editions import editions, sweeps
from analysis.live import serve
from tests.live.conftest import PAGES, Served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live")]
PATIENTS, SURVIVAL = PAGES


def run(served, page, values, reader=0):
    status, _, text = served.ask("POST", "live/runs", {"page": page, "values": values}, reader=reader)
    assert status == 201, text
    return f"live/runs/{int(text.split(':')[1].split(',')[0])}/"


def test_pages_come_with_their_form_and_a_policy_that_lets_nothing_in(served, small_book):
    status, headers, text = served.ask("GET", f"{SURVIVAL}.html")
    assert status == 200 and "Re-execute this page" in text and 'name="horizon"' in text and 'name="ties"' not in text
    assert "default-src 'none'" in headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"
    assert served.ask("GET", "index.html")[2].count("live-form") in (0, 1)
    (small_book / "_static" / "what-if.js").unlink(missing_ok=True)  # as if the book had been built before
    assert served.ask("GET", "_static/what-if.js")[0] == 200 and served.ask("GET", "_static/nothing.js")[0] == 404
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
    (tmp_path / "study.yml").write_text("study: mine\n")
    for values in ({"study": str(tmp_path)}, {"study": "../../etc"}):
        status, _, text = served.ask("POST", "live/runs", {"page": SURVIVAL, "values": values})
        assert status == 422 and "study" in text and "root:" not in text


def test_brackets_without_end_and_broken_addresses_are_told_in_a_line(served):
    status, _, text = served.ask("POST", "live/runs", "[" * 200_000)
    assert status == 400 and text == "expected an object in JSON\n"
    for path in ("_static/..%2f..%2fx", "..%2fx"):
        status, _, text = served.ask("GET", path)
        assert status in (403, 404) and "%s" not in text and text.count("\n") == 1


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


def test_several_values_become_a_sweep_whose_page_fills_and_can_be_saved(served, tmp_path):
    asked = {"page": SURVIVAL, "values": {"censor_at": "12 to 24 by 12", "interval": "plain"}, "statistics": ["survival", "median"]}
    status, _, text = served.ask("POST", "live/sweeps", asked | {"values": {"censor_at": "12; 0; x"}})
    assert status == 422 and "found '0'" in text and "found 'x'" in text
    assert served.ask("POST", "live/sweeps", asked | {"values": {"censor_at": "12"}})[0] == 422
    assert served.ask("POST", "live/sweeps", asked | {"statistics": ["../x"]})[0] == 400
    status, _, text = served.ask("POST", "live/sweeps", asked)
    assert status == 201, text
    address = json.loads(text)["address"]
    assert served.ask("POST", "live/sweeps", asked)[0] == 429  # one at a time
    told = served.events(address)
    assert told[-1]["state"] == "done" and told[-1]["compared"] == told[-1]["of"] == 2
    _, _, page = served.ask("GET", address)
    assert "2 of 2 scenarios are finished" in page and page.count('/survival.html">survival</a>') == 2 and "<svg" in page
    _, _, file = served.ask("GET", f"{address}sweep.yml")
    (tmp_path / "mine.yml").write_text(file, encoding="utf-8")
    saved = sweeps.read(tmp_path / "mine.yml")
    assert list(saved.scenarios.values()) == [{"censor_at": 12}, {"censor_at": 24}] and saved.pages[0].values["interval"] == "plain"
    assert served.ask("GET", address, reader=1)[0] == 404
    assert "2 of 2 scenarios" in served.ask("GET", "live/")[2]


def test_a_sweep_of_own_patients_that_would_tell_of_few_is_refused(served):
    study = bring(served)
    values = {"cohort": "own", "where": "died=1; died=1 & age_months>=12"}
    asked = {"page": SURVIVAL, "study": study, "values": values, "statistics": ["survival"]}
    status, _, text = served.ask("POST", "live/sweeps", asked)
    assert status == 422 and "disclose" in text
    assert served.ask("POST", "live/sweeps", asked | {"values": {"cohort": "own", "threshold": "5; 6"}})[0] == 422
    served.ask("POST", "live/patients/forget", {"study": study})


def bring(served, reader=0):
    """The made-up hospital's file and its mapping."""
    file, mapping = (paths.BOOK / "editions" / f"made-up-hospital{suffix}" for suffix in (".csv", ".mapping.yml"))
    study = yaml.safe_load(mapping.read_text(encoding="utf-8"))["study"]
    place = f"live/patients?study={study}&name="
    assert served.ask("PUT", f"{place}klinik.csv", file.read_bytes(), reader=reader)[0] == 201
    assert json.loads(served.ask("PUT", f"{place}klinik.mapping.yml", mapping.read_bytes(), reader=reader)[2]) == {"sound": True}
    return study


def kept(served):
    """Own files that a server keeps."""
    return {file for file in served.private().rglob("own-*") if file.is_file()}


def test_own_patients_are_protected_their_readers_alone_and_forgotten(served):
    others = kept(served)
    study = bring(served)
    _, _, page = served.ask("GET", f"live/patients?study={study}")
    assert "The file is valid" in page and "120 to 124 patients" in page and "MH-001" not in page and "klinik.csv" in page
    assert served.ask("GET", "live/patients/mapping.yml?study=" + study)[2].startswith("#")
    assert 'value="own" selected' in served.ask("GET", f"{PATIENTS}.html?study={study}")[2]
    address = run(served, PATIENTS, {"cohort": "own"})
    told = served.events(address)
    assert told[-1]["state"] == "done", told[-1]
    _, _, page = served.ask("GET", f"{address}patients.html")
    _, _, notebook = served.ask("GET", f"{address}patients.ipynb")
    _, _, edition = served.ask("GET", f"{address}edition.yml")
    assert "a cohort of the reader’s own" in page and "To protect the patients" in page
    for text in (page, notebook, edition):
        assert "MH-0" not in text and "/own-" not in text and "klinik" not in text and "/dev/shm" not in text
    assert "YOUR_COHORT_FILE" in edition and "YOUR_COHORT_FILE" in page
    # the other reader sees and runs nothing of it
    assert served.ask("GET", f"{address}patients.html", reader=1)[0] == 404
    assert (
        "no file yet" in served.ask("GET", "live/patients", reader=1)[2] and "klinik" not in served.ask("GET", "live/patients", reader=1)[2]
    )
    status, _, text = served.ask("POST", "live/runs", {"page": PATIENTS, "values": {"cohort": "own"}}, reader=1)
    assert status == 422 and "cohort" in text
    mine = min(kept(served) - others)
    status, _, text = served.ask("POST", "live/runs", {"page": PATIENTS, "values": {"cohort": str(mine)}}, reader=1)
    assert status == 422 and "one that the form offers" in text
    assert served.ask("POST", "live/patients/forget", {"study": study}, reader=1)[0] == 200 and kept(served) > others
    assert served.ask("POST", "live/patients/forget", {"study": study})[0] == 200
    assert kept(served) == others
    assert served.ask("GET", f"{address}patients.html")[0] == 404
    assert "no file yet" in served.ask("GET", "live/patients")[2]


def test_what_cannot_be_a_cohort_is_refused(served):
    study = paths.studies()[0]
    place = f"live/patients?study={study}&name="
    status, _, text = served.ask("PUT", f"{place}x.exe", b"MZ")
    assert status == 422 and "a file that ends in one of" in text
    assert served.ask("PUT", "live/patients?study=../x&name=x.csv", b"a\n1\n")[0] == 404
    assert served.ask("PUT", f"{place}x.mapping.yml", b"study: x")[0] == 422  # no file is here
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        served.ask("PUT", f"{place}x.csv", b"x" * (21 * 1024 * 1024))
    assert served.ask("PUT", f"{place}x.csv", b"")[0] == 201  # read, and found faulty
    assert "an empty file" in served.ask("GET", f"live/patients?study={study}")[2]
    assert served.ask("POST", "live/runs", {"page": PATIENTS, "values": {"cohort": "own"}})[0] == 422
    served.ask("POST", "live/patients/forget", {"study": study})


def test_a_run_that_takes_too_long_is_ended_and_nothing_is_left_after_the_end(small_book):
    server = Served(small_book, limit=1, patience=1)
    mine = server.private()
    assert stat.S_IMODE(mine.stat().st_mode) == 0o700
    told = server.events(run(server, SURVIVAL, {}))
    assert told[-1]["state"] == "ended" and "longer than 1 seconds" in told[-1]["message"]
    _cut_off_when_too_slow(server)
    assert "deleted" in server.end()
    assert not mine.exists()


def _cut_off_when_too_slow(server):
    """A head and a body that never end: others are answered meanwhile, and these are not waited for."""
    head = f"POST /{server.tokens[0]}/live/runs HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: http://127.0.0.1:{server.port}\r\n"
    for sent in (head, f"{head}Content-Length: 1000\r\n\r\n{{"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=600) as slow:
            slow.sendall(sent.encode())
            assert server.ask("GET", "index.html")[0] == 200
            assert slow.recv(1) == b""


def test_what_a_killed_server_leaves_is_removed_by_the_next_start(small_book, monkeypatch, tmp_path):
    server = Served(small_book)
    home = Path(f"/dev/shm/live-book-{os.getuid()}")
    server.ask("GET", "live/")
    left = server.private()
    assert left.is_dir()
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    with serve.private_folder() as (folder, _):
        assert not left.exists()
        assert folder.stat().st_mode & 0o077 == 0 or folder.parent.stat().st_mode & 0o077 == 0
        assert home in folder.parents or not Path("/dev/shm").is_dir()
    assert not folder.exists()
