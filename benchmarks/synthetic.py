"""Packages of the contract with as many valid rows as wanted: those of a small package, many times over.

Of a key such as that of an event only the first part is another one, so that it is still composed rightly.
"""

import csv
import shutil
from itertools import chain
from pathlib import Path

from schemas.contract import Table, package_of
from scripts.cli import DESCRIPTOR, ROOT
from scripts.versions.snapshots import Row, canonical

SMALL = ROOT / "tests" / "tiny"
ONCE = {"publishers", "laws", "corrections"}  # tables that do not grow with the others
KEPT = {("pairs", "partner_place_id"), ("citations", "source_id")}  # not the first part of a key


def write_package(folder: Path, rows: int) -> Path:
    """Write a package of about `rows` rows to `folder`; returns its descriptor's path."""
    (folder / "data").mkdir(parents=True)
    tables = package_of(DESCRIPTOR).tables
    lines = {table.name: (SMALL / table.path).read_text("utf-8").splitlines() for table in tables}
    small = {name: list(csv.DictReader(lines[name])) for name in lines}
    copies = rows // sum(len(each) for name, each in small.items() if name not in ONCE)
    for table in tables:
        models = growing(table, tables, small)
        numbers = range(1, 1 if table.name in ONCE else copies)
        copied = (copy_of(table, row, number) for number in numbers for row in models)
        (folder / table.path).write_bytes(canonical(table, chain(small[table.name], copied)))
    return Path(shutil.copy(DESCRIPTOR, folder))


def growing(table: Table, tables: tuple[Table, ...], small: dict[str, list[Row]]) -> list[Row]:
    """The rows of which there are copies: of places and sources those alone that other copies use."""
    if table.name not in ("places", "sources"):
        return small[table.name]
    others = [other for other in tables if other.name not in {*ONCE, table.name}]
    used = {row.get(column) for other in others for column in leads(other) for row in small[other.name]}
    return [row for row in small[table.name] if row[table.primary_key[0]] in used]


def leads(table: Table) -> set[str]:
    """The columns of a table that hold other keys in each copy."""
    columns = {column for key in table.foreign_keys if key.table not in ONCE for column in key.columns}
    own = set(table.primary_key) if len(table.primary_key) == 1 else set()
    cited = {"row_id"} if table.name == "citations" else set()
    return {column for column in columns | own | cited if (table.name, column) not in KEPT}


def copy_of(table: Table, row: Row, number: int) -> Row:
    """A row under another key, with another value wherever each row must have its own."""
    new = dict(row)
    for column in filter(row.get, leads(table)):
        first, *rest = row[column].split("--")
        new[column] = "--".join([f"{first}-x{number}", *rest])
    for column in (column.name for column in table.columns if column.constraints.get("unique")):
        new[column] = f"{row[column]}{number:08d}" if row.get(column) else ""
    if table.name == "places":  # whose keys are made of their names
        new["name"] = f"{row['name']} x{number}"
    if "notes" in row:
        new["notes"] = f"{row['notes']} ({number})".strip()
    return new
