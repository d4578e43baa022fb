"""Rules on corrections."""

import pandas as pd

from schemas.contract import Package
from schemas.rules import Frames, among, exist, expected, rule, unknown_columns
from schemas.rules.citations import cited_values, composed
from schemas.vocabulary import UNRELEASED, WITHDRAWN, version_of


@rule("correction_id", fix="Compose it of version, row_id and column_name where given.")
def correction_id_is_composed(corrections: pd.DataFrame) -> pd.Series:
    """A correction_id is version, row_id and column_name where given, with hyphens, joined by two hyphens."""
    first = corrections["version"].str.replace(".", "-", regex=False) + "--" + corrections["row_id"]
    return expected(corrections["correction_id"], composed(first, corrections["column_name"]))


@rule("column_name", fix="Name a table of the package and a column of it.")
def corrected_column_exists(corrections: pd.DataFrame, package: Package) -> pd.Series:
    """The table and the column of a correction exist."""
    tables = corrections["table_name"]
    unknown = tables.notna() & ~tables.isin([table.name for table in package.tables])
    return unknown | unknown_columns(corrections, package)


@rule("value_after", fix="Give the value before and the value after the correction.")
def correction_changes_value(corrections: pd.DataFrame) -> pd.Series:
    """`value_before` and `value_after` differ, unless the reason is `withdrawn`."""
    same = corrections["value_before"].fillna("") == corrections["value_after"].fillna("")
    return same & (corrections["reason"] != WITHDRAWN)


@rule("value_before", fix="Empty the cell; the next release must not say it again.")
def withdrawn_value_is_not_repeated(corrections: pd.DataFrame) -> pd.Series:
    """A correction of a cell whose value was withdrawn does not say what the value was."""
    said = corrections["column_name"].notna() & corrections["value_before"].notna()
    return said & (corrections["reason"] == WITHDRAWN)


@rule("version", fix="Give the version that first has the new value.")
def correction_not_after_version(corrections: pd.DataFrame, package: Package) -> pd.Series:
    """No correction belongs to a version later than the package's own."""
    own = version_of(package.version)
    later = [bool(own) and version_of(version) > own for version in corrections["version"]]
    return pd.Series(later, index=corrections.index, dtype=bool)


def rows_of(corrections: pd.DataFrame, key: str = "row_id") -> pd.Series:
    """Table and key of the row that each correction is about, or that it names in another column."""
    return corrections["table_name"].fillna("") + "/" + corrections[key].fillna("")


def known(corrections: pd.DataFrame, key: str, frames: Frames, package: Package) -> pd.Series:
    """Whether the row is there, or a correction says that it was removed or renamed."""
    retired = rows_of(corrections[corrections["column_name"].isna()])
    there = exist(corrections["table_name"], corrections[key], frames, package)
    return there | among(rows_of(corrections, key), retired)


@rule("value_after", fix="Give the value that the cell has now, or correct the cell.")
def newest_correction_holds(corrections: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """The newest correction of a cell gives the value that the cell has now."""
    cells = rows_of(corrections) + "/" + corrections["column_name"].fillna("")
    versions = [(version == UNRELEASED, version_of(version)) for version in corrections["version"]]
    newest = {cell: version for version, cell in sorted(zip(versions, cells, strict=True))}
    last = [newest[cell] == version for cell, version in zip(cells, versions, strict=True)]
    now = cited_values(corrections, frames, package)
    differs = now.notna() & (now != corrections["value_after"].astype(object).fillna(""))
    return differs & pd.Series(last, index=corrections.index)


@rule("row_id", fix="Correct the key, or add a correction that says what became of the row.")
def corrected_row_is_known(corrections: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """The row of a correction is there, or a correction says that it was removed or renamed."""
    return corrections["table_name"].isin(list(frames)) & ~known(corrections, "row_id", frames, package)


@rule("row_id", fix="Give the row a new key; a retired one leads to its successor for ever.")
def retired_key_stays_retired(corrections: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """A key that was retired is not used again."""
    there = exist(corrections["table_name"], corrections["row_id"], frames, package)
    return corrections["column_name"].isna() & there


@rule("value_after", fix="Name the key that the row has now, or none if it was removed.")
def successor_exists(corrections: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """A retired key leads to a row that is there, or to another retired key."""
    succeeded = corrections["column_name"].isna() & corrections["value_after"].notna()
    return succeeded & ~known(corrections, "value_after", frames, package)
