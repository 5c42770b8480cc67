"""Writes a made-up hospital's file: 120 invented patients, German column names, decimal commas, a fixed seed.

``python tests/made_up_hospital.py book/editions/made-up-hospital.csv`` makes the committed file again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

REMARK = "# Made up by a random number generator: nobody's patients, for trying the software only."


def patients(count: int = 120, seed: int = 7) -> pd.DataFrame:
    """Invented patients with the columns of an invented site."""
    draw = np.random.default_rng(seed)
    new = draw.random(count) < 0.5
    death = draw.exponential(np.where(new, 50, 32))
    relapse = draw.exponential(np.where(new, 40, 22))
    censoring = draw.uniform(6, 80, count)
    overall, free = np.minimum(death, censoring), np.minimum.reduce([death, relapse, censoring])
    return pd.DataFrame(
        {
            "Fallnummer": [f"MH-{number:03d}" for number in range(1, count + 1)],
            "Schema": np.where(new, "neu", "alt"),
            "Geschlecht": draw.choice(["männlich", "weiblich"], count),
            "Alter_Jahre": np.round(draw.uniform(0.5, 17.8, count), 1),
            "Risiko": draw.choice(["günstig", "mittel", "hoch"], count, p=[0.3, 0.3, 0.4]),
            "Komplex": draw.choice(["ja", "nein"], count, p=[0.25, 0.75]),
            "Status": draw.choice(["Rezidiv", "refraktär"], count, p=[0.55, 0.45]),
            "Tage_gesamt": np.round(overall * 30.4375).astype(int),
            "Verstorben": np.where(death <= censoring, "ja", "nein"),
            "Tage_ereignisfrei": np.round(free * 30.4375).astype(int),
            "Ereignis": np.where(np.minimum(death, relapse) <= censoring, "ja", "nein"),
        }
    )


def write(path: Path) -> None:
    """As a German spreadsheet saves it: semicolons and decimal commas."""
    text = patients().to_csv(index=False, sep=";", decimal=",", lineterminator="\n")
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
