"""Rules on corrections."""

from __future__ import annotations

import re

import pandas as pd

from schemas.citations import composed
from schemas.contract import Package
from schemas.rules import expected, rule


@rule(
    "corrections",
    "correction_id",
    mend="Compose it of version, row_id and column_name where given.",
)
def correction_id_is_composed(corrections: pd.DataFrame) -> pd.Series:
    """A correction_id is version, row_id and column_name where given, with hyphens, joined by two hyphens."""
    first = corrections["version"].str.replace(".", "-", regex=False) + "--" + corrections["row_id"]
    return expected(corrections["correction_id"], composed(first, corrections["column_name"]))


@rule("corrections", "column_name", mend="Name a table of the package and a column of it.")
def corrected_column_exists(corrections: pd.DataFrame, package: Package) -> pd.Series:
    """The table and the column of a correction exist."""
    tables = {table.name: table.column_names for table in package.tables}
    pairs = zip(corrections["table_name"], corrections["column_name"], strict=True)
    missing = [pd.notna(t) and (t not in tables or (pd.notna(c) and c not in tables[t])) for t, c in pairs]
    return pd.Series(missing, index=corrections.index, dtype=bool)


@rule("corrections", "value_after", mend="Give both values; a correction changes one into the other.")
def correction_changes_value(corrections: pd.DataFrame) -> pd.Series:
    """A correction changes the value."""
    return corrections["value_before"].fillna("") == corrections["value_after"].fillna("")


@rule("corrections", "version", mend="Give the version that first has the new value.")
def correction_not_after_version(corrections: pd.DataFrame, package: Package) -> pd.Series:
    """No correction belongs to a version later than the package's own."""
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", package.version):
        return pd.Series(False, index=corrections.index)  # which has been said
    own = tuple(map(int, package.version.split(".")))
    parts = corrections["version"].where(corrections["version"].str.fullmatch(r"\d+\.\d+\.\d+"))
    later = [pd.notna(v) and tuple(map(int, v.split("."))) > own for v in parts]
    return pd.Series(later, index=corrections.index, dtype=bool)
