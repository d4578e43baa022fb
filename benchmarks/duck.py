"""Load the tables of a package into DuckDB with the contract's types, keys and checks of columns.

DuckDB's tables can state NOT NULL, categories, bounds, patterns, primary, unique and foreign keys: a row
that breaks one of them ends the load. They cannot state the rules between columns, rows and tables. A key to
the table's own rows is left out, as it is refused where it leads to a later row.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from schemas.contract import Column, package_of
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


def load(descriptor: Path) -> None:
    """Load a package, parents first, into memory; raises duckdb.Error where a row breaks the contract."""
    package = package_of(descriptor)
    with duckdb.connect() as engine:
        for table in package.tables:
            others = tuple(key for key in table.foreign_keys if key.table != table.name)
            engine.execute(
                table_ddl(replace(table, foreign_keys=others), TYPES, checks).removesuffix(" STRICT")
            )
            engine.execute(
                f"COPY {table.name} FROM {quoted(package.folder / table.path)} "
                "(HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')"
            )


if __name__ == "__main__":
    load(Path(sys.argv[1]))
