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

TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "year": "INTEGER",
}
BOUNDS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
LENGTHS = {"minLength": ">=", "maxLength": "<="}


def literal(value: object) -> str:
    """A value as a literal of SQL, which DuckDB casts to the type of its column."""
    return "'" + str(value).replace("'", "''") + "'"


def checks(column: Column) -> Iterator[str]:
    """The conditions that a cell of a column must satisfy; an empty one satisfies them all."""
    limits, name = column.constraints, column.name
    allowed = [*column.categories, *limits.get("enum", [])]
    if allowed:
        yield f"{name} IN ({', '.join(map(literal, allowed))})"
    if "pattern" in limits:
        yield f"regexp_full_match({name}, {literal(limits['pattern'])})"
    for limit, sign in BOUNDS.items():
        if limit in limits:
            yield f"{name} {sign} {literal(limits[limit])}::{TYPES[column.type]}"
    for limit, sign in LENGTHS.items():
        if limit in limits:
            yield f"length({name}) {sign} {limits[limit]}"


def definition(column: Column) -> str:
    """A column with its constraints."""
    parts = [column.name, TYPES[column.type], *(f"CHECK ({check})" for check in checks(column))]
    return " ".join([*parts, "NOT NULL"] if column.required else parts)


def create(table: Table) -> str:
    """The statement that makes a table."""
    parts = [definition(column) for column in table.columns]
    parts.append(f"PRIMARY KEY ({', '.join(table.primary_key)})")
    parts += [f"UNIQUE ({', '.join(key)})" for key in table.unique_keys]
    parts += [
        f"FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {key.table} ({', '.join(key.references)})"
        for key in table.foreign_keys
    ]
    return f"CREATE TABLE {table.name} ({', '.join(parts)})"


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
            engine.execute(create(table))
            engine.execute(
                f"COPY {table.name} FROM {literal(package.folder / table.path)} "
                "(HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
            )


if __name__ == "__main__":
    load(Path(sys.argv[1]))
