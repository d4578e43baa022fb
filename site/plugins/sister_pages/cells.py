"""One cell of a table as a reader should see it: names for keys, words for codes, links for addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from sister_pages.contract import Contract
from sister_pages.dates import written
from sister_pages.names import Names

LONGEST_ADDRESS = 48  # letters of an address that are shown
RowLink = Callable[[str, str], str]  # table and key to the address of the row's page
Others = Callable[[str], Any]  # a column to the cell of the same row, None where there is no such column


def shown(
    value: Any, column: str, table: str | None, others: Others, contract: Contract, names: Names, link: RowLink
) -> Markup | None:  # fmt: skip
    """The cell as HTML, or None where it is shown as it is."""
    if value is None or value == "" or isinstance(value, bytes):
        return None
    leads_to = other_table(column, others, contract)
    if leads_to and str(value) in names.get(leads_to, {}):
        return linked(names[leads_to][str(value)], str(value), link(leads_to, str(value)))
    if isinstance(value, str) and value.startswith(("http://", "https://")) and " " not in value:
        return outward(value)
    precision = others(f"{column}_precision") if isinstance(value, str) else None
    if precision in ("month", "year"):
        return Markup('<span class="date">{}</span>').format(written(str(value), precision))
    return coded(value, column, table, contract)


def other_table(column: str, others: Others, contract: Contract) -> str | None:
    """The table that a cell holds a key of; that of a citation's `row_id` stands in the row."""
    return str(others("table_name")) if column == "row_id" else contract.keys.get(column)


def linked(name: str, key: str, address: str) -> Markup:
    """A row by its name, with its key to be seen by those who look for it."""
    return Markup('<a href="{}" title="{}">{}</a>').format(address, key, name)


def outward(address: str, text: str | None = None) -> Markup:
    """A link to another site; what is no http(s) address is text."""
    if not web_address(address):
        return Markup("{}").format(text or address)
    bare = address.split("://", 1)[1].removeprefix("www.").rstrip("/")
    short = bare if len(bare) <= LONGEST_ADDRESS else bare[: LONGEST_ADDRESS - 1] + "…"
    return Markup('<a href="{}" rel="noopener nofollow" class="outward">{}</a>').format(address, text or short)


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
    label = contract.label(table, column, value)
    if label:
        short = contract.short(table, column, value)
        return Markup('<span class="code" title="{}" data-value="{}">{}</span>').format(label, value, short)
    if isinstance(value, int) and abs(value) >= 10_000 and not column.endswith("_id"):
        return Markup(f"{value:,}")
    return None
