"""The pages of the site: hooks of Datasette, which hand over to the modules of sister_pages."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from click import ClickException
from datasette import hookimpl
from datasette.app import Datasette
from datasette.facets import ArrayFacet, DateFacet, Facet
from datasette.plugins import pm
from datasette.utils import urlsafe_components
from datasette.utils.asgi import Request
from markupsafe import Markup

# Datasette loads this file alone, by its path; what it is made of lies beside it.
if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

from sister_pages.cells import grouped, outward, shown
from sister_pages.charts import charts_of
from sister_pages.context import context_of, load
from sister_pages.dates import spoken
from sister_pages.detail_pages import read_row, state
from sister_pages.discovery import feed, linked_data, robots, sitemap
from sister_pages.embed_page import embed
from sister_pages.home_page import home_page
from sister_pages.map import LABELS, LEADER, VIEWS, marks
from sister_pages.parameters import fields_of
from sister_pages.question_page import answer, marked, named
from sister_pages.table_page import FacetWithEmpty, aside, numbers, order, rows_as_html

SHARED = (aside, charts_of, grouped, marked, named, numbers, order, outward, spoken)  # with templates


@hookimpl
async def startup(datasette: Datasette) -> None:
    """Load the context once, and give the templates what every page needs.

    As globals, not as the variables of a request: Datasette renders its error page without the latter.
    Raises ClickException without the guard, which has read the state that is served.
    """
    if not pm.has_plugin("guard.py"):
        raise ClickException("plugins/guard.py is missing, so nothing is served. Build it again: make build")
    if pm.has_plugin("datasette.facets"):
        pm.unregister(name="datasette.facets")
    site = await load(datasette)
    datasette.jinja_env.globals.update(
        site=site,
        site_database=site.database.name,
        contract=site.contract,
        map={"VIEWS": VIEWS, "LABELS": LABELS, "LEADER": LEADER, "marks": marks},
        fields_of=partial(fields_of, as_of=site.as_of, names=site.names["places"] | site.names["pairs"]),
        linked_data=partial(linked_data, site),
        rows_as_html=partial(rows_as_html, site),
        **{one.__name__: one for one in SHARED},
    )


@hookimpl
def register_facet_classes() -> list[type[Facet]]:
    """Datasette's facets, with ours in the place of that of a column."""
    return [FacetWithEmpty, DateFacet, ArrayFacet]


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Addresses that Datasette has not, and in the place of its own those of tables and questions."""
    name = datasette.get_database().name
    return [
        (r"/state/(?P<code>[A-Z]{2})$", state),  # by its two letters
        (r"/embed/(?P<name>\w+)(?P<svg>\.svg)?$", embed),
        (r"/-/decisions\.atom$", feed),
        (r"/robots\.txt$", robots),
        (r"/sitemap\.xml$", sitemap),
        (rf"/(?P<database>{name})/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$", answer),
    ]


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Datasette) -> Markup | None:
    """The cells of a row on its page; table_page.py writes those of many rows."""
    if table is None:
        return None
    return shown(value, column, table, dict(row).get, context_of(datasette))


@hookimpl
async def extra_template_vars(
    table: str | None, view_name: str | None, request: Request | None, datasette: Datasette
) -> dict[str, Any]:
    """What the home page and the page of a row show besides what Datasette gives their templates."""
    site = context_of(datasette)
    if view_name == "index" and request:
        return {"home": await home_page(site, request.args)}
    if view_name == "row" and request and table:
        keys = urlsafe_components(request.url_vars["pks"])
        beside = await site.database.execute_fn(lambda db: read_row(db, site, table, keys))
        return {"key": keys[0], "keys": keys, **beside}
    return {}
