"""The pages of the site: hooks of Datasette, which hand over to the modules of sister_pages."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import urlsafe_components
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

# Datasette loads this file alone, by its path; what it is made of lies beside it.
if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

from sister_pages import cells, dates, questions, status
from sister_pages.axes import NARROW, WIDE
from sister_pages.basemap import HEIGHT, LABELS, LEADER, WIDTH, basemap
from sister_pages.dossier import read_dossier
from sister_pages.evidence import read_about, read_evidence
from sister_pages.known import Known, known, learn
from sister_pages.place_page import read_place
from sister_pages.source_page import read_source
from sister_pages.tables import result_rows, table_rows

MONTH = 30 * 24 * 3600  # seconds


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Read the names of all rows once, and give the templates what every page needs.

    As globals, not as the variables of a request: Datasette renders its error page without the latter.
    """

    async def read() -> None:
        site = await learn(datasette)
        datasette.jinja_env.globals.update(
            site=site,
            site_database=site.database.name,
            contract=site.contract,
            outward=cells.outward,
            spoken=dates.spoken,
            is_older=status.is_older,
            statuses=status.STATUSES,
            countries=status.COUNTRIES,
            map_size=(WIDTH, HEIGHT),
            parted=questions.parted,
            fields_of=partial(questions.parameters, contract=site.contract),
            drawn=drawn,
            grouped=cells.grouped,
            table_rows=table_rows,
            result_rows=result_rows,
            map_labels=LABELS,
            map_leader=LEADER,
        )

    return read


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """The outlines of the map, which every page that shows one uses."""
    return [(r"^/-/basemap\.svg$", basemap_view)]


async def basemap_view() -> Response:
    """The outlines; their address changes with them, so that a reader's copy may be kept."""
    headers = {"cache-control": f"public, max-age={MONTH}"}
    return Response(basemap(), content_type="image/svg+xml; charset=utf-8", headers=headers)


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Datasette) -> Markup | None:
    """Names for keys, words for codes, links for addresses."""
    site = known(datasette)
    if isinstance(value, dict):  # Datasette has looked up the label of a foreign key
        value = value["value"]

    def others(name: str) -> Any:
        return row[name] if name in row.keys() else None  # noqa: SIM118 (a sqlite3.Row iterates its values)

    return cells.shown(value, column, table, others, site.words)


@hookimpl
def extra_template_vars(
    table: str | None, view_name: str | None, request: Request | None, datasette: Datasette
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What the home page and the page of a row show besides what Datasette gives their templates."""

    async def values() -> dict[str, Any]:
        if view_name == "index":
            return {"home": await known(datasette).home(date.today())}
        if view_name == "row" and request and table:
            return await row_values(known(datasette), table, request)
        return {}

    return values


async def row_values(site: Known, table: str, request: Request) -> dict[str, Any]:
    """What a row's page shows besides the row."""
    keys = urlsafe_components(request.url_vars["pks"])
    key = keys[0]
    readers: dict[str, Callable[..., Any]] = {
        "pairs": lambda db: {"dossier": read_dossier(db, key, date.today())},
        "places": lambda db: {"found": read_place(db, key)},
        "sources": lambda db: {"found": read_source(db, key)},
        "statements": lambda db: {"about": read_about(db, key), "evidence": read_evidence(db, table, key)},
    }
    read = readers.get(table, lambda db: {"evidence": read_evidence(db, table, key)})
    return {"key": key, "keys": keys, **await site.database.execute_fn(read)}


def drawn(wanted: Mapping[str, Any] | None, rows: Any) -> list[Markup]:
    """The chart of an answer in both its widths, or nothing."""
    if not wanted:
        return []
    found = [dict(zip(row.keys(), tuple(row), strict=True)) for row in rows]
    both = [questions.chart_of(wanted, found, width) for width in (WIDE, NARROW)]
    return [chart for chart in both if chart]
