"""Which rows the foreign keys of the contract lead to."""

from __future__ import annotations

import pandas as pd

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
    keys: pd.Series = pd.concat(used).dropna().drop_duplicates()
    return keys
