"""What every page needs: the description that the build made, the names of rows, their addresses."""

import hashlib
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from string import Template
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import tilde_encode
from datasette.utils.asgi import Request
from markupsafe import Markup

from sister_pages.columns import Contract, contract_of
from sister_pages.dates import DATE, spoken
from sister_pages.evidence import Row, rows
from sister_pages.row_names import Cell, Names, read_imprecise, read_names

LOCAL = re.compile(r"(?!https?://)|https?://(localhost|127\.|\[::1\])")
NO_ADDRESS = re.compile(r"^(?:  url = \{\},|UR  - )\n", re.M)  # BibTeX, RIS
DESCRIBED = ("invasion", "countries", "data_set", "citations", "repository")  # in site.json as in the context
STATES = """
SELECT DISTINCT admin1_name, substr(admin1_code, 4) FROM places
WHERE country = 'US' AND admin1_name <> '' ORDER BY admin1_name"""


@dataclass
class Context:
    """One served database: its contract, the names of its rows, its version and day, the shared words."""

    datasette: Datasette
    contract: Contract
    names: Names
    imprecise: dict[Cell, str]
    states: dict[str, str]  # the name of a U.S. state and its two letters
    package: Row
    questions: dict[str, dict[str, Any]]  # of metadata.yml, by name
    invasion: str
    countries: dict[str, str]
    data_set: dict[str, Any]  # the package as a schema.org Dataset
    citations: dict[str, list[str]]  # by form: of the whole, and of a part as a string.Template
    repository: str  # where the forms for reports are; empty where none is known
    assets: str  # changes whenever a file of static/ does
    cache: dict[str, Markup] = field(default_factory=dict)
    links: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    @property
    def as_of(self) -> str:
        """The day of the data, which an empty date means."""
        return str(self.package["as_of"])

    @property
    def statuses(self) -> dict[str, str]:
        """Every status that a tie may have and its meaning, in the order in which pages list them."""
        return self.contract.fields["pairs_overview", "status"].labels

    @property
    def database(self) -> Database:
        """The one database of the site."""
        return self.datasette.get_database()

    def link(self, table: str, *keys: str) -> str:
        """The address of a row's page; a row may have several keys. Pages have hundreds of them."""
        if (table, keys) not in self.links:
            encoded = ",".join(map(tilde_encode, keys))
            self.links[table, keys] = str(self.datasette.urls.row(self.database.name, table, encoded))
        return self.links[table, keys]

    def state(self, name: object) -> str | None:
        """The address of the page of a U.S. state by its name, where a place of the record lies in it."""
        code = self.states.get(str(name))
        return str(self.datasette.urls.path(f"/state/{code}")) if code else None

    def name(self, table: str, key: object) -> str:
        """The name of a row; its key where it has no other."""
        return self.names.get(table, {}).get(str(key), str(key))

    def short(self, table: str, column: str, value: object, key: str = "") -> str:
        """A value in a word or two, a date in words as far as it is known of the row with that key."""
        if DATE.fullmatch(str(value)):
            return spoken(str(value), self.imprecise.get((table, key, column), "day"))
        return self.contract.short(table, column, value)

    def row_name(self, columns: Sequence[str], keys: Sequence[str]) -> str:
        """The name of a row of any table: those of the rows that its keys lead to, of which it may be one."""
        return ", ".join(
            self.name(self.contract.keys.get(column, ""), key)
            for column, key in zip(columns, keys, strict=True)
        )

    def whole(self, request: Request | None, path: str) -> str:
        """A path with the address by which the site was asked."""
        return str(self.datasette.absolute_url(request, path)) if request else path

    def cited(self, part: str = "", key: str = "", address: str = "") -> dict[str, str]:
        """Each form of the citation of the whole, or of a row; nobody can cite an address of one machine."""
        if not part:
            return {form: whole for form, (whole, _) in self.citations.items()}
        address = self.data_set["url"] if LOCAL.match(address) else address
        blanks = {"part": part, "key": key, "address": address}
        in_tex = blanks | {"part": re.sub(r"[&%$#_{}]", r"\\\g<0>", part)}
        return {
            form: NO_ADDRESS.sub("", Template(text).safe_substitute(in_tex if form == "BibTeX" else blanks))
            for form, (_, text) in self.citations.items()
        }

    def asset(self, name: str) -> str:
        """The address of a file of static/."""
        return str(self.datasette.urls.path(f"/static/{name}?{self.assets}"))


def context_of(datasette: Datasette) -> Context:
    """What was loaded of a server's database when it started."""
    site: Context = datasette.jinja_env.globals["site"]
    return site


async def load(datasette: Datasette) -> Context:
    """Read what the pages need; called when the server starts."""
    state = datasette.get_database().state  # which the server serves
    description = state.json("site.json")
    contract = contract_of(description)
    questions = await datasette.get_canned_queries(datasette.get_database().name, None)
    static = "".join(file for name, file in state.hashes.items() if name.startswith("static/"))

    def read(db: sqlite3.Connection) -> Context:
        (package,) = rows(db, "SELECT * FROM package")
        return Context(
            datasette=datasette,
            contract=contract,
            names=read_names(db),
            imprecise=read_imprecise(db, contract),
            states=dict(db.execute(STATES)),
            package=package,
            questions=questions,
            assets=hashlib.sha256(static.encode()).hexdigest()[:10],
            **{name: description[name] for name in DESCRIBED},
        )

    site: Context = await datasette.get_database().execute_fn(read)
    return site
