"""A page for proxies and monitors: 200 while the database answers."""

from typing import Any

from click import ClickException
from datasette import Response, hookimpl
from datasette.plugins import pm


@hookimpl
def startup() -> None:
    """Raises ClickException without the guard."""
    if not pm.has_plugin("guard.py"):
        raise ClickException("plugins/guard.py is missing, so nothing is served. Build it again: make build")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """`/-/health`."""
    return [(r"/-/health$", health)]


async def health(datasette: Any) -> Response:
    """Which data are served, read from the database itself; raises if it does not answer."""
    database = datasette.get_database()
    (version,) = (await database.execute("SELECT version FROM package")).first()
    state = {"ok": True, "version": version, "database": database.hash}
    return Response.json(state, headers={"Cache-Control": "no-store"})
