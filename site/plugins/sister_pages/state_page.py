"""One U.S. state: its ties, its law on them and its places, as values for its page."""

import sqlite3
from collections import Counter
from typing import Any

from datasette import NotFound, Response
from datasette.app import Datasette
from datasette.utils.asgi import Request

from sister_pages.context import context_of
from sister_pages.evidence import SOURCED, rows
from sister_pages.map import small_map

TIES = "SELECT * FROM pairs_overview WHERE us_division = ? ORDER BY us_place, partner_place, pair_id"
LAWS = f"""
SELECT laws.*, publisher, sources.title AS source_title, url
FROM laws {SOURCED} AS sources USING (source_id) JOIN places USING (place_id)
WHERE admin1_name = ? ORDER BY effective_on, law_id"""
PLACES = """
SELECT place_id, name, kind, (SELECT count(*) FROM pairs WHERE us_place_id = place_id) AS ties
FROM places WHERE country = 'US' AND admin1_name = ? ORDER BY name, place_id"""


async def state(datasette: Datasette, request: Request) -> Response:
    """The page of a state. Raises NotFound where no place of the record lies in it."""
    site = context_of(datasette)
    names = [name for name, code in site.states.items() if code == request.url_vars["code"]]
    if not names:
        raise NotFound("No place of the record lies in a state of these letters")
    page = await site.database.execute_fn(lambda db: read_state(db, names[0]))
    return Response.html(await datasette.render_template("state.html", {"page": page}, request=request))


def read_state(db: sqlite3.Connection, name: str) -> dict[str, Any]:
    """A state by its name, with its ties and how many have each status, its laws and its places."""
    ties = rows(db, TIES, name)
    return {
        "name": name,
        "ties": ties,
        "counts": Counter(tie["status"] for tie in ties),
        "laws": rows(db, LAWS, name),
        "places": rows(db, PLACES, name),
        **small_map(db, ties),
    }
