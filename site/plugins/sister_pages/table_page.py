"""The pages of tables and views: their columns, their rows as HTML, and what narrows them down.

Datasette asks every plugin about every cell of a table, which took half of the time of a page. Jinja's loops,
made for values to wait for, take three times as long as Python's.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from datasette.database import QueryInterrupted
from datasette.facets import ColumnFacet
from datasette.utils import escape_sqlite, path_with_added_args, path_with_removed_args
from datasette.views import table as datasette_table
from datasette.views.table import TableView
from markupsafe import Markup, escape

from sister_pages.cells import LONG, Others, shown
from sister_pages.context import Context

TIE = {"us_place", "partner_place"}
NAMED_BY_TIE = TIE | {"event_id"}  # its page leads to the events
FOLDED = 150  # letters from which a text is shown in part until it is opened
SHORT = 12  # letters up to which a text stays on one line
AT_ONCE = 20  # rows that are written before other requests have their turn


def aside(columns: Sequence[str]) -> set[str]:
    """The columns that readers need not see: how far a date is known, and what the name of the tie says.

    >>> sorted(aside(["pair_id", "us_place", "partner_place", "status_since", "status_since_precision"]))
    ['partner_place', 'status_since_precision', 'us_place']
    """
    known = {column for column in columns if column.removesuffix("_precision") in set(columns) - {column}}
    known |= {"day"} & set(columns)  # the page says as of which day it answers
    return known | (NAMED_BY_TIE & set(columns) if {"pair_id", *TIE} <= set(columns) else set())


def order(columns: Sequence[str], table: str | None = None) -> list[int]:
    """The positions of the columns as they are shown: the tie comes first, but of a table or view nothing."""
    first = "pair_id" if set(columns) >= TIE and not table else ""
    return sorted(range(len(columns)), key=lambda place: (columns[place] != first, place))


def numbers(columns: Sequence[str], rows: Sequence[Any]) -> set[str]:
    """The columns that hold numbers, whose headings stand to the right as they do."""
    return {name for name, *cells in zip(columns, *rows, strict=True) if "number" in map(cell_class, cells)}


class TablePage(TableView):  # type: ignore[misc]
    """A page of Datasette's without the labels of foreign keys, which cells look up by themselves."""

    async def data(self, request: Any, default_labels: bool = False, **more: Any) -> Any:
        """What the template is given, and JSON: of a question also what its parameters meant."""
        given = await super().data(request, **more)
        if isinstance(given, tuple):
            given[0]["answers"] = request.scope["answers"]
            self.next_url = given[0].get("next_url")
        return given

    async def as_csv(self, request: Any, database: str) -> Any:
        """A part of a table as CSV leads to the next part, as JSON does."""
        response = await super().as_csv(request, database)
        if self.next_url and not request.args.get("_stream"):
            response.headers["link"] = f'<{self.next_url}>; rel="next"'
        return response


async def page_columns(
    datasette: Any, database: str, table: str, description: Any, rows: Any, link_column: bool, **more: Any
) -> tuple[list[dict[str, Any]], list[Any]]:
    """The columns of a table's page, its key first, and no rows: `rows_as_html` writes them."""
    names = [column[0] for column in description]
    keys = await datasette.databases[database].primary_keys(table) if link_column else []
    first = keys if len(keys) == 1 else ["Link"] if keys else []
    others = [name for name in names if name not in first]
    sortable = more["sortable_columns"]
    return [{"name": name, "sortable": name in sortable} for name in [*first, *others]], []


datasette_table.display_columns_and_rows = page_columns


async def rows_as_html(
    site: Context,
    columns: Sequence[str],
    rows: Sequence[Any],
    table: str | None = None,
    keys: Sequence[str] = (),
    plain: Sequence[Sequence[Any]] = (),
) -> Markup:
    """The rows of a table, view or answer (no `table`); those of a table begin with their name.

    `plain` is what Datasette shows of each cell where we do not.
    """
    hidden = aside(columns)
    places = [place for place in order(columns, table) if [columns[place]] != keys]
    lines = []
    for row, otherwise in zip(rows, plain or rows, strict=True):
        values = tuple(row)
        cell_of = dict(zip(columns, values, strict=True)).get
        line = [row_header(site, table, keys, cell_of)] if table and keys else []
        for place in places:
            name, value = columns[place], values[place]
            html = shown(value, name, table, cell_of, site) or otherwise[place]
            line.append(one_cell(value, html, name in hidden))
        lines.append(f"<tr>{''.join(line)}</tr>")
        if len(lines) % AT_ONCE == 0:
            await asyncio.sleep(0)
    return Markup("\n".join(lines))


def row_header(site: Context, table: str, columns: Sequence[str], cell_of: Others) -> str:
    """The name of a row, which leads to its page."""
    keys = [str(cell_of(column)) for column in columns]
    name, address = escape(site.row_name(columns, keys)), escape(site.link(table, *keys))
    return f'<th scope="row"><a href="{address}" title="{escape(",".join(keys))}">{name}</a></th>'


def one_cell(raw: Any, html: Any, hidden: bool) -> str:
    """A cell; an empty one shows nothing."""
    if isinstance(html, bytes):
        html = f"{len(html):,} bytes"
    text = "" if raw is None or raw == "" else escape(html)
    if isinstance(raw, str) and len(raw) > FOLDED and text == escape(raw):
        text = Markup('<details class="fold"><summary>{}</summary></details>').format(text)
    return f'<td class="{cell_class(raw)}{" aside" if hidden else ""}">{text}</td>'


def cell_class(value: Any) -> str:
    """How a cell is set: numbers to the right, short text on one line, long text wide."""
    if isinstance(value, int | float):
        return "number"
    length = len(value) if isinstance(value, str) else 0
    return "long" if length > LONG else "short" if length <= SHORT else ""


class FacetWithEmpty(ColumnFacet):  # type: ignore[misc]
    """The values of a column with their counts, the most frequent first, and the empty cells last."""

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The facets, and the columns for which there was no time."""
        facets, timed_out = await super().facet_results()
        counts = [f"sum(coalesce({escape_sqlite(facet['name'])}, '') = '')" for facet in facets]
        if not counts:
            return facets, timed_out
        sql = f"select {', '.join(counts)} from ({self.sql})"
        with suppress(QueryInterrupted):
            (row,) = await self.ds.execute(self.database, sql, self.params)
            for facet, count in zip(facets, row, strict=True):
                facet["results"][:] = [one for one in facet["results"] if one["value"] != ""]
                if count:
                    facet["results"].append(self.empty(facet["name"], count))
        return facets, timed_out

    def empty(self, column: str, count: int) -> dict[str, Any]:
        """The empty cells of a column as one more value."""
        filtered = {f"{column}__isblank": "1"}
        selected = set(filtered.items()) <= set(self.get_querystring_pairs())
        path = (path_with_removed_args if selected else path_with_added_args)(self.request, filtered)
        address = self.ds.absolute_url(self.request, self.ds.urls.path(path))
        return {"value": None, "label": "", "count": count, "toggle_url": address, "selected": selected}
