"""Rules on citations."""

import pandas as pd

from schemas.contract import Package
from schemas.formats import as_spelled
from schemas.rules import UNREAD, Frames, among, exist, expected, looked_up, row_ids, rule, unknown_columns


def composed(first: pd.Series, column: pd.Series, last: pd.Series | None = None) -> pd.Series:
    """Parts of a key joined by two hyphens, the column's underscores as hyphens, left out if empty."""
    middle = ("--" + column.str.replace("_", "-")).fillna("")
    return first + middle if last is None else first + middle + "--" + last


@rule("citation_id", fix="Compose it of row_id, column_name where given, and source_id.")
def citation_id_is_composed(citations: pd.DataFrame) -> pd.Series:
    """A citation_id is row_id, column_name with hyphens where given, and source_id, joined by two hyphens."""
    right = composed(citations["row_id"], citations["column_name"], citations["source_id"])
    return expected(citations["citation_id"], right)


@rule("row_id", fix="Correct the table or the key of the row.")
def cited_row_exists(citations: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """The row that a citation is about exists."""
    there = exist(citations["table_name"], citations["row_id"], frames, package)
    return citations["row_id"].notna() & ~there


@rule("column_name", fix="Name a column of that table, or empty the cell.")
def cited_column_exists(citations: pd.DataFrame, package: Package) -> pd.Series:
    """The column that a citation is about is a column of its table."""
    return unknown_columns(citations, package)


@rule("verdict", fix="Give what the source says instead, and note why ours stands.")
def contradiction_is_told(citations: pd.DataFrame) -> pd.Series:
    """A citation that contradicts says what the source has instead, and why the row's value stands."""
    explained = citations[["value_reported", "note"]].notna().all(axis=1)
    return (citations["verdict"] == "contradicts") & ~explained


def cited_values(citations: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """The cell that each citation is about, as text; missing where there is none that could be read."""
    values = pd.Series(pd.NA, index=citations.index, dtype=object)
    cited = citations.dropna(subset=["column_name"]).groupby(["table_name", "column_name"])["row_id"]
    for cell, here in cited:
        name, column = map(str, cell)
        if name in frames and column in frames[name].columns:
            unread = frames[name].attrs.get(UNREAD, {}).get(column, [])
            keys = row_ids(frames[name], package.table(name))
            rows = pd.DataFrame({"key": keys, "value": frames[name][column]}).drop(index=unread)
            cells = looked_up(here, rows, "key", "value").astype(object).map(as_spelled, na_action="ignore")
            values[here.index] = cells.fillna("").where(among(here, rows["key"]))
    return values


@rule("value_reported", fix="The values are equal: set the verdict to `supports`.")
def contradiction_differs(citations: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """A citation that contradicts reports another value than the row's."""
    values = cited_values(citations, frames, package)
    same = citations["value_reported"].astype(object) == values
    return (citations["verdict"] == "contradicts") & same.fillna(False).astype(bool)


@rule("source_id", fix="Cite another source; the row's own source needs no citation.")
def citation_adds_source(citations: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """A citation of a whole row names another source than the row's own; no source cites itself."""
    own = citations["row_id"].where(citations["table_name"] == "sources")
    for table in package.tables:
        if "source_id" in table.column_names and table.name != "sources":
            here = citations.loc[(citations["table_name"] == table.name).fillna(False), "row_id"]
            own[here.index] = looked_up(here, frames[table.name], table.primary_key[0], "source_id")
    return citations["column_name"].isna() & (citations["source_id"] == own)
