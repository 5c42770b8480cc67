"""How the sections of the general pages scale: 100,000 patients against 1,000, in one run.

``python tests/benchmarks/many_patients.py [patients]``; prints seconds a section and their ratio.  Not collected by pytest.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from pathlib import Path

from analysis import paths
from analysis.publishing.page import GeneralPage

SPEC = importlib.util.spec_from_file_location("made_up_hospital", paths.ROOT / "tests" / "made_up_hospital.py")
hospital = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hospital)


def seconds(count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.csv"
        hospital.patients(count).to_csv(file, sep=";", decimal=",", index=False)
        file.with_name("many.mapping.yml").write_text((paths.BOOK / "editions" / "made-up-hospital.mapping.yml").read_text())
        start = time.perf_counter()
        page = GeneralPage("dac_clag", cohort=str(file), grouping="arm")
        found = {"reading": time.perf_counter() - start}
        sections = {
            "who": page.who, "missing": page.missing, "curves": lambda: page.survival_curves("x", grouped=True), "estimates": lambda: page.estimates("x", grouped=True),
            "follow-up": lambda: page.follow_up("x"), "log-rank": lambda: page.log_rank_statement("x"), "ratios": lambda: page.hazard_ratios("x"),
            "means": lambda: page.restricted_mean_times("x"),
        }
        for name, section in sections.items():
            start = time.perf_counter()
            section()
            found[name] = time.perf_counter() - start
    return found


def main(count: int = 100_000) -> None:
    seconds(1_000)  # imports and fonts
    few, many = seconds(1_000), seconds(count)
    for name in few:
        print(f"{name:10} {few[name]:8.2f} s of 1,000   {many[name]:8.2f} s of {count:,}   ratio {many[name] / few[name]:8.1f}")
    print(f"{'all':10} {sum(few.values()):8.2f} s            {sum(many.values()):8.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
