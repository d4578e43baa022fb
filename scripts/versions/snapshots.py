"""States of the package: its contract and the text of its cells, from a folder, a zip or a Git revision."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.contract import Table, table_of
from schemas.derived import derived_tables
from schemas.problems import CannotRunError
from schemas.vocabulary import VERSION, WITHDRAWN

Row = dict[str, str]  # a cell by the name of its column, empty text for an empty cell
Version = tuple[int, ...]
Cell = tuple[str, str, str]  # table, row, column
CORRECTIONS = "corrections"


@dataclass(frozen=True)
class State:
    """One state of the package: `rows` are those of each table by their key; `changelog` may be empty.

    `derived` is the contract of the derived tables, whose rows follow from the others.
    """

    descriptor: dict[str, Any]
    tables: dict[str, Table]
    derived: dict[str, Table]
    rows: dict[str, dict[str, Row]]
    changelog: str

    @property
    def version(self) -> str:
        """The version that the state says it is."""
        return str(self.descriptor["version"])

    @property
    def withdrawn(self) -> frozenset[Cell]:
        """The cells whose earlier value is not said again; with no column, all those of a row."""
        return frozenset(
            (row["table_name"], row["row_id"], row["column_name"])
            for row in self.rows.get(CORRECTIONS, {}).values()
            if row["reason"] == WITHDRAWN
        )


def parsed(version: str) -> Version:
    """A version as numbers, so that 1.10.0 comes after 1.9.0."""
    return tuple(map(int, version.split(".")))


def row_id(table: Table, row: Row) -> str:
    """The key of a row; the parts of a key of several columns are joined by two hyphens."""
    return "--".join(row[name] for name in table.primary_key)


def releases(folder: Path) -> dict[str, Path]:
    """The archives of the released versions that lie in releases/, oldest first.

    Raises CannotRunError where one is not named for a version.
    """
    found = {path.stem: path for path in (folder / "releases").glob("*.zip")}
    if strange := [path for version, path in sorted(found.items()) if not VERSION.fullmatch(version)]:
        raise CannotRunError(f"{strange[0]} is not named for a version, as 1.0.0.zip is")
    return {version: found[version] for version in sorted(found, key=parsed)}


def folder_state(folder: Path) -> State:
    """The state of a package in a folder."""
    return state_of(lambda name: (folder / name).read_bytes(), str(folder))


def zip_state(path: Path) -> State:
    """The state of a released package."""
    try:
        with zipfile.ZipFile(path) as archive:
            return state_of(archive.read, str(path))
    except (zipfile.BadZipFile, zlib.error) as error:
        raise CannotRunError(f"{path} is no zip, or a damaged one: {error}") from None


def git_state(revision: str, folder: Path) -> State:
    """The state of the package in a folder at a Git revision."""

    def read(name: str) -> bytes:
        command = ["git", "show", f"{revision}:./{name}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        if done.returncode:
            raise OSError(done.stderr.decode(errors="replace").strip())
        return done.stdout

    return state_of(read, revision)


def state_of(read: Callable[[str], bytes], name: str) -> State:
    """The state whose files `read` gives; of a package in work the derived tables are described as now.

    Raises CannotRunError where it is no package, or a table does not fit its contract.
    """
    try:
        descriptor = json.loads(read("datapackage.json"))
        every = {resource["name"]: table_of(resource) for resource in descriptor["resources"]}
        tables = {name: table for name, table in every.items() if table.path.startswith("data/")}
        derived = {name: table for name, table in every.items() if name not in tables}
        derived = derived or derived_now(descriptor)
        rows = {table.name: table_rows(table, read(table.path)) for table in tables.values()}
    except (KeyError, TypeError, OSError, ValueError) as error:
        raise CannotRunError(f"{name} cannot be read as a package: {error}") from None
    try:
        changelog = read("CHANGELOG.md").decode()
    except (KeyError, OSError):
        changelog = ""
    return State(descriptor, tables, derived, rows, changelog)


def derived_now(descriptor: dict[str, Any]) -> dict[str, Table]:
    """The derived tables as they are described now; none for a package that lacks what they are made of."""
    try:
        return {table.name: table for table in derived_tables(descriptor)}
    except KeyError:
        return {}


def table_rows(table: Table, data: bytes) -> dict[str, Row]:
    """The rows of a CSV file by their key. Raises ValueError where it does not fit the contract."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    if header != table.column_names:
        raise ValueError(f"{table.path} has another header than the contract; run make validate")
    if any(len(row) != len(header) for row in rows):
        raise ValueError(f"{table.path} has rows of another length than its header; run make validate")
    named = [dict(zip(header, row, strict=True)) for row in rows]
    return {row_id(table, row): row for row in named}
