"""The released data package: tables, derived tables, a descriptor that counts them, and one zip of it all."""

import csv
import hashlib
import io
import json
import posixpath
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from schemas.contract import Column, Package, Table, table_of
from schemas.derived import derived_resources
from schemas.formats import as_spelled
from scripts.checking.formatting import formatted
from scripts.documents.citing import citation
from scripts.documents.codebook import codebook
from scripts.documents.croissant import croissant
from scripts.releasing.readme import readme

# Documents that go along where the package has them; the last are the readings that the methodology names.
BESIDE = (
    *("CHANGELOG.md", "LICENSE-DATA.md", "SECURITY.md", "docs/methodology.md", "docs/coverage.md"),
    *("docs/omissions.md", "docs/data-policy.md", "docs/examples.md", "docs/traced/*.csv"),
)
LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#)([^)#]*)[^)]*\)")


def write_package(package: Package, database: Path, folder: Path) -> None:
    """Write the package as it is released: the tables' own bytes, and everything that follows from them."""
    files = {table.path: (package.folder / table.path).read_bytes() for table in package.tables}
    derived = derived_resources(package.descriptor)
    with closing(sqlite3.connect(database)) as db:
        files |= {table.path: derived_file(db, table) for table in map(table_of, derived)}
    resources = [
        resource | counted(files[resource["path"]])
        for resource in [*package.descriptor["resources"], *derived]
    ]
    descriptor = package.descriptor | {"resources": resources}
    files["datapackage.json"] = json_bytes(descriptor)
    files["croissant.json"] = json_bytes(croissant(descriptor))
    files["CITATION.cff"] = citation(descriptor).encode()
    files["docs/codebook.md"] = codebook(descriptor["title"], list(map(table_of, resources))).encode()
    files["README.md"] = readme(descriptor).encode()
    for path in (path for pattern in BESIDE for path in sorted(package.folder.glob(pattern))):
        files[path.relative_to(package.folder).as_posix()] = path.read_bytes()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(unlinked(name, data, set(files)) if path.suffix == ".md" else data)


def unlinked(name: str, data: bytes, files: set[str]) -> bytes:
    """A document with only those links that lead to a file of the archive or out into the web."""

    def kept(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link[2]))
        return link[0] if target in files else link[1]

    return LINK.sub(kept, data.decode()).encode()


def json_bytes(value: Any) -> bytes:
    """A value as JSON for people and programs."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def counted(data: bytes) -> dict[str, str | int]:
    """What the descriptor says of a file: its hash, its size in bytes, its number of rows."""
    rows = data.count(b"\n") - 1  # a cell holds no line break
    return {"hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data), "rows": rows}


def derived_file(db: sqlite3.Connection, table: Table) -> bytes:
    """A view of the database as the canonical CSV file of a derived table."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(view_cells(db, table))
    return formatted(table, text.getvalue().encode())


def view_cells(db: sqlite3.Connection, table: Table) -> Iterator[list[str | None]]:
    """The rows of a table or view of the database as a CSV file spells them."""
    for row in db.execute(f"SELECT {', '.join(table.column_names)} FROM {table.name}"):
        yield [stored(value, column) for value, column in zip(row, table.columns, strict=True)]


def stored(value: object, column: Column) -> str | None:
    """A value of SQLite, which keeps a boolean as 0 or 1, as a CSV file spells it."""
    if value is None:
        return None
    return as_spelled(bool(value) if column.type == "boolean" else value)


def write_zip(folder: Path, path: Path, day: str) -> None:
    """Zip a folder so that the same files give the same bytes; every entry is dated `day`, YYYY-MM-DD."""
    year, month, date = map(int, day.split("-"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), (year, month, date, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as on Unix, readable by all
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes(), compresslevel=9)
