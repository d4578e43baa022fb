"""The checked package as one SQLite file: tables, indexes, search, views, and what version it is."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd

from schemas.contract import Package, Table
from scripts.checking.validator import Report
from scripts.database.ddl import index_ddl, statements, table_ddl
from scripts.database.derived import write_derived
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
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN"
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
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {numbered(package.version)}")
        db.execute("COMMIT")
        db.executescript("ANALYZE; VACUUM")


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
