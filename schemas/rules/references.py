"""Rows that lead to rows: which keys are used, which exist, and what stands in the row of a key.

Arrow does the looking up: pandas turns every key into a Python object first.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Package
from schemas.rules import Frames


def keys_in_use(name: str, frames: Frames, package: Package) -> pd.Series:
    """Every key of one table that a foreign key of another holds."""
    used: list[pd.Series] = [
        frames[table.name][key.columns[0]]
        for table in package.tables
        for key in table.foreign_keys
        if key.table == name and table.name != name
    ]
    keys: pd.Series = pd.concat(used, ignore_index=True)
    return keys


def among(cells: pd.Series, keys: pd.Series) -> pd.Series:
    """Whether each cell is one of the keys; a missing cell is none."""
    if cells.empty:
        return pd.Series(False, index=cells.index)  # spares a table of all the keys
    found = pc.is_in(pa.array(cells), pa.array(keys), skip_nulls=True)
    return pd.Series(found.to_numpy(zero_copy_only=False), index=cells.index)


def looked_up(cells: pd.Series, rows: pd.DataFrame, key: str, column: str) -> pd.Series:
    """The column's value in the first row with each key, in the column's type; missing where none is."""
    if cells.empty:
        return pd.Series(index=cells.index, dtype=rows[column].dtype)  # spares a table of all the keys
    at = pc.index_in(pa.array(cells), pa.array(rows[key]), skip_nulls=True)
    positions = pc.fill_null(at, -1).to_numpy()
    found = rows[column].array.take(positions, allow_fill=True)
    return pd.Series(found, index=cells.index)
