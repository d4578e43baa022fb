"""One cell of a table as a reader should see it: names for keys, words for codes, links for addresses."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from sister_pages.context import Context, Contract, Field, code
from sister_pages.dates import written

LONGEST_ADDRESS = 48  # letters of an address that are shown
LONG = 60  # letters from which a cell is set wide
Others = Callable[[str], Any]  # a column to the cell of the same row, None where there is no such column


def shown(value: Any, column: str, table: str | None, others: Others, site: Context) -> Markup | None:
    """The cell as HTML, or None where it is shown as it is."""
    if value is None or value == "" or isinstance(value, bytes):
        return None
    key = str(value)
    leads_to = other_table(column, others, site.contract)
    if leads_to and key in site.names.get(leads_to, {}):
        return linked(site.names[leads_to][key], key, site.link(leads_to, key))
    if column == "us_division" and (address := site.state(key)):
        return Markup('<a href="{}">{}</a>').format(address, key)
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return outward(value)
    precision = others(f"{column}_precision") if isinstance(value, str) else None
    if precision in ("month", "year"):
        return Markup('<span class="date">{}</span>').format(written(key, precision))
    return coded(value, column, table, site.contract)


def other_table(column: str, others: Others, contract: Contract) -> str | None:
    """The table that a cell holds a key of; that of a citation's `row_id` stands in the row."""
    return str(others("table_name")) if column == "row_id" else contract.keys.get(column)


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
    return Markup(grouped(value)) if counts(value, column, field) else None


def counts(value: Any, column: str, field: Field | None) -> bool:
    """Whether a value is a number of things: no key, and no year as far as one can tell."""
    if not isinstance(value, int) or column.endswith("_id"):
        return False
    return field.type == "integer" if field else "year" not in column


def grouped(value: float) -> str:
    """A number in groups of three, without a decimal point where it is whole."""
    return f"{value:,.10g}"
