"""A copy of a build in whose database every text is an attack, and a reader of pages that finds it alive."""

import shutil
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

from scripts.build import DATABASE, write_manifest

MARK = "javascript:0//\"'><poison-mark poisoned=1></script></style></title></textarea><poison-mark>"


def poisoned(build: Path, to: Path, columns: list[tuple[str, str]]) -> Path:
    """A copy of `build` with MARK before each value of `columns`, which the database would refuse."""
    shutil.copytree(build, to)
    with closing(sqlite3.connect(to / f"{DATABASE}.db", isolation_level=None)) as db:
        db.executescript("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table, column in columns:
            if table in tables:  # a view shows what its tables hold
                db.execute(f"UPDATE {table} SET {column} = ? || {column}", [MARK])
    write_manifest(to)
    return to


class Page(HTMLParser):
    """What of the poison a browser would take for markup, and what for a link to run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.alive: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        runs = {name for name, value in attrs if (value or "").strip().lower().startswith("javascript:")}
        if tag == "poison-mark" or runs & {"href", "src", "action", "formaction", "xlink:href"}:
            self.alive.append(self.get_starttag_text() or tag)
        self.alive += [name for name, _ in attrs if name == "poisoned" or name.startswith("on")]
