"""The rows of a table as HTML. Jinja's loops, made for values to wait for, take three times as long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from sister_pages.cells import LONG
from sister_pages.context import Context

TIE = {"us_place", "partner_place"}
NAMED_BY_TIE = TIE | {"event_id"}  # its page leads to the events
SHORT = 12  # letters up to which a text stays on one line


def aside(columns: Sequence[str]) -> set[str]:
    """The columns that readers need not see: how far a date is known, and what the name of the tie says.

    >>> sorted(aside(["pair_id", "us_place", "partner_place", "status_since", "status_since_precision"]))
    ['partner_place', 'status_since_precision', 'us_place']
    """
    known = {column for column in columns if column.removesuffix("_precision") in set(columns) - {column}}
    known |= {"day"} & set(columns)  # the page says as of which day it answers
    return known | (NAMED_BY_TIE & set(columns) if {"pair_id", *TIE} <= set(columns) else set())


def order(columns: Sequence[str]) -> list[int]:
    """The positions of an answer's columns as they are shown: the tie comes first."""
    first = "pair_id" if set(columns) >= TIE else ""
    return sorted(range(len(columns)), key=lambda place: (columns[place] != first, place))


def table_rows(
    site: Context, table: str, keys: Sequence[str], shown: Iterable[Any], rows: Iterable[Any]
) -> Markup:
    """The rows of a table or view, each as Datasette shows it, which may begin with its key, and as it is."""
    lines = []
    for cells, row in zip(shown, rows, strict=False):
        unneeded = aside([cell["column"] for cell in cells])
        first, *others = cells
        start = row_header(site, table, keys, row) if first["value_type"] == "pk" else cell_of(first, unneeded)
        lines.append(f"<tr>{start}{''.join(cell_of(cell, unneeded) for cell in others)}</tr>")
    return Markup("\n".join(lines))


def row_header(site: Context, table: str, columns: Sequence[str], row: Any) -> str:
    """The name of a row, which leads to its page."""
    values = [row[column] for column in columns]
    keys = [str(value["value"] if isinstance(value, dict) else value) for value in values]
    name, address = escape(site.row_name(table, columns, keys)), escape(site.link(table, *keys))
    return f'<th scope="row"><a href="{address}" title="{escape(",".join(keys))}">{name}</a></th>'


def result_rows(columns: Sequence[str], shown: Iterable[Sequence[Any]], rows: Iterable[Sequence[Any]]) -> Markup:
    """The rows of a query: what is shown of each, and the values."""
    unneeded = aside(columns)
    places = [(place, columns[place] in unneeded) for place in order(columns)]
    return Markup(
        "\n".join(
            f"<tr>{''.join(one_cell(values[place], cells[place], hidden) for place, hidden in places)}</tr>"
            for cells, values in zip(shown, map(tuple, rows), strict=True)
        )
    )


def cell_of(cell: dict[str, Any], unneeded: set[str]) -> str:
    """A cell as Datasette gives it."""
    return one_cell(cell["raw"], cell["value"], cell["column"] in unneeded)


def one_cell(raw: Any, shown: Any, hidden: bool = False) -> str:
    """A cell; an empty one shows nothing."""
    text = "" if raw is None or raw == "" else escape(shown)
    return f'<td class="{cell_class(raw)}{" aside" if hidden else ""}">{text}</td>'


def cell_class(value: Any) -> str:
    """How a cell is set: numbers to the right, short text on one line, long text wide."""
    if isinstance(value, int | float):
        return "number"
    length = len(value) if isinstance(value, str) else 0
    return "long" if length > LONG else "short" if length <= SHORT else ""
