"""The latest decisions as an Atom feed (RFC 4287) at `/-/decisions.atom`."""

import re
import uuid
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from datasette import Response

from sister_pages.context import context_of

ATOM = "http://www.w3.org/2005/Atom"
LATEST = 100
# Ids name the package and the event, so that they stay when the site moves to another address.
IDS = uuid.uuid5(uuid.NAMESPACE_OID, "sister-cities-in-wartime")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

DECISIONS = f"""
SELECT event_id, event, occurred_on, pair_id, us_place, partner_place, summary, url
FROM decisions JOIN (SELECT source_id, url FROM sources) USING (source_id)
WHERE earliest >= '2022-02-24'
ORDER BY occurred_on DESC, event_id LIMIT {LATEST}"""


async def decisions(datasette: Any, request: Any) -> Response:
    """The feed."""
    site, urls = context_of(datasette), datasette.urls
    feed = Element("feed", xmlns=ATOM)
    add(feed, "id", IDS.urn)
    add(feed, "title", f"{site.package['title']}: decisions")
    add(feed, "subtitle", site.package["description"])
    add(feed, "updated", site.package["created"])
    add(feed, "rights", site.package["licence"])
    add(SubElement(feed, "author"), "name", site.package["title"])
    here, home = (site.whole(request, urls.path(path)) for path in ("/-/decisions.atom", "/"))
    SubElement(feed, "link", rel="self", href=here, type="application/atom+xml")
    SubElement(feed, "link", rel="alternate", href=home, type="text/html")
    for row in (await site.database.execute(DECISIONS)).rows:
        add_entry(feed, row, site.whole(request, site.link("pairs", row["pair_id"])))
    body = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def add(parent: Element, name: str, text: str) -> None:
    """Append an element with a text, without the characters that XML 1.0 has no way to write."""
    SubElement(parent, name).text = NOT_XML.sub("", text)


def add_entry(feed: Element, row: Any, page: str) -> None:
    """Append one decision; a date known only to the month or year is that period's first day."""
    entry = SubElement(feed, "entry")
    add(entry, "id", uuid.uuid5(IDS, row["event_id"]).urn)
    add(entry, "title", f"{row['us_place']} and {row['partner_place']}: {row['event']}")
    add(entry, "published", f"{row['occurred_on']}T00:00:00Z")
    add(entry, "updated", f"{row['occurred_on']}T00:00:00Z")
    add(entry, "summary", row["summary"] or row["event"])
    SubElement(entry, "link", rel="alternate", href=page, type="text/html")
    if row["url"]:
        SubElement(entry, "link", rel="via", href=NOT_XML.sub("", row["url"]))
