"""Every released format read back, as the cells that a CSV file would spell."""

import csv
import json
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq

from schemas.contract import Table
from schemas.formats import as_spelled
from scripts.build import DATABASE
from scripts.releasing.archive import stored_cells
from scripts.releasing.geojson import MAPS

Cells = list[tuple[str, ...]]  # an empty text for an empty cell


def csv_cells(folder: Path, table: Table, without: Collection[str] = ()) -> Cells:
    """The rows of the unzipped package, but for the columns `without`."""
    with (folder / table.path).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [tuple(cell for name, cell in row.items() if name not in without) for row in rows]


def spelled(rows: Iterable[Iterable[object]]) -> Cells:
    """Values of Python as a CSV file spells them; a workbook's dates come as midnights."""
    return [
        tuple(
            "" if value is None else as_spelled(value.date() if isinstance(value, datetime) else value)
            for value in row
        )
        for row in rows
    ]


def differing(dist: Path, unzipped: Path, name: str, tables: Iterable[Table]) -> list[str]:
    """Every released file whose rows are not those of the CSV file of its table.

    A map has the rows but for the columns that became its geometry.
    """
    wrong = []
    book = openpyxl.load_workbook(dist / f"{name}.xlsx", read_only=True)
    with closing(book), closing(sqlite3.connect(f"file:{dist / DATABASE}.db?mode=ro", uri=True)) as db:
        for table in tables:
            right = csv_cells(unzipped, table)
            parquet = pq.read_table(dist / "parquet" / f"{table.name}.parquet").to_pylist()
            sheet = book[table.name].iter_rows(min_row=2, values_only=True)
            read = {
                f"{DATABASE}.db: {table.name}": list(stored_cells(db, table)),
                f"parquet/{table.name}.parquet": spelled(row.values() for row in parquet),
                f"{name}.xlsx: {table.name}": spelled(sheet),
            }
            wrong += [file for file, cells in read.items() if cells != right]
            if table.name in MAPS:
                kind, located = MAPS[table.name]
                file = dist / f"{name}-{kind}.geojson"
                features = json.loads(file.read_text("utf-8"))["features"]
                cells = spelled(feature["properties"].values() for feature in features)
                if cells != csv_cells(unzipped, table, located):
                    wrong.append(file.name)
    return wrong
