"""What every page needs: the description that the build made, the names of rows, their addresses."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from string import Template
from textwrap import shorten
from typing import Any
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import tilde_encode
from datasette.utils.asgi import Request
from markupsafe import Markup

from sister_pages.dates import DATE, spoken
from sister_pages.evidence import Row, rows

LOCAL = re.compile(r"(?!https?://)|https?://(localhost|127\.|\[::1\])")
NO_ADDRESS = re.compile(r"^(?:  url = \{\},|UR  - )\n", re.M)  # BibTeX, RIS
SHORT = 24  # letters; where a column has longer labels, its values are shown and the labels are their titles
Cell = tuple[str, str, str]  # table, key and column
STATES = """
SELECT DISTINCT admin1_name, substr(admin1_code, 4) FROM places
WHERE country = 'US' AND admin1_name <> '' ORDER BY admin1_name"""
Names = dict[str, dict[str, str]]  # table and key to the name by which a reader knows the row

# The name of a tie is that of its two places, of a source its publisher and title.
TIE = "SELECT pair_id, us_place || ' – ' || partner_place AS name FROM tie_places"
NAMES: dict[str, tuple[str, Callable[..., str]]] = {
    "places": ("SELECT place_id, name FROM places", str),
    "sources": ("SELECT source_id, publisher || ': ' || title FROM sources", str),
    "laws": ("SELECT law_id, title FROM laws", str),
    "pairs": (TIE, str),
    "pair_events": (
        f"""SELECT event_id, name || ': ' || replace(event, '_', ' '), occurred_on, occurred_on_precision
            FROM pair_events JOIN ({TIE}) USING (pair_id)""",
        lambda *parts: dated(*parts),
    ),
    "statements": (
        "SELECT statement_id, speaker, stated_on, stated_on_precision, summary FROM statements",
        lambda *parts: f"{dated(*parts[:3])}: {shorten(parts[3], 56, placeholder='…')}",
    ),
    "casualty_statistics": (
        """SELECT statistic_id, population, demographic, outcome, reported_by,
                  period_end, period_end_precision FROM casualty_statistics""",
        lambda population, demographic, outcome, reported_by, *when: dated(
            f"{(population if demographic == 'all' else demographic).replace('_', ' ').capitalize()} "
            f"{outcome.replace('_', ' ')} ({reported_by})",
            *when,
        ),
    ),
    "reported_figures": (
        "SELECT figure_id, measure, reported_by FROM reported_figures",
        lambda measure, by: begun(words_of(measure)) + (f" ({by})" if by else ""),
    ),
    "citations": (
        """SELECT citation_id, publisher || ' ' || verdict || ' the ' ||
                  replace(coalesce(column_name, 'row'), '_', ' ')
           FROM citations JOIN sources USING (source_id)""",
        str,
    ),
}


@dataclass(frozen=True)
class Field:
    """One column: its title, its type, what it means, and the meaning of each value that it may have."""

    title: str
    type: str
    description: str
    labels: dict[str, str]

    @cached_property
    def codes(self) -> dict[str, Markup]:
        """Each value that it may have, as a cell shows it."""
        return {value: code(value, label, self.short(value)) for value, label in self.labels.items()}

    def short(self, value: object) -> str:
        """A value as a word or two: its label where all those of the column are short, else itself."""
        long = any(len(label) > SHORT for label in self.labels.values())
        return (not long and self.labels.get(str(value))) or str(value).replace("_", " ")


@dataclass(frozen=True)
class Contract:
    """`tables` maps a table of facts to its title, `fields` a table or view and a column to the column."""

    tables: dict[str, str]
    derived: dict[str, str]
    fields: dict[tuple[str, str], Field]
    keys: dict[str, str]  # a column that holds keys, in whatever table or view, and the table of those keys

    def field(self, table: str | None, column: str) -> Field | None:
        """The column of a table or view; of an answer, the column of that name if all tables agree on it."""
        return self.fields.get((table, column)) if table else self._agreed.get(column)

    @property
    def titles(self) -> dict[str, str]:
        """The title of each table, those of facts first."""
        return {**self.tables, **self.derived}

    @cached_property
    def _agreed(self) -> dict[str, Field]:
        """By its name, a column that means the same wherever there is one of that name."""
        alike: dict[str, list[Field]] = {}
        for (_, name), one in self.fields.items():
            alike.setdefault(name, []).append(one)
        return {
            name: found[0]
            for name, found in alike.items()
            if all(other.labels == found[0].labels and other.type == found[0].type for other in found)
        }

    def title(self, table: str | None, column: str) -> str | None:
        """The title of a column, or None where the contract does not name it."""
        known = self.field(table, column)
        return known.title if known else None

    def label(self, table: str | None, column: str, value: object) -> str | None:
        """What a value means, where its column may have only certain values."""
        if column == "table_name":
            return self.tables.get(str(value))
        known = self.field(table, column)
        return known.labels.get(str(value)) if known else None

    def short(self, table: str | None, column: str, value: object) -> str:
        """A value as a word or two; a whole number is written in groups of three."""
        known = self.field(table, column)
        if known and known.type == "integer" and str(value).isdecimal():
            return f"{int(str(value)):,}"
        if known and column != "table_name":
            return known.short(value)
        return self.label(table, column, value) or str(value).replace("_", " ")

    def heading(self, table: str | None, column: str) -> str:
        """What to write over a column: its title, or its name as words where the contract has none."""
        title = self.title(table, column) or begun(words_of(column))
        return title.removesuffix(" key")  # the name of the row is shown for it


def code(value: str, label: str, short: str) -> Markup:
    """A value in short, with its meaning as the title."""
    return Markup('<span class="code" title="{}" data-value="{}">{}</span>').format(label, value, short)


def words_of(column: str) -> str:
    """The name of a column, or another such code, as words.

    >>> words_of("us_place"), words_of("share_of_us_cities"), words_of("missiles_used_by_russia")
    ('U.S. place', 'share of U.S. cities', 'missiles used by Russia')
    """
    words = re.sub(r"\bus\b", "U.S.", column.replace("_", " "))
    return re.sub(r"\b(russia|ukrain|moscow|chicago)", lambda name: name[0].title(), words)


def begun(words: str) -> str:
    """Words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def dated(name: str, day: str | None, precision: str | None) -> str:
    """A name with its date, if there is one."""
    return f"{name}, {spoken(day, precision)}" if day else name


def read_names(db: sqlite3.Connection) -> Names:
    """The names of all rows, by table and key."""
    return {
        table: {key: name(*parts) for key, *parts in db.execute(query)}
        for table, (query, name) in NAMES.items()
    }


def read_imprecise(db: sqlite3.Connection, contract: Contract) -> dict[Cell, str]:
    """Of each date of which only the month or year is known, which of the two."""
    return {
        (table, row[0], name.removesuffix("_precision")): row[-1]
        for table, name in contract.fields
        if table in contract.tables and name.endswith("_precision")
        for row in db.execute(f"SELECT *, {name} AS known FROM {table} WHERE known IN ('month', 'year')")
    }


def contract_of(description: dict[str, Any]) -> Contract:
    """The contract as site.json describes it."""
    tables = description["tables"]
    titles = {
        kind: {name: table["title"] for name, table in tables.items() if table["kind"] == kind}
        for kind in ("table", "derived")
    }
    fields = {
        (name, column): Field(**one)
        for name, table in tables.items()
        for column, one in table["columns"].items()
    }
    return Contract(titles["table"], titles["derived"], fields, description["leads_to"])


@dataclass
class Context:
    """One served database: its contract, the names of its rows, its version and day, the shared words."""

    datasette: Datasette
    contract: Contract
    names: Names
    imprecise: dict[Cell, str]
    states: dict[str, str]  # the name of a U.S. state and its two letters
    package: Row
    invasion: str
    stopped: Sequence[str]
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

    def row_name(self, table: str, columns: Sequence[str], keys: Sequence[str]) -> str:
        """The name of a row of any table: where it has none, those of the rows that its keys lead to."""
        if table in self.names:
            return self.name(table, *keys)
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


_contexts: WeakKeyDictionary[Datasette, Context] = WeakKeyDictionary()


def context_of(datasette: Datasette) -> Context:
    """What was loaded of a server's database when it started."""
    return _contexts[datasette]


async def load(datasette: Datasette) -> Context:
    """Read what the pages need; called when the server starts."""
    folder = Path(datasette.plugins_dir).parent
    description = json.loads((folder / "site.json").read_text("utf-8"))

    contract = contract_of(description)

    def read(db: sqlite3.Connection) -> tuple[Names, dict[Cell, str], dict[str, str], Row]:
        (package,) = rows(db, "SELECT * FROM package")
        return read_names(db), read_imprecise(db, contract), dict(db.execute(STATES)), package

    names, imprecise, states, package = await datasette.get_database().execute_fn(read)
    _contexts[datasette] = Context(
        datasette=datasette,
        contract=contract,
        names=names,
        imprecise=imprecise,
        states=states,
        package=package,
        invasion=description["invasion"],
        stopped=description["stopped"],
        countries=description["countries"],
        data_set=description["data_set"],
        citations=description["citations"],
        repository=description["repository"],
        assets=fingerprint(folder / "static"),
    )
    return _contexts[datasette]


def fingerprint(folder: Path) -> str:
    """A short hash of the files of a folder and those below it."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:10]
