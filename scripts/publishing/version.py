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
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from schemas.contract import Table
from scripts.cli import ROOT
from scripts.database.ddl import table_ddl
from scripts.database.load import APPLICATION, numbered
from scripts.documents.citing import bibtex, cite_as
from scripts.documents.website import rendered
from scripts.releasing.archive import unlinked
from scripts.versions.snapshots import Row, State, table_rows, zip_state

DATABASE = "sister_cities"
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
    write_tables(state, [*state.tables.values(), *derived], rows, out / f"{DATABASE}.db")
    pack(out / f"{DATABASE}.db")
    released = f"{state.descriptor['name']}-{state.version}.zip"
    shutil.copyfile(archive, out / released)
    write_sql(state, out)
    files = [out / released, out / f"{DATABASE}.db.gz"]
    write_page(out / "index.html", state, "index.html", **index(state, documents, files))
    for table in state.tables.values():
        write_page(
            out / f"{table.name}.html", state, "table.html", table=table, lines=lines(table, state.rows)
        )
    for name, data in documents.items():
        html = rendered(HEAD.sub("", unlinked(name, data, set(documents)).decode()))
        html = TO_DOCUMENT.sub(r"\1.html", html)
        path = out / page_of(name)
        write_page(
            path, state, "document.html", up="../" * name.count("/"), name=path.stem, html=Markup(html)
        )


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
    write_page(out / DATABASE / "index.html", state, "sql.html", up="../", most_rows=most)


def write_page(path: Path, state: State, template: str, **values: object) -> None:
    """Write one page from its template; `up` leads from its folder to that of the version."""
    path.parent.mkdir(exist_ok=True)
    text = TEMPLATES.get_template(template).render({"package": state.descriptor, "up": ""} | values)
    path.write_text(text, "utf-8")


def write_tables(state: State, tables: list[Table], rows: Rows, path: Path) -> None:
    """Write tables of an archive as a SQLite database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA application_id = {APPLICATION}; BEGIN")
        for table in tables:
            db.execute(f"{table_ddl(table)}, WITHOUT ROWID")  # which stores a key once
            marks = ", ".join("?" * len(table.columns))
            cells = ([typed(row[c.name], c.type) for c in table.columns] for row in rows[table.name].values())
            db.executemany(f"INSERT INTO {table.name} VALUES ({marks})", cells)
        for statement in (f"PRAGMA user_version = {numbered(state.version)}", "COMMIT", "VACUUM"):
            db.execute(statement)


def pack(path: Path) -> None:
    """Put a file into the gzip file of its name; the same bytes make the same."""
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()


def typed(cell: str, kind: str) -> str | int | None:
    """A cell as SQLite takes it; a strict table itself makes numbers of text.

    >>> typed("", "integer"), typed("7", "integer"), typed("true", "boolean")
    (None, '7', 1)
    """
    if not cell:
        return None
    return int(cell == "true") if kind == "boolean" else cell


def lines(table: Table, rows: Rows) -> dict[str, list[tuple[str, str]]]:
    """For each key the cells of its row, each as text and the address that it leads to, if any."""
    parents = {key.columns[0]: key.table for key in table.foreign_keys if len(key.columns) == 1}
    addresses = {column.name for column in table.columns if column.format == "uri"}

    def target(row: Row, name: str) -> str:
        if name in addresses:
            return row[name]
        parent = row.get("table_name", "") if name == "row_id" else parents.get(name, "")
        return f"{parent}.html#{quote(row[name])}" if row[name] in rows.get(parent, ()) else ""

    return {
        key: [(row[name], target(row, name)) for name in table.column_names]
        for key, row in rows[table.name].items()
    }


def page_of(document: str) -> str:
    """The page of a document."""
    return document.removesuffix(".md") + ".html"


def index(state: State, documents: dict[str, bytes], files: list[Path]) -> dict[str, object]:
    """What there is: how to cite it, tables with their rows, documents, files with size and sum."""
    data = {path.name: path.read_bytes() for path in files}
    return {
        "citation": cite_as(state.descriptor),
        "bibtex": bibtex(state.descriptor),
        "tables": [(table, len(state.rows[table.name])) for table in state.tables.values()],
        "documents": [(name, page_of(name)) for name in documents],
        "files": [(name, len(each), hashlib.sha256(each).hexdigest()) for name, each in data.items()],
    }
