"""The derived tables and the views: schemas/views.sql, run in its order; derived tables are stored."""

import re
import sqlite3
from calendar import monthrange
from dataclasses import replace
from pathlib import Path

from schemas.contract import Column, Package, Table
from schemas.derived import derived_tables
from scripts.database.ddl import index_ddl, table_ddl

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
