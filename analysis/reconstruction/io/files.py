"""Writing cohorts: same content, same bytes; a file is there whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import yaml

from analysis import atomic_files
from analysis.cohorts.study import Study

REMARK = "# Synthetic: a reconstruction that satisfies printed numbers, not the original patients. Not for pooling, meta-analysis or use as a control arm.\n"


def table_text(frame: pd.DataFrame) -> str:
    """A table as CSV with the remark on top; whole numbers without a point, missing as nothing."""
    plain = frame.copy()
    for column in plain:
        if pd.api.types.is_bool_dtype(plain[column]):
            plain[column] = plain[column].astype("Int8")
        elif pd.api.types.is_float_dtype(plain[column]):
            plain[column] = plain[column].map(lambda value: "" if pd.isna(value) else f"{value:g}")
    return REMARK + plain.to_csv(index=False, lineterminator="\n")


def write_tables(study: Study, tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """All tables of a cohort under their declared file names."""
    for name, frame in tables.items():
        atomic_files.write(folder / study.tables[name].file, table_text(frame))


def write_json(path: Path, content) -> None:
    atomic_files.write(path, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def write_yaml(path: Path, content, head: str) -> None:
    """Generated YAML under a line that says what generates it."""
    atomic_files.write(path, head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=160))
