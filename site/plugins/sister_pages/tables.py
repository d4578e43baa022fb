"""The rows of a table as HTML. Jinja's loops, made for values to wait for, take three times as long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from sister_pages.cells import LONG
from sister_pages.context import Context

SHORT = 12  # letters up to which a text stays on one line


def table_rows(
    site: Context, table: str, keys: Sequence[str], shown: Iterable[Any], rows: Iterable[Any]
) -> Markup:
    """The rows of a table or view, each as Datasette shows it, which may begin with its key, and as it is."""
    lines = []
    for cells, row in zip(shown, rows, strict=False):
        first, *others = cells
        start = row_header(site, table, keys, row) if first["value_type"] == "pk" else cell_of(first)
        lines.append(f"<tr>{start}{''.join(map(cell_of, others))}</tr>")
    return Markup("\n".join(lines))


def row_header(site: Context, table: str, columns: Sequence[str], row: Any) -> str:
    """The name of a row, which leads to its page."""
    values = [row[column] for column in columns]
    keys = [str(value["value"] if isinstance(value, dict) else value) for value in values]
    name, address = escape(site.row_name(table, columns, keys)), escape(site.link(table, *keys))
    return f'<th scope="row"><a href="{address}" title="{escape(",".join(keys))}">{name}</a></th>'


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
