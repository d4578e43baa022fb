"""Rules on corrections."""

from collections.abc import Iterable

import pandas as pd

from schemas.contract import Package
from schemas.rules import UNREAD, Frames, expected, rule
from schemas.rules.citations import cited_values, composed
from schemas.rules.lookups import TEXT, among, row_ids
from schemas.vocabulary import UNRELEASED, WITHDRAWN, version_of

RowKey = tuple[str, str]  # a table and the key of a row


@rule("corrections", "correction_id", fix="Compose it of version, row_id and column_name where given.")
def correction_id_is_composed(corrections: pd.DataFrame) -> pd.Series:
    """A correction_id is version, row_id and column_name where given, with hyphens, joined by two hyphens."""
    first = corrections["version"].str.replace(".", "-", regex=False) + "--" + corrections["row_id"]
    return expected(corrections["correction_id"], composed(first, corrections["column_name"]))


@rule("corrections", "column_name", fix="Name a table of the package and a column of it.")
def corrected_column_exists(corrections: pd.DataFrame, package: Package) -> pd.Series:
    """The table and the column of a correction exist."""
    tables = {table.name: table.column_names for table in package.tables}
    pairs = zip(corrections["table_name"], corrections["column_name"], strict=True)
    missing = [pd.notna(t) and (t not in tables or (pd.notna(c) and c not in tables[t])) for t, c in pairs]
    return pd.Series(missing, index=corrections.index, dtype=bool)


@rule("corrections", "value_after", fix="Give the value before and the value after the correction.")
def correction_changes_value(corrections: pd.DataFrame) -> pd.Series:
    """`value_before` and `value_after` differ, unless the reason is `withdrawn`."""
    same = corrections["value_before"].fillna("") == corrections["value_after"].fillna("")
    return same & (corrections["reason"] != WITHDRAWN)


@rule("corrections", "value_before", fix="Empty the cell; the next release must not say it again.")
def withdrawn_value_is_not_repeated(corrections: pd.DataFrame) -> pd.Series:
    """A correction of a cell whose value was withdrawn does not say what the value was."""
    said = corrections["column_name"].notna() & corrections["value_before"].notna()
    return said & (corrections["reason"] == WITHDRAWN)


@rule("corrections", "version", fix="Give the version that first has the new value.")
def correction_not_after_version(corrections: pd.DataFrame, package: Package) -> pd.Series:
    """No correction belongs to a version later than the package's own."""
    own = version_of(package.version)
    later = [bool(own) and version_of(version) > own for version in corrections["version"]]
    return pd.Series(later, index=corrections.index, dtype=bool)


def present(rows: Iterable[RowKey], frames: Frames, package: Package) -> set[RowKey]:
    """Of table and key of some rows, those that are there; parts of a key are joined by two hyphens."""
    asked = set(rows)
    there: set[RowKey] = set()
    for table in package.tables:
        keys = pd.Series(sorted(key for name, key in asked if name == table.name), dtype=TEXT)
        if len(keys):
            found = keys[among(keys, row_ids(frames[table.name], table))]
            there.update((table.name, key) for key in found)
    return there


def cells_of(corrections: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Table, row and column of each correction, empty text where a cell is."""
    columns = corrections[["table_name", "row_id", "column_name"]].astype(object).fillna("")
    return list(columns.itertuples(index=False, name=None))


def retired(cells: list[tuple[str, str, str]]) -> set[RowKey]:
    """Table and key of the rows that corrections say were removed or renamed."""
    return {cell[:2] for cell in cells if not cell[2]}


def readable_columns(frames: Frames) -> set[tuple[str, str]]:
    """Table and name of every column of which each cell could be read in its type."""
    columns = {(name, column) for name, frame in frames.items() for column in frame.columns}
    return columns - {
        (name, column) for name, frame in frames.items() for column in frame.attrs.get(UNREAD, {})
    }


@rule("corrections", "value_after", fix="Give the value that the cell has now, or correct the cell.")
def newest_correction_holds(corrections: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """The newest correction of a cell gives the value that the cell has now."""
    cells = cells_of(corrections)
    there = present((cell[:2] for cell in cells), frames, package)
    versions = [(version == UNRELEASED, version_of(version)) for version in corrections["version"]]
    newest = {cell: version for version, cell in sorted(zip(versions, cells, strict=True))}
    now = cited_values(corrections, frames, package).fillna("")
    stated = corrections["value_after"].astype(object).fillna("")
    readable = readable_columns(frames)
    judged = [
        (cell[0], cell[2]) in readable and cell[:2] in there and newest[cell] == version
        for cell, version in zip(cells, versions, strict=True)
    ]
    return pd.Series(judged, index=corrections.index, dtype=bool) & (now != stated)


@rule("corrections", "row_id", fix="Correct the key, or add a correction that says what became of the row.")
def corrected_row_is_known(corrections: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """The row of a correction is there, or a correction says that it was removed or renamed."""
    cells = cells_of(corrections)
    there = present((cell[:2] for cell in cells), frames, package) | retired(cells)
    lost = [cell[0] in frames and cell[:2] not in there for cell in cells]
    return pd.Series(lost, index=corrections.index, dtype=bool)


@rule("corrections", "row_id", fix="Give the row a new key; a retired one leads to its successor for ever.")
def retired_key_stays_retired(corrections: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """A key that was retired is not used again."""
    cells = cells_of(corrections)
    again = present(retired(cells), frames, package)
    reused = [not cell[2] and cell[:2] in again for cell in cells]
    return pd.Series(reused, index=corrections.index, dtype=bool)


@rule("corrections", "value_after", fix="Name the key that the row has now, or none if it was removed.")
def successor_exists(corrections: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """A retired key leads to a row that is there, or to another retired key."""
    cells = cells_of(corrections)
    successors = corrections["value_after"].astype(object).fillna("")
    heirs = [(cell[0], successor) for cell, successor in zip(cells, successors, strict=True)]
    there = present(heirs, frames, package) | retired(cells)
    lost = [
        not cell[2] and heir[1] != "" and heir not in there for cell, heir in zip(cells, heirs, strict=True)
    ]
    return pd.Series(lost, index=corrections.index, dtype=bool)
