"""The rows of a table as HTML. Jinja's loops, made for values to wait for, take three times as long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from markupsafe import Markup, escape

from sister_pages.cells import LONG

SHORT = 12  # letters up to which a text stays on one line


class Names(Protocol):
    """What names rows and leads to their pages."""

    def link(self, table: str, *keys: str) -> str:
        """The address of a row's page."""

    def row_name(self, table: str, columns: Sequence[str], keys: Sequence[str]) -> str:
        """The name of a row."""


def table_rows(site: Names, table: str, keys: Sequence[str], rows: Iterable[Any]) -> Markup:
    """The rows of a table or view, of Datasette's cells; the first is the row's key if it has a page."""
    lines = []
    for row in rows:
        first, *others = row
        start = row_header(site, table, keys, first["raw"]) if first["value_type"] == "pk" else cell_of(first)
        lines.append(f"<tr>{start}{''.join(map(cell_of, others))}</tr>")
    return Markup("\n".join(lines))


def row_header(site: Names, table: str, keys: Sequence[str], raw: str) -> str:
    """The name of a row, which leads to its page."""
    own = raw.split(",") if len(keys) > 1 else [raw]
    name, address = escape(site.row_name(table, keys, own)), escape(site.link(table, *own))
    return f'<th scope="row"><a href="{address}" title="{escape(raw)}">{name}</a></th>'


def result_rows(shown: Iterable[Sequence[Any]], rows: Iterable[Sequence[Any]]) -> Markup:
    """The rows of a query: what is shown of each, and the values."""
    return Markup(
        "\n".join(
            f"<tr>{''.join(map(one_cell, tuple(values), cells))}</tr>"
            for cells, values in zip(shown, rows, strict=True)
        )
    )


def cell_of(cell: dict[str, Any]) -> str:
    """A cell as Datasette gives it."""
    return one_cell(cell["raw"], cell["value"])


def one_cell(raw: Any, shown: Any) -> str:
    """A cell; an empty one shows nothing."""
    text = "" if raw is None or raw == "" else escape(shown)
    return f'<td class="{cell_class(raw)}">{text}</td>'


def cell_class(value: Any) -> str:
    """How a cell is set: numbers to the right, short text on one line, long text wide."""
    if isinstance(value, int | float):
        return "number"
    length = len(value) if isinstance(value, str) else 0
    return "long" if length > LONG else "short" if length <= SHORT else ""
