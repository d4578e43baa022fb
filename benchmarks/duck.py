"""Load the tables of a package into DuckDB with the contract's types, keys and checks of columns.

DuckDB's tables can state NOT NULL, categories, bounds, patterns, primary, unique and foreign keys: a row
that breaks one of them ends the load. They cannot state the rules between columns, rows and tables.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from schemas.contract import Column, Table, package_of
from scripts.database.ddl import limit_checks, quoted, table_ddl

TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "year": "INTEGER",
}


def checks(column: Column) -> Iterator[str]:
    """The conditions that a cell of a column must satisfy; an empty one satisfies them all."""
    allowed = list(column.categories) or column.constraints.get("enum")
    if allowed:
        yield f"{column.name} IN ({', '.join(map(quoted, allowed))})"
    if "pattern" in column.constraints:
        yield f"regexp_full_match({column.name}, {quoted(column.constraints['pattern'])})"
    yield from limit_checks(column)


def column_ddl(column: Column) -> str:
    """A column with its constraints."""
    parts = [column.name, TYPES[column.type], *(f"CHECK ({check})" for check in checks(column))]
    return " ".join([*parts, "NOT NULL"] if column.required else parts)


def parents_first(tables: tuple[Table, ...]) -> list[Table]:
    """The tables in an order in which each stands after those that it refers to."""
    ordered: list[Table] = []
    while len(ordered) < len(tables):
        names = {table.name for table in ordered}
        ordered += [
            table
            for table in tables
            if table not in ordered and {key.table for key in table.foreign_keys} <= names | {table.name}
        ]
    return ordered


def load(descriptor: Path) -> None:
    """Load a package into a database in memory; raises duckdb.Error where a row breaks the contract."""
    package = package_of(descriptor)
    with duckdb.connect() as engine:
        for table in parents_first(package.tables):
            engine.execute(table_ddl(table, column_ddl).removesuffix(" STRICT"))
            engine.execute(
                f"COPY {table.name} FROM {quoted(package.folder / table.path)} "
                "(HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
            )


if __name__ == "__main__":
    load(Path(sys.argv[1]))
