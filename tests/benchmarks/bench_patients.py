"""Sections of the general pages for 100,000 patients of a made-up hospital, against the same sections for 1,000."""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import time
from pathlib import Path

import harness

sys.path.insert(0, str(harness.ROOT))

from analysis import paths
from analysis.pages.page import GeneralPage

SPEC = importlib.util.spec_from_file_location("made_up_hospital", paths.ROOT / "tests" / "made_up_hospital.py")
hospital = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hospital)
FEW = 1_000


def seconds(count: int) -> dict[str, float]:
    """Seconds of reading the file and of each section."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.csv"
        hospital.patients(count).to_csv(file, sep=";", decimal=",", index=False)
        file.with_name("many.mapping.yml").write_text((paths.BOOK / "editions" / "made-up-hospital.mapping.yml").read_text())
        start = time.perf_counter()
        page = GeneralPage("dac_clag", cohort=str(file), grouping="arm")
        found = {"reading and checking the file": time.perf_counter() - start}
        sections = {
            "patients": page.who,
            "missing values": page.missing,
            "survival curves": lambda: page.figure.survival("x", grouped=True),
            "estimates": lambda: page.table.survival_estimates("x", grouped=True),
            "follow-up": lambda: page.sentence.follow_up("x"),
            "log-rank test": lambda: page.sentence.log_rank("x"),
            "hazard ratios": lambda: page.table.hazard_ratios("x"),
            "mean times": lambda: page.table.restricted_means("x"),
        }
        for name, section in sections.items():
            start = time.perf_counter()
            section()
            found[name] = time.perf_counter() - start
    return found | {"all together": sum(found.values())}


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--patients", type=int, default=100_000)
    count = options.parse_args().patients
    seconds(FEW)  # imports and fonts
    few, many = seconds(FEW), seconds(count)
    found = [
        harness.Line("patients", name, str(count), "this project", f"the same for {FEW:,} patients", many[name], many[name] / few[name])
        for name in few
    ]
    found.append(
        harness.Line(
            "patients",
            "peak memory",
            str(count),
            "this project",
            "",
            harness.peak_megabytes(),
            harness.peak_megabytes() * 1e6 / count,
            "MB in place of seconds; bytes a patient in place of a ratio",
        )
    )
    harness.write("patients", found, ("pandas", "pandera", "lifelines"))


if __name__ == "__main__":
    main()
