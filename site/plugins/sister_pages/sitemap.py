"""What leads machines here: robots.txt and sitemap.xml."""

from collections.abc import Iterator
from typing import Any

from datasette import Response

from sister_pages.context import Context, context_of
from sister_pages.svg import element

XML = "<?xml version='1.0' encoding='utf-8'?>"
# RFC 9309: the longest matching rule wins, so pages are open and every address with a query is not.
ROBOTS = """User-agent: *
Allow: /
Disallow: /*?

Sitemap: {}
"""


async def robots(datasette: Any, request: Any) -> Response:
    """Which addresses to crawl."""
    return Response.text(ROBOTS.format(datasette.absolute_url(request, datasette.urls.path("/sitemap.xml"))))


async def sitemap(datasette: Any, request: Any) -> Response:
    """Every page with an address of its own, by https://www.sitemaps.org/protocol.html."""
    site = context_of(datasette)
    changed = element("lastmod", site.package["created"])
    urls = [element("url", [element("loc", site.whole(request, path)), changed]) for path in paths(site)]
    top = element("urlset", urls, xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    return Response(f"{XML}\n{top}", content_type="application/xml; charset=utf-8")


def paths(site: Context) -> Iterator[str]:
    """Home, documents, states, the database, its tables and questions, and the rows that have pages."""
    name, urls = site.database.name, site.datasette.urls
    yield urls.instance()
    for template in site.datasette.jinja_env.list_templates(
        filter_func=lambda name: name.startswith("pages/")
    ):
        yield urls.path(template.removeprefix("pages").removesuffix(".html"))
    yield from map(site.state, site.states)
    yield urls.database(name)
    for table in (*site.contract.tables, "package", "releases", *site.questions):
        yield urls.table(name, table)
    for table in ("pairs", "places", "sources"):
        for key in sorted(site.names[table]):
            yield site.link(table, key)
