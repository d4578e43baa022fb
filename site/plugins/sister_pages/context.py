"""What every page needs: the description that the build made, rows, their names and addresses."""

import hashlib
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from string import Template
from textwrap import shorten
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import tilde_encode
from datasette.utils.asgi import Request
from markupsafe import Markup

from sister_pages.columns import Contract, begun, contract_of, words_of
from sister_pages.dates import DATE, spoken

Row = dict[str, Any]
Cell = tuple[str, str, str]  # table, key and column
Names = dict[str, dict[str, str]]  # table and key to the name by which a reader knows the row

LOCAL = re.compile(r"(?!https?://)|https?://(localhost|127\.|\[::1\])")
NO_ADDRESS = re.compile(r"^(?:  url = \{\},|UR  - )\n", re.M)  # BibTeX, RIS
DESCRIBED = ("invasion", "countries", "data_set", "citations", "repository")  # in site.json as in the context
STATES = """
SELECT DISTINCT admin1_name, substr(admin1_code, 4) FROM places
WHERE country = 'US' AND admin1_name <> '' ORDER BY admin1_name"""
# The name of a tie is that of its two places, of a source its publisher and title.
TIE = "SELECT pair_id, us_place || ' – ' || partner_place AS name FROM tie_places"
NAMES = {
    "places": "SELECT place_id, name FROM places",
    "sources": "SELECT source_id, publisher || ': ' || title FROM sources",
    "laws": "SELECT law_id, title FROM laws",
    "pairs": TIE,
    "pair_events": f"""
        SELECT event_id, dated(name || ': ' || replace(event, '_', ' '), occurred_on, occurred_on_precision)
        FROM pair_events JOIN ({TIE}) USING (pair_id)""",
    "statements": """
        SELECT statement_id, dated(speaker, stated_on, stated_on_precision) || ': ' || begin_of(summary)
        FROM statements""",
    "casualty_statistics": """
        SELECT statistic_id, dated(
            capital(words(iif(demographic = 'all', population, demographic))) || ' ' || words(outcome)
            || ' (' || reported_by || ')', period_end, period_end_precision)
        FROM casualty_statistics""",
    "reported_figures": """
        SELECT figure_id, capital(words(measure)) || coalesce(' (' || reported_by || ')', '')
        FROM reported_figures""",
    "citations": """
        SELECT citation_id, publisher || ' ' || verdict || ' the ' ||
               replace(coalesce(column_name, 'row'), '_', ' ')
        FROM citations JOIN sources USING (source_id)""",
}


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


def rows(db: sqlite3.Connection, query: str, *values: object, **named: object) -> list[Row]:
    """The rows of a query as dictionaries; its parameters are either numbered or named."""
    cursor = db.execute(query, named or values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def dated(name: str, day: str | None, precision: str | None) -> str:
    """A name with its date, if there is one."""
    return f"{name}, {spoken(day, precision)}" if day else name


def read_names(db: sqlite3.Connection) -> Names:
    """The names of all rows, by table and key."""
    db.create_function("dated", 3, dated)
    db.create_function("words", 1, words_of)
    db.create_function("capital", 1, begun)
    db.create_function("begin_of", 1, partial(shorten, width=56, placeholder="…"))
    return {table: dict(db.execute(query)) for table, query in NAMES.items()}


def read_imprecise(db: sqlite3.Connection, contract: Contract) -> dict[Cell, str]:
    """Of each date of which only the month or year is known, which of the two."""
    return {
        (table, row[0], name.removesuffix("_precision")): row[-1]
        for table, name in contract.fields
        if table in contract.tables and name.endswith("_precision")
        for row in db.execute(f"SELECT *, {name} AS known FROM {table} WHERE known IN ('month', 'year')")
    }
