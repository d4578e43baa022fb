"""What machines find the record by: sitemap, robots.txt, a feed of decisions, schema.org's description."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from datasette import Response
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from sister_pages.context import Context, context_of
from sister_pages.svg import element

XML = "<?xml version='1.0' encoding='utf-8'?>"
# RFC 9309: the longest matching rule wins, so pages are open and every address with a query is not.
ROBOTS = """User-agent: *
Allow: /
Disallow: /*?

Sitemap: {}
"""
# Ids name the package and the event, so that they stay when the site moves to another address.
IDS = uuid.uuid5(uuid.NAMESPACE_OID, "sister-cities-in-wartime")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 cannot write them
DECISIONS = """
SELECT event_id, event, occurred_on, pair_id, us_place, partner_place, summary, url
FROM decisions JOIN sources USING (source_id)
WHERE earliest >= '2022-02-24'
ORDER BY occurred_on DESC, event_id LIMIT 100"""
ENTRY = Markup(
    "<entry><id>{id}</id><title>{title}</title><published>{day}</published><updated>{day}</updated>"
    '<summary>{summary}</summary><link rel="alternate" href="{page}" type="text/html"/>{via}</entry>'
)
Json = dict[str, Any]
# What is said of the whole and holds for each table.
OF_PARTS = ("version", "license", "creator", "temporalCoverage", "spatialCoverage", "isAccessibleForFree")


async def robots(datasette: Any, request: Any) -> Response:
    """Which addresses to crawl."""
    return Response.text(ROBOTS.format(datasette.absolute_url(request, datasette.urls.path("/sitemap.xml"))))


async def sitemap(datasette: Any, request: Any) -> Response:
    """Every page with an address of its own, by https://www.sitemaps.org/protocol.html."""
    site = context_of(datasette)
    host, changed = site.whole(request, "/")[:-1], element("lastmod", site.package["created"])
    urls = [element("url", [element("loc", f"{host}{path}"), changed]) for path in paths(site)]
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


async def feed(datasette: Any, request: Any) -> Response:
    """The latest decisions in Atom (RFC 4287)."""
    site, urls = context_of(datasette), datasette.urls
    title, host = site.package["title"], site.whole(request, "/")[:-1]
    parts = [
        element("id", IDS.urn),
        element("title", f"{title}: decisions"),
        element("subtitle", site.package["description"]),
        element("updated", site.package["created"]),
        element("rights", site.package["licence"]),
        element("author", [element("name", title)]),
        element("link", rel="self", href=host + urls.path("/-/decisions.atom"), type="application/atom+xml"),
        element("link", rel="alternate", href=host + urls.instance(), type="text/html"),
    ]
    for row in (await site.database.execute(DECISIONS)).rows:
        parts.append(entry(row, host + site.link("pairs", row["pair_id"])))
    text = NOT_XML.sub("", element("feed", parts, xmlns="http://www.w3.org/2005/Atom"))
    return Response(f"{XML}\n{text}", content_type="application/atom+xml; charset=utf-8")


def entry(row: Any, page: str) -> Markup:
    """One decision; a date known only to the month or year is that period's first day."""
    return ENTRY.format(
        id=uuid.uuid5(IDS, row["event_id"]).urn,
        title=f"{row['us_place']} and {row['partner_place']}: {row['event']}",
        day=f"{row['occurred_on']}T00:00:00Z",
        summary=row["summary"] or row["event"],
        page=page,
        via=element("link", rel="via", href=row["url"]) if row["url"] else "",
    )


def linked_data(site: Context, request: Any, table: str | None = None) -> Markup:
    """The package or one of its tables as JSON-LD, for the head of its page; nothing for a view.

    The element holds data, and so is no script for the Content-Security-Policy
    (https://html.spec.whatwg.org/#data-block).
    """
    if table and table not in site.contract.titles:
        return Markup("")
    described = part(site, request, table) if table else whole(site, request)
    common = {"@context": "https://schema.org/", "@type": "Dataset", "@id": described["url"]}
    text = htmlsafe_json_dumps(common | described | {"dateModified": site.package["created"]})
    return Markup('<script type="application/ld+json">{}</script>').format(text)


def whole(site: Context, request: Any) -> Json:
    """The package with a download and its tables."""
    database = site.datasette.urls.database(site.database.name)
    return site.data_set | {
        "citation": site.cited()["APA"],
        "url": site.whole(request, site.datasette.urls.instance()),
        "distribution": [download(f"{site.whole(request, database)}.db", "application/vnd.sqlite3")],
        "hasPart": [
            {"@type": "Dataset", "name": title, "url": address(site, request, table)}
            for table, title in site.contract.titles.items()
        ],
    }


def part(site: Context, request: Any, table: str) -> Json:
    """A table with its columns and downloads."""
    url = address(site, request, table)
    return {name: site.data_set[name] for name in OF_PARTS} | {
        "identifier": f"{site.data_set['identifier']}/{table}",
        "url": url,
        "name": site.contract.titles[table],
        "description": site.datasette.table_metadata(site.database.name, table)["description"],
        "isPartOf": {"@id": site.whole(request, site.datasette.urls.instance())},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column, "description": field.description}
            for (name, column), field in site.contract.fields.items()
            if name == table
        ],
        "distribution": [
            download(f"{url}.csv?_stream=on", "text/csv"),
            download(f"{url}.json?_shape=array", "application/json"),
        ],
    }


def address(site: Context, request: Any, table: str) -> str:
    """The whole address of a table."""
    return site.whole(request, site.datasette.urls.table(site.database.name, table))


def download(url: str, kind: str) -> Json:
    """A file to take away."""
    return {"@type": "DataDownload", "contentUrl": url, "encodingFormat": kind}
