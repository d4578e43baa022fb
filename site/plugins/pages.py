"""The pages of the site: hooks of Datasette, which hand over to the modules of sister_pages."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from datasette import NotFound, Response, hookimpl
from datasette.app import Datasette
from datasette.facets import ArrayFacet, DateFacet, Facet
from datasette.plugins import pm
from datasette.utils import urlsafe_components
from datasette.utils.asgi import BadRequest, Request
from markupsafe import Markup

# Datasette loads this file alone, by its path; what it is made of lies beside it.
if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

from sister_pages import cells, dates, parameters, questions
from sister_pages.axes import NARROW, WIDE
from sister_pages.context import Context, context_of, load
from sister_pages.embed_page import Embedded, chart_style, read_embedded, standalone
from sister_pages.evidence import read_about, read_evidence, read_subject
from sister_pages.facets import FacetWithEmpty
from sister_pages.home_page import Home, read_home
from sister_pages.linked_data import linked_data
from sister_pages.map import LABELS, LEADER, VIEWS
from sister_pages.place_page import read_place
from sister_pages.source_page import read_source
from sister_pages.sql_page import marked, named
from sister_pages.state_page import read_state
from sister_pages.table_page import aside, order, result_rows, table_rows
from sister_pages.tie_page import read_dossier

SHARE = "share_suspended_or_ended"  # the question that the first figure of the home page answers
TIMELINE = "Decisions on sister-city ties, and civilian casualties in Ukraine"


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Load the context once, and give the templates what every page needs.

    As globals, not as the variables of a request: Datasette renders its error page without the latter.
    """
    if pm.has_plugin("datasette.facets"):
        pm.unregister(name="datasette.facets")

    async def read() -> None:
        site = await load(datasette)
        datasette.jinja_env.globals.update(
            site=site,
            site_database=site.database.name,
            contract=site.contract,
            outward=cells.outward,
            spoken=dates.spoken,
            map={"VIEWS": VIEWS, "LABELS": LABELS, "LEADER": LEADER},
            fields_of=partial(
                questions.parameters, as_of=site.as_of, names=site.names["places"] | site.names["pairs"]
            ),
            drawn=drawn,
            grouped=cells.grouped,
            linked_data=partial(linked_data, site),
            table_rows=table_rows,
            result_rows=result_rows,
            aside=aside,
            order=order,
            named=named,
            marked=marked,
        )

    return read


@hookimpl
def register_facet_classes() -> list[type[Facet]]:
    """Datasette's facets, with ours in the place of that of a column."""
    return [FacetWithEmpty, DateFacet, ArrayFacet]


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """`/state/TX`, a state by its two letters; `/embed/NAME`, a chart or the map by itself, and its SVG."""
    return [(r"/state/(?P<code>[A-Z]{2})$", state), (r"/embed/(?P<name>\w+)(?P<svg>\.svg)?$", embed)]


async def embed(datasette: Datasette, request: Request) -> Response:
    """The map, the timeline of the home page, or the chart of a question or table.

    Raises NotFound where there is none.
    """
    site, name, home = context_of(datasette), request.url_vars["name"], None
    if name in ("map", "timeline"):
        home = await read_day(site, request.args.get("date") or site.as_of)
        title = {"map": f"Sister-city ties on {dates.spoken(home.day)}", "timeline": TIMELINE}[name]
        found = Embedded(title, [home.wide, home.narrow], str(datasette.urls.path(f"/#{name}")))
    else:
        found = await read_embedded(site, name, request.query_string)
    if not request.url_vars["svg"]:
        shown = {"found": found, "name": name, "home": home, "view": view_of(request.args)}
        return Response.html(await datasette.render_template("embed.html", shown, request=request))
    if name == "map" or not found.charts:
        raise NotFound("There is no such chart")
    package = site.package
    origin = f"{package['title']} {package['version']}, {package['licence']}, {site.as_of}"
    style = chart_style((Path(datasette.static_mounts[0][1]) / "site.css").read_text("utf-8"))
    body = standalone(found.charts[0], found.title, origin, style)
    return Response(body, content_type="image/svg+xml; charset=utf-8")


async def state(datasette: Datasette, request: Request) -> Response:
    """The page of a state. Raises NotFound where no place of the record lies in it."""
    site = context_of(datasette)
    name = next((name for name, code in site.states.items() if code == request.url_vars["code"]), None)
    if name is None:
        raise NotFound("No place of the record lies in a state of these letters")
    found = await site.database.execute_fn(lambda db: read_state(db, name))
    return Response.html(await datasette.render_template("state.html", {"found": found}, request=request))


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Datasette) -> Markup | None:
    """The cells of a row on its page; table_page.py writes those of many rows."""
    if table is None:
        return None

    def others(name: str) -> Any:
        return row[name] if name in row.keys() else None  # noqa: SIM118 (a sqlite3.Row iterates its values)

    return cells.shown(value, column, table, others, context_of(datasette))


@hookimpl
def extra_template_vars(
    table: str | None, view_name: str | None, request: Request | None, datasette: Datasette
) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What the home page and the page of a row show besides what Datasette gives their templates."""

    async def values() -> dict[str, Any]:
        site = context_of(datasette)
        if view_name == "index" and request:
            return {"home": await home_page(site, request.args)}
        if view_name == "row" and request and table:
            return await row_values(site, table, request)
        return {}

    return values


async def home_page(site: Context, asked: Mapping[str, str]) -> Markup:
    """The home page on an ISO day, with a part of the map; that of the day of the data is written once.

    Raises BadRequest where the day is none.
    """
    day, view = asked.get("date") or site.as_of, view_of(asked)
    if f"{day} {view}" in site.cache:
        return site.cache[f"{day} {view}"]
    home = await read_day(site, day)
    queries = await site.datasette.get_canned_queries(site.database.name, None)
    template = site.datasette.jinja_env.get_template("_home.html")
    text = await template.render_async(
        home=home, view=view, urls=site.datasette.urls, questions=list(queries.values())
    )
    if day == site.as_of:
        site.cache[f"{day} {view}"] = Markup(text)
    return Markup(text)


def view_of(asked: Mapping[str, str]) -> str:
    """The part of the map that is asked for; of others the whole."""
    return asked["view"] if asked.get("view") in VIEWS else ""


async def read_day(site: Context, day: str) -> Home:
    """What the home page shows of an ISO day. Raises BadRequest where the day is none."""
    if not dates.is_day(day):
        raise BadRequest(f"{parameters.said('day')}.")
    queries = await site.datasette.get_canned_queries(site.database.name, None)
    share = queries[SHARE]["sql"]
    home: Home = await site.database.execute_fn(lambda db: read_home(db, site, day, share))
    return home


async def row_values(site: Context, table: str, request: Request) -> dict[str, Any]:
    """What a row's page shows besides the row."""
    keys = urlsafe_components(request.url_vars["pks"])
    key = keys[0]
    readers: dict[str, Callable[..., Any]] = {
        "pairs": lambda db: {"dossier": read_dossier(db, key, site.as_of)},
        "places": lambda db: {"found": read_place(db, key)},
        "sources": lambda db: {"found": read_source(db, key)},
        "statements": lambda db: {"about": read_about(db, key), "evidence": read_evidence(db, table, key)},
    }
    if table in site.contract.derived:
        readers[table] = lambda db: {
            "subject": read_subject(db, table, keys),
            "evidence": read_evidence(db, table, key),
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
