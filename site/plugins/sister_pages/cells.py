"""One cell of a table as a reader should see it: names for keys, words for codes, links for addresses."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from sister_pages.columns import Contract, code
from sister_pages.context import Context
from sister_pages.dates import DATE, spoken

LONGEST_ADDRESS = 48  # letters of an address that are shown
LONG = 60  # letters from which a cell is set wide
OF_A_CELL = ("value", "other_value")  # columns that hold a cell of another row
Others = Callable[[str], Any]  # a column to the cell of the same row, None where there is no such column


def shown(value: Any, column: str, table: str | None, others: Others, site: Context) -> Markup | None:
    """The cell as HTML, or None where it is shown as it is."""
    if value is None or value == "" or isinstance(value, bytes):
        return None
    key = str(value)
    leads_to = other_table(column, key, others, site)
    if leads_to and leads_to in site.names:
        names, keys = site.names[leads_to], re.split(", ?", key) if column.endswith("_ids") else [key]
        if names.keys() >= set(keys):
            return Markup("; ".join([linked(names[one], one, site.link(leads_to, one)) for one in keys]))
    if column == "us_division" and (address := site.state(key)):
        return Markup(f'<a href="{escape(address)}">{escape(key)}</a>')
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return outward(value)
    if isinstance(value, str) and DATE.fullmatch(value):
        return dated(value, column, others, site)
    if column in OF_A_CELL and (about := others("column_name")):
        return Markup("{}").format(site.short(str(others("table_name")), str(about), value))
    if column == "column_name":
        return code(key, key, site.contract.heading(str(others("table_name")), key))
    return coded(value, column, table, site.contract)


def other_table(column: str, key: str, others: Others, site: Context) -> str | None:
    """The table that a cell holds a key of; that of a `row_id` stands in the row, or has such a key."""
    if column != "row_id":
        return site.contract.keys.get(column)
    return others("table_name") or next((table for table, names in site.names.items() if key in names), None)


def dated(day: str, column: str, others: Others, site: Context) -> Markup:
    """A date in words as far as it is known; for a value of another row that row tells how far."""
    precision = others(f"{column}_precision")
    if column == "value":
        precision = site.imprecise.get((others("table_name"), others("row_id"), others("column_name")))
    known = {"month": day[:7], "year": day[:4]}.get(precision, day)
    return Markup(f'<time datetime="{escape(known)}">{escape(spoken(day, precision or "day"))}</time>')


def linked(name: str, key: str, address: str) -> Markup:
    """A row by its name, with its key to be seen by those who look for it."""
    style = ' class="long"' if len(name) > LONG else ""
    return Markup(f'<a href="{escape(address)}" title="{escape(key)}"{style}>{escape(name)}</a>')


def outward(address: str, text: str | None = None) -> Markup:
    """A link to another site; what is no http(s) address is text."""
    if not web_address(address):
        return Markup("{}").format(text or address)
    bare = address.split("://", 1)[1].removeprefix("www.").rstrip("/")
    short = bare if len(bare) <= LONGEST_ADDRESS else bare[: LONGEST_ADDRESS - 1] + "…"
    href = escape(address)
    return Markup(f'<a href="{href}" rel="noopener nofollow" class="outward">{escape(text or short)}</a>')


def web_address(address: str) -> bool:
    """Whether an address of the data may be a link: http or https, with a host, without blanks."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not any(map(str.isspace, address))


def coded(value: Any, column: str, table: str | None, contract: Contract) -> Markup | None:
    """A value of a list by its label, a truth value in a word, a large number in groups of three."""
    field = contract.field(table, column)
    if field and field.type == "boolean":
        return Markup("yes" if value else "no")
    if field and str(value) in field.codes:
        return field.codes[str(value)]
    if column == "table_name" and value in contract.tables:
        return code(value, contract.tables[value], contract.tables[value])
    if not isinstance(value, int) or column.endswith("_id"):
        return None
    counts = field.type == "integer" if field else "year" not in column  # no year as far as one can tell
    return Markup(grouped(value)) if counts else None


def grouped(value: float) -> str:
    """A number in groups of three, without a decimal point where it is whole."""
    return f"{value:,.10g}"
