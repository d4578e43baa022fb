"""The checked package as one SQLite file: tables, indexes, search, history, and what follows from them.

Derived tables and views are worked out by schemas/views.sql, run in its order; derived tables are stored.
"""

import re
import sqlite3
from calendar import monthrange
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd

from schemas.contract import Column, Package, Table
from schemas.derived import derived_tables
from scripts.checking.validator import Report
from scripts.database.ddl import index_ddl, table_ddl
from scripts.database.geometry import write_geometry
from scripts.database.history import record_history
from scripts.database.search import write_search
from scripts.documents.citing import cite_as

APPLICATION = int.from_bytes(b"SCiW", "big")  # what `file` and readers know this kind of database by


def numbered(version: str) -> int:
    """A version as a number that grows with it.

    >>> numbered("1.12.3")
    11203
    """
    major, minor, patch = map(int, version.split("."))
    return (major * 10_000 + minor * 100 + patch) % 2**31


def write_database(report: Report, path: Path, progress: Callable[[str], None], as_of: str) -> None:
    """Write the database at `path`, which does not exist yet; the same report and day give the same bytes.

    `as_of` is the day of the data, YYYY-MM-DD: what an empty date means, and the end of what is not dated.
    """
    package = report.package
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        # The file is thrown away if anything fails, so nothing needs to survive a crash here.
        db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN;"
            f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {numbered(package.version)};"
        )
        for statement in [*map(table_ddl, package.tables), *statements("tables.sql")]:
            db.execute(statement)
        for table in package.tables:
            progress(f"writing {table.name}")
            insert_rows(db, table, report.frames[table.name])
        describe(db, package, as_of)
        record_history(db, package)
        progress("measuring distances")
        write_geometry(db)
        progress("indexing")
        indexes = [statement for table in package.tables for statement in index_ddl(table)]
        for statement in [*indexes, *statements("search.sql")]:
            db.execute(statement)
        write_search(db)
        progress("working out what follows")
        write_derived(db, package)
        db.executescript("ANALYZE; VACUUM")  # which commits first


def statements(file: str) -> list[str]:
    """The statements of an SQL file of this folder."""
    return Path(__file__).with_name(file).read_text("utf-8").split(";\n")


def insert_rows(db: sqlite3.Connection, table: Table, frame: pd.DataFrame) -> None:
    """Insert the typed rows of a table in their order; missing values become NULL."""
    cells = (frame[name] for name in table.column_names)
    columns = [series.astype(object).where(series.notna(), None) for series in cells]
    marks = ", ".join("?" * len(columns))
    db.executemany(f"INSERT INTO {table.name} VALUES ({marks})", zip(*columns, strict=True))


def describe(db: sqlite3.Connection, package: Package, as_of: str) -> None:
    """Record which package this is, of which version and day, under which licence."""
    about = package.descriptor
    licence = about["licenses"][0]
    row = [about["name"], about["title"], about["version"], about["created"]]
    row += [licence["name"], licence["path"], about["description"], as_of, cite_as(about)]
    db.execute(f"INSERT INTO package VALUES ({', '.join('?' * len(row))})", row)


VIEWS = Path(__file__).parents[2] / "schemas" / "views.sql"
SPELLED = {  # the value of a column as in the CSV file, by its type
    "number": "CASE WHEN {0} IS NOT NULL THEN printf('%.15g', {0}) END",
    "boolean": "CASE {0} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END",
}
VIEW = re.compile(r"^create view (\w+) as\n(.*?);$", re.M | re.S)


def write_derived(db: sqlite3.Connection, package: Package) -> None:
    """Write every derived table and view into a database that has the package's tables and their history."""
    stored = {table.name: table for table in derived_tables(package.descriptor)}
    db.create_function("last_day", 2, last_day, deterministic=True)
    db.execute(cell_values(package))
    db.execute(own_sources(package))
    for name, query in VIEW.findall(VIEWS.read_text("utf-8")):
        if name in stored:
            store(db, stored[name], query)
        else:
            db.execute(f"CREATE VIEW {name} AS\n{query}")


def store(db: sqlite3.Connection, table: Table, query: str) -> None:
    """Store the answer of a query as a table, in the order of its key.

    Its foreign keys become indexes only: what it holds follows from tables that are checked.
    """
    db.execute(table_ddl(replace(table, foreign_keys=())))
    columns, key = ", ".join(table.column_names), ", ".join(table.primary_key)
    db.execute(f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM ({query}) ORDER BY {key}")
    for statement in index_ddl(table):
        db.execute(statement)


def last_day(day: str | None, precision: str | None) -> str | None:
    """The last day of the period that a date with its precision names, as views.sql asks for it."""
    if day and precision == "month":
        return f"{day[:7]}-{monthrange(int(day[:4]), int(day[5:7]))[1]}"
    return f"{day[:4]}-12-31" if day and precision == "year" else day


def as_text(column: Column) -> str:
    """A column's value spelled as in the CSV file."""
    return SPELLED.get(column.type, "CAST({0} AS TEXT)").format(column.name)


def cell_values(package: Package) -> str:
    """One row per cell, its value spelled as in the CSV file."""
    parts = []
    for table in package.tables:
        cells = ", ".join(f"'{column.name}', {as_text(column)}" for column in table.columns)
        parts.append(
            f"SELECT '{table.name}' AS table_name, {row_id(table)} AS row_id, key AS column_name, value "
            f"FROM (SELECT {', '.join(table.primary_key)}, json_object({cells}) AS cells FROM {table.name}), "
            "json_each(cells)"
        )
    return "CREATE VIEW cell_values AS\n" + "\nUNION ALL ".join(parts)


def own_sources(package: Package) -> str:
    """One row per row that has a source; sources are their own."""
    parts = [
        f"SELECT '{table.name}' AS table_name, {row_id(table)} AS row_id, source_id FROM {table.name}"
        for table in package.tables
        if "source_id" in table.column_names and table.name != "citations"
    ]
    return "CREATE VIEW own_sources AS\n" + "\nUNION ALL ".join(parts)


def row_id(table: Table) -> str:
    """The key of a row of a table as one text."""
    return " || '--' || ".join(table.primary_key)
