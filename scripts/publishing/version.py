"""The pages of one released version, /v/X/, written from its archive alone.

They are plain: a page a table, where `#KEY` is the row of that key, the documents, and the database; what
follows from the tables is in the archive and the database. Only the look of the site and its scripts for SQL
are added, so that a version says for ever what it said, and answers, wherever its folder is copied alone.
"""

import gzip
import hashlib
import json
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from schemas.contract import Column, Table
from scripts.build import DATABASE
from scripts.cli import ROOT
from scripts.database.ddl import table_ddl
from scripts.database.load import APPLICATION, numbered
from scripts.documents.citing import bibtex, cite_as
from scripts.documents.markdown import rendered
from scripts.releasing.archive import unlinked
from scripts.versions.snapshots import Row, State, table_rows, zip_state

IN_ARCHIVE_ONLY = "evidence"  # repeats what citations and sources say, in as many bytes as all the rest
STATIC = ROOT / "site" / "static"
SCRIPTS = ("browser.js", "answers.js", "values.js", "database.js", "database-worker.js")
SETTINGS = ROOT / "site" / "datasette" / "settings.json"
HEAD = re.compile(r"\A---\n.*?\n---\n", re.S)  # of a dataset card
TO_DOCUMENT = re.compile(r'(href="(?!https?:)[^"#]*)\.md')
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
Rows = dict[str, dict[str, Row]]


def write_version(archive: Path, out: Path) -> None:
    """Write the folder `out`, which is not there yet; the same archive gives the same bytes.

    Raises CannotRunError where it is no archive of the package.
    """
    state = zip_state(archive)
    out.mkdir(parents=True)
    with zipfile.ZipFile(archive) as packed:
        documents = {name: packed.read(name) for name in sorted(packed.namelist()) if name.endswith(".md")}
        derived = [table for table in state.derived.values() if table.name != IN_ARCHIVE_ONLY]
        rows = state.rows | {table.name: table_rows(table, packed.read(table.path)) for table in derived}
    files = {f"{state.descriptor['name']}-{state.version}.zip": archive.read_bytes()}
    files[f"{DATABASE}.db.gz"] = packed_database(state, [*state.tables.values(), *derived], rows)
    for name, data in files.items():
        (out / name).write_bytes(data)
    write_sql(state, out)
    write_page(out, "index.html", state, "index.html", **index(state, documents, files))
    for name, table in state.tables.items():
        cells = lines(table, state.rows)
        write_page(out, f"{name}.html", state, "table.html", table=table, lines=cells)
    for name, data in documents.items():
        html = rendered(HEAD.sub("", unlinked(name, data, set(documents)).decode()))
        html = Markup(TO_DOCUMENT.sub(r"\1.html", html))
        write_page(out, page_of(name), state, "document.html", name=Path(name).stem, html=html)


def write_sql(state: State, out: Path) -> None:
    """Write the page for SQL, at its address on the site, with all that it needs; and the look."""
    shutil.copytree(STATIC / "sqlite", out / "static" / "sqlite")
    for name in ("site.css", "icon.svg", *SCRIPTS):
        shutil.copyfile(STATIC / name, out / "static" / name)
    most = json.loads(SETTINGS.read_text("utf-8"))["max_returned_rows"]
    said = {"database": DATABASE, "file": f"{DATABASE}.db.gz", "most_rows": most, "columns": {"": {}}}
    said |= {"version": state.version, "as_of": state.descriptor["created"][:10]}
    said |= {name: {} for name in ("names", "leads_to", "states", "titles")}  # cells are shown as they are
    (out / "browser.json").write_text(json.dumps(said), "utf-8")
    write_page(out, f"{DATABASE}/index.html", state, "sql.html", most_rows=most)


def write_page(out: Path, file: str, state: State, template: str, **values: object) -> None:
    """Write one page from its template, in which `up` leads from its folder to that of the version."""
    path, about = out / file, {"package": state.descriptor, "up": "../" * file.count("/")}
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEMPLATES.get_template(template).render(about | values), "utf-8")


def packed_database(state: State, tables: list[Table], rows: Rows) -> bytes:
    """Tables of an archive as a SQLite database, packed by gzip; the same make the same bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plain.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.executescript(
                f"PRAGMA journal_mode = OFF; PRAGMA application_id = {APPLICATION};"
                f"BEGIN; PRAGMA user_version = {numbered(state.version)}"
            )
            for table in tables:
                db.execute(f"{table_ddl(table)}, WITHOUT ROWID")  # which stores a key once
                cells = ", ".join(map(stored, table.columns))
                db.executemany(f"INSERT INTO {table.name} VALUES ({cells})", rows[table.name].values())
            db.executescript("VACUUM")  # which commits first
        return gzip.compress(path.read_bytes(), mtime=0)


def stored(column: Column) -> str:
    """The cell of a row in SQL; a strict table itself makes numbers of text."""
    cell = f"nullif(:{column.name}, '')"
    return f"{cell} = 'true'" if column.type == "boolean" else cell


def lines(table: Table, rows: Rows) -> dict[str, list[tuple[str, str]]]:
    """For each key the cells of its row, each as text and the address that it leads to, if any."""
    addresses = {column.name for column in table.columns if column.format == "uri"}

    def target(row: Row, name: str) -> str:
        if name in addresses:
            return row[name]
        parent = row.get("table_name", "") if name == "row_id" else table.leads.get(name, "")
        return f"{parent}.html#{quote(row[name])}" if row[name] in rows.get(parent, ()) else ""

    return {
        key: [(row[name], target(row, name)) for name in table.column_names]
        for key, row in rows[table.name].items()
    }


def page_of(document: str) -> str:
    """The page of a document."""
    return document.removesuffix(".md") + ".html"


def index(state: State, documents: dict[str, bytes], files: dict[str, bytes]) -> dict[str, object]:
    """What there is: how to cite it, tables with their rows, documents, files with size and sum."""
    return {
        "citation": cite_as(state.descriptor),
        "bibtex": bibtex(state.descriptor),
        "tables": [(table, len(state.rows[table.name])) for table in state.tables.values()],
        "documents": [(name, page_of(name)) for name in documents],
        "files": [(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()],
    }
