"""What arrays and tables of numbers are called in signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Ints: TypeAlias = npt.NDArray[np.integer[Any]]
Bools: TypeAlias = npt.NDArray[np.bool_]
#: Whatever it holds: texts, dates, mixed columns.
Array: TypeAlias = npt.NDArray[Any]
#: Columns by name: a table, or a mapping of name to values.
Frame: TypeAlias = pd.DataFrame | Mapping[str, Any]
