"""The released data package: tables, derived tables, a descriptor that counts them, and one zip of it all."""

import hashlib
import json
import posixpath
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from schemas.contract import Package, Table, table_of
from schemas.derived import derived_resources
from scripts.database.load import as_text
from scripts.documents.catalogues import croissant
from scripts.documents.citing import bibtex, citation, cite_as
from scripts.documents.codebook import codebook
from scripts.versions.snapshots import canonical

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
    texts = {
        "datapackage.json": as_json(descriptor),
        "croissant.json": as_json(croissant(descriptor)),
        "CITATION.cff": citation(descriptor),
        "docs/codebook.md": codebook(descriptor["title"], list(map(table_of, resources))),
        "README.md": readme(descriptor),
    }
    files |= {name: text.encode() for name, text in texts.items()}
    for path in (path for pattern in BESIDE for path in sorted(package.folder.glob(pattern))):
        files[path.relative_to(package.folder).as_posix()] = path.read_bytes()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(unlinked(name, data, set(files)) if path.suffix == ".md" else data)


def readme(descriptor: dict[str, Any]) -> str:
    """README.md, read first by who opens the zip; its head is what the Hugging Face Hub asks of a card."""
    made = {"card": dataset_card(descriptor), "citation": cite_as(descriptor), "bibtex": bibtex(descriptor)}
    return Path(__file__).with_name("readme.md").read_text("utf-8").format_map(descriptor | made)


def dataset_card(descriptor: dict[str, Any]) -> str:
    """The head of a dataset card, a configuration a table: https://huggingface.co/docs/hub/datasets-cards."""
    rows = sum(resource["rows"] for resource in descriptor["resources"])
    card = {
        "pretty_name": descriptor["title"],
        "license": descriptor["licenses"][0]["name"].lower(),
        "language": ["en"],
        "tags": [word.lower().replace(" ", "-") for word in descriptor["keywords"]],
        "size_categories": ["1K<n<10K" if rows < 10_000 else "10K<n<100K"],
        "configs": [
            {"config_name": one["name"], "data_files": one["path"]} for one in descriptor["resources"]
        ],
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in card.items()]
    return "\n".join(["---", *lines, "---"]).replace("}, {", "},\n  {")


def unlinked(name: str, data: bytes, files: set[str]) -> bytes:
    """A document with only those links that lead to a file of the archive or out into the web."""

    def kept(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link[2]))
        return link[0] if target in files else link[1]

    return LINK.sub(kept, data.decode()).encode()


def as_json(value: Any) -> str:
    """A value as JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def counted(data: bytes) -> dict[str, str | int]:
    """What the descriptor says of a file: its hash, its size in bytes, its number of rows."""
    rows = data.count(b"\n") - 1  # a cell holds no line break
    return {"hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data), "rows": rows}


def derived_file(db: sqlite3.Connection, table: Table) -> bytes:
    """A derived table of the database as its canonical CSV file."""
    rows = (dict(zip(table.column_names, cells, strict=True)) for cells in stored_cells(db, table))
    return canonical(table, rows)


def stored_cells(db: sqlite3.Connection, table: Table) -> Iterator[tuple[str, ...]]:
    """The rows of a table of the database by its key, each cell as a CSV file spells it."""
    cells = ", ".join(f"coalesce({as_text(column)}, '') AS {column.name}" for column in table.columns)
    return db.execute(f"SELECT {cells} FROM {table.name} ORDER BY {', '.join(table.primary_key)}")


def write_zip(folder: Path, path: Path, day: str) -> None:
    """Zip a folder so that the same files give the same bytes; every entry is dated `day`, YYYY-MM-DD."""
    year, month, date = map(int, day.split("-"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), (year, month, date, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # as on Unix, readable by all
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes(), compresslevel=9)
