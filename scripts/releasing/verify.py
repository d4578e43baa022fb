"""Every released format read back, as the cells that a CSV file would spell."""

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq

from schemas.contract import Table
from schemas.formats import as_spelled
from scripts.releasing.archive import view_cells
from scripts.releasing.geojson import ENDS, POINT

Cells = list[list[str | None]]
MAPS = {"pairs_overview": ("{}-ties.geojson", ENDS), "places": ("{}-places.geojson", POINT)}


def csv_cells(folder: Path, table: Table) -> Cells:
    """The rows of the unzipped package."""
    with (folder / table.path).open(encoding="utf-8", newline="") as file:
        return [[cell or None for cell in row] for row in csv.reader(file)][1:]


def parquet_cells(dist: Path, table: Table) -> Cells:
    """The rows of a Parquet file."""
    columns = pq.read_table(dist / "parquet" / f"{table.name}.parquet").columns
    return spelled(zip(*(column.to_pylist() for column in columns), strict=True))


def sqlite_cells(database: Path, table: Table) -> Cells:
    """The rows of a table or view of the database, in the order of its key."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        rows = list(view_cells(db, table))
    key = [table.column_names.index(name) for name in table.primary_key]
    return sorted(rows, key=lambda row: [row[i] or "" for i in key])


def workbook_cells(path: Path, tables: list[Table]) -> dict[str, Cells]:
    """The rows of each table's sheet."""
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        return {
            table.name: spelled(book[table.name].iter_rows(min_row=2, values_only=True)) for table in tables
        }


def geojson_cells(path: Path, table: Table, located: list[str]) -> Cells:
    """The rows of a table, but for its columns that became a geometry, that the features give."""
    features = json.loads(path.read_text("utf-8"))["features"]
    names = [name for name in table.column_names if name not in located]
    return spelled([feature["properties"][name] for name in names] for feature in features)


def spelled(rows: Iterable[Iterable[object]]) -> Cells:
    """Values of Python as a CSV file spells them."""
    return [[None if value is None else as_spelled(day(value)) for value in row] for row in rows]


def day(value: object) -> object:
    """A workbook's dates come as midnights."""
    return value.date() if isinstance(value, datetime) else value


def differing(dist: Path, unzipped: Path, name: str, database: str, tables: list[Table]) -> list[str]:
    """Every released file whose rows are not those of the CSV file of its table."""
    sheets = workbook_cells(dist / f"{name}.xlsx", tables)
    formats: dict[str, Callable[[Table], Cells]] = {
        "{0}.db: {1}": lambda table: sqlite_cells(dist / f"{database}.db", table),
        "parquet/{1}.parquet": lambda table: parquet_cells(dist, table),
        "{2}.xlsx: {1}": lambda table: sheets[table.name],
    }
    wrong = []
    for table in tables:
        right = csv_cells(unzipped, table)
        files = [
            file.format(database, table.name, name)
            for file, cells in formats.items()
            if cells(table) != right
        ]
        if table.name in MAPS:
            file, located = MAPS[table.name][0].format(name), MAPS[table.name][1]
            points = [table.column_names.index(column) for column in located]
            without = [[cell for i, cell in enumerate(row) if i not in points] for row in right]
            if geojson_cells(dist / file, table, located) != without:
                files.append(file)
        wrong += files
    return wrong
