"""What the pages know of the database that they show: read once when the server starts."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import tilde_encode
from markupsafe import Markup

from sister_pages.cells import Words
from sister_pages.contract import Contract, read_contract
from sister_pages.evidence import Row, rows
from sister_pages.home import read_home
from sister_pages.names import Names, read_names


@dataclass
class Known:
    """One served database: its contract, the names of its rows, its version; the home page of the day."""

    datasette: Datasette
    contract: Contract
    names: Names
    package: Row
    assets: str  # changes whenever a file of static/ does
    _home: dict[date, Markup] = field(default_factory=dict)
    _links: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """What cells are shown with."""
        return Words(self.contract, self.names, self.link)

    @property
    def database(self) -> Database:
        """The one database of the site."""
        return self.datasette.get_database()

    def link(self, table: str, *keys: str) -> str:
        """The address of a row's page; a row may have several keys. Pages have hundreds of them."""
        if (table, keys) not in self._links:
            encoded = ",".join(map(tilde_encode, keys))
            self._links[table, keys] = str(self.datasette.urls.row(self.database.name, table, encoded))
        return self._links[table, keys]

    def name(self, table: str, key: object) -> str:
        """The name of a row; its key where it has no other."""
        return self.names.get(table, {}).get(str(key), str(key))

    def row_name(self, table: str, columns: Sequence[str], keys: Sequence[str]) -> str:
        """The name of a row of any table: where it has none, those of the rows that its keys lead to."""
        if table in self.names:
            return self.name(table, *keys)
        return ", ".join(
            self.name(self.contract.keys.get(column, ""), key)
            for column, key in zip(columns, keys, strict=True)
        )

    def asset(self, name: str) -> str:
        """The address of a file of static/."""
        return str(self.datasette.urls.path(f"/static/{name}?{self.assets}"))

    async def home(self, today: date) -> Markup:
        """The home page; written once a day, as the served database does not change."""
        if today not in self._home:
            home = await self.database.execute_fn(lambda db: read_home(db, today))
            queries = await self.datasette.get_canned_queries(self.database.name, None)
            template = self.datasette.jinja_env.get_template("_home.html")
            text = await template.render_async(
                home=home, urls=self.datasette.urls, questions=list(queries.values())
            )
            self._home = {today: Markup(text)}
        return self._home[today]


_known: WeakKeyDictionary[Datasette, Known] = WeakKeyDictionary()


def known(datasette: Datasette) -> Known:
    """What was learnt about a server's database when it started."""
    return _known[datasette]


async def learn(datasette: Datasette) -> Known:
    """Read what the pages need; called when the server starts."""
    folder = Path(datasette.plugins_dir).parent

    def read(db: sqlite3.Connection) -> tuple[Names, Row]:
        (package,) = rows(db, "SELECT * FROM package")
        return read_names(db), package

    names, package = await datasette.get_database().execute_fn(read)
    contract = read_contract(folder / "datapackage.json")
    _known[datasette] = Known(datasette, contract, names, package, fingerprint(folder / "static"))
    return _known[datasette]


def fingerprint(folder: Path) -> str:
    """A short hash of the files of a folder."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:10]
