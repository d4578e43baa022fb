"""What leads machines here: robots.txt and sitemap.xml."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from datasette import Response, hookimpl
from datasette.utils import tilde_encode

if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

from sister_pages.context import context_of

ROWS_WITH_PAGES = {"pairs": "pair_id", "places": "place_id", "sources": "source_id"}
# RFC 9309: the longest matching rule wins, so pages are open and every address with a query is not.
ROBOTS = """User-agent: *
Allow: /
Disallow: /*?

Sitemap: {}
"""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """`/robots.txt` and `/sitemap.xml`."""
    return [(r"/robots\.txt$", robots), (r"/sitemap\.xml$", sitemap)]


async def robots(datasette: Any, request: Any) -> Response:
    """Which addresses to crawl."""
    return Response.text(ROBOTS.format(datasette.absolute_url(request, datasette.urls.path("/sitemap.xml"))))


async def sitemap(datasette: Any, request: Any) -> Response:
    """Every page with an address of its own, by https://www.sitemaps.org/protocol.html."""
    top = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    (created,) = (await datasette.get_database().execute("SELECT created FROM package")).first()
    async for path in paths(datasette):
        url = ElementTree.SubElement(top, "url")
        ElementTree.SubElement(url, "loc").text = datasette.absolute_url(request, path)
        ElementTree.SubElement(url, "lastmod").text = created
    body = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/xml; charset=utf-8")


async def paths(datasette: Any) -> AsyncIterator[str]:
    """Home, documents, states, the database, its tables and questions, and the rows that have pages."""
    database, urls = datasette.get_database(), datasette.urls
    hidden = set(await database.hidden_table_names())
    shown = datasette.metadata("databases").get(database.name, {}).get("tables", {})
    hidden |= {name for name, table in shown.items() if table.get("hidden") or table.get("derived")}
    yield urls.instance()
    for template in datasette.jinja_env.list_templates(filter_func=lambda name: name.startswith("pages/")):
        yield urls.path(template.removeprefix("pages").removesuffix(".html"))
    for name in (site := context_of(datasette)).states:
        yield str(site.state(name))
    yield urls.database(database.name)
    for name in await database.table_names():
        if name not in hidden:
            yield urls.table(database.name, name)
    for name in await datasette.get_canned_queries(database.name, None):
        yield urls.query(database.name, name)
    for table, key in ROWS_WITH_PAGES.items():
        for (value,) in (await database.execute(f"SELECT {key} FROM {table} ORDER BY 1")).rows:
            yield urls.row(database.name, table, tilde_encode(value))
