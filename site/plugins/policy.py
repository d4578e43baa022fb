"""The data policy at `/-/policy`: what is counted and how, and how to cite and correct it."""

from __future__ import annotations

from typing import Any

from datasette import Response, hookimpl

FIGURES = """
SELECT (SELECT count(*) FROM pairs) AS ties, (SELECT count(*) FROM sources) AS sources,
       (SELECT count(*) FROM disagreements) AS disagreements,
       (SELECT count(*) FROM corrections) AS corrections
"""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """The policy's address."""
    return [(r"/-/policy$", policy)]


async def policy(datasette: Any, request: Any) -> Response:
    """The page."""
    database = datasette.get_database()
    told = {
        "package": (await database.execute("SELECT * FROM package")).first(),
        "figures": (await database.execute(FIGURES)).first(),
        "database_path": datasette.urls.database(database.name),
    }
    return Response.html(await datasette.render_template("policy.html", told, request=request))
