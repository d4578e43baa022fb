"""States of the package: its contract and the text of its cells, from a folder, a zip or a Git revision."""

import csv
import io
import json
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.contract import Table, table_of
from schemas.derived import derived_tables
from schemas.problems import CannotRunError
from schemas.vocabulary import WITHDRAWN, version_of
from scripts.checking.descriptor import LARGEST, usable
from scripts.checking.formatting import formatted

Row = dict[str, str]  # a cell by the name of its column, empty text for an empty cell
Cell = tuple[str, str, str]  # table, row, column
CORRECTIONS = "corrections"
LONGEST = 100_000  # characters of a cell; the limit of the csv module is one for the whole process


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


def row_id(table: Table, row: Row) -> str:
    """The key of a row; the parts of a key of several columns are joined by two hyphens."""
    return "--".join(row[name] for name in table.primary_key)


def composed_key(*parts: str) -> str:
    """The key of parts, some of which may be empty, as citations and corrections have it.

    >>> composed_key("unreleased", "us-ak-juneau", "native_name"), composed_key("us-ak-juneau", "", "fo")
    ('unreleased--us-ak-juneau--native-name', 'us-ak-juneau--fo')
    """
    return "--".join(part.replace("_", "-") for part in parts if part)


def releases(folder: Path) -> dict[str, Path]:
    """The archives of the released versions that lie in releases/, oldest first.

    Raises CannotRunError where one is not named for a version.
    """
    archives = sorted((folder / "releases").glob("*.zip"), key=lambda path: (version_of(path.stem), path))
    if archives and not version_of(archives[0].stem):
        raise CannotRunError(f"{archives[0]} is not named for a version, as 1.0.0.zip is")
    return {path.stem: path for path in archives}


def last_release(folder: Path) -> State | None:
    """The state of the last released version; None before the first release."""
    archives = list(releases(folder).values())
    return zip_state(archives[-1]) if archives else None


def folder_state(folder: Path) -> State:
    """The state of a package in a folder."""

    def read(name: str) -> bytes:
        if (folder / name).exists() and not usable(folder / name, folder.resolve()):
            raise OSError(
                f"{name} is not a readable regular file of at most {LARGEST:,} bytes in the package"
            )
        return (folder / name).read_bytes()

    return state_of(read, str(folder))


def zip_state(path: Path) -> State:
    """The state of a released package."""

    def read(name: str) -> bytes:
        if archive.getinfo(name).file_size > LARGEST:
            raise OSError(f"{name} is larger than {LARGEST:,} bytes")
        return archive.read(name)

    try:
        with zipfile.ZipFile(path) as archive:
            return state_of(read, str(path))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # the last: encrypted
        raise CannotRunError(f"{path} is no zip, or a damaged one: {error}") from None


def write_state(state: State, folder: Path) -> Path:
    """Write a state as a package, its tables in canonical form; returns the path of its descriptor."""
    (folder / "data").mkdir()
    (folder / "datapackage.json").write_text(json.dumps(state.descriptor), "utf-8")
    for name, table in state.tables.items():
        (folder / table.path).write_bytes(canonical(table, state.rows[name].values()))
    return folder / "datapackage.json"


def canonical(table: Table, rows: Iterable[Row]) -> bytes:
    """Rows as the file of a table in canonical form."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, table.column_names)
    writer.writeheader()
    writer.writerows(rows)
    return formatted(table, text.getvalue().encode())


def git_state(revision: str, folder: Path) -> State:
    """The state of the package in a folder at a Git revision."""

    def git(*arguments: str) -> bytes:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
        if done.returncode:
            raise CannotRunError(f"{revision} cannot be read: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout

    # Resolved first, so that nothing that a revision is called can be an option of git.
    commit = git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()

    def read(name: str) -> bytes:
        file = f"{commit}:./{name}"
        if int(git("cat-file", "-s", file)) > LARGEST:
            raise OSError(f"{name} is larger than {LARGEST:,} bytes")
        return git("cat-file", "blob", file)

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
        with suppress(KeyError):  # a package in work that lacks what they are made of has none
            derived = derived or {table.name: table for table in derived_tables(descriptor)}
        rows = {table.name: table_rows(table, read(table.path)) for table in tables.values()}
    except (LookupError, TypeError, AttributeError, OSError, ValueError, RecursionError, csv.Error) as error:
        raise CannotRunError(f"{name} cannot be read as a package: {error}") from None
    try:
        changelog = read("CHANGELOG.md").decode()
    except (KeyError, OSError, CannotRunError):
        changelog = ""
    return State(descriptor, tables, derived, rows, changelog)


def table_rows(table: Table, data: bytes) -> dict[str, Row]:
    """The rows of a CSV file by their key. Raises ValueError where it does not fit the contract."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    if header != table.column_names:
        raise ValueError(f"{table.path} has another header than the contract; run make validate")
    if any(len(row) != len(header) for row in rows):
        raise ValueError(f"{table.path} has rows of another length than its header; run make validate")
    if any(len(cell) > LONGEST for row in rows for cell in row):
        raise ValueError(f"{table.path} has a cell of more than {LONGEST:,} characters")
    named = [dict(zip(header, row, strict=True)) for row in rows]
    return {row_id(table, row): row for row in named}
