"""Serves one state, runs readers' queries where they can be killed, and tells nobody who asked what.

The parts are in sandbox/. Without this plugin nothing is served (pages.py).
"""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from click import ClickException
from datasette import NotFound, Response, hookimpl
from datasette.app import DEFAULT_SETTINGS

# Datasette loads this file alone, by its path; what it is made of lies beside it.
if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

try:
    from sandbox.database import ServedDatabase
    from sandbox.headers import App, Scope, Send, dressed, refused, under
    from sandbox.requests import answer
    from sandbox.state import State, read_state
    from sandbox.worker import MEMORY
    from sandbox.workers import TURN, WORKERS
except ModuleNotFoundError as error:
    missing = f"plugins/{str(error.name).replace('.', '/')}.py"
    raise ClickException(f"{missing} is missing, so nothing is served. Build it again: make build") from None

LAST_REQUESTS = 2  # seconds in which requests may end after SIGTERM

# uvicorn believes X-Forwarded-For from 127.0.0.1 unless it is set otherwise; readers may sit there too.
os.environ.setdefault("FORWARDED_ALLOW_IPS", "")


@hookimpl(tryfirst=True)
def startup(datasette: Any) -> Callable[[], Awaitable[None]]:
    """Put the bytes that were read in the place of the file."""
    if datasette.config_dir is None:
        raise ClickException("this site is served from its build: datasette serve build/")
    state = read_state(Path(datasette.config_dir))
    configure(datasette, state)
    name = Path(state.database).stem
    opened = [one for one in datasette.databases if one not in ("_internal", "_memory")]
    if opened != [name]:
        raise ClickException(f"only {state.database} is served from here, not {', '.join(opened)}")
    served = ServedDatabase(datasette, state)
    served.name = served.route = name
    datasette.databases = {**datasette.databases, name: served}
    datasette.permission_allowed = partial(permission_allowed, datasette.permission_allowed)

    async def learn() -> None:
        """What Datasette looks up with each request, though the database cannot change."""
        await datasette.refresh_schemas()
        datasette.refresh_schemas = partial(asyncio.sleep, 0)
        await served.table_counts(60_000)

    return learn


def configure(datasette: Any, state: State) -> None:
    """Set the metadata and settings of the build; a setting of the command line stands.

    Datasette itself reads such files before anyone could see that they are whole, and none of their settings
    where the command line has one.
    """
    built, given = state.json("datasette/settings.json"), datasette._settings
    built |= {name: value for name, value in given.items() if value != DEFAULT_SETTINGS[name]}
    datasette._settings = DEFAULT_SETTINGS | built
    datasette._metadata_local = state.json("datasette/metadata.json")
    datasette.page_size, datasette.executor = built["default_page_size"], None  # num_sql_threads is 0
    for name in ("max_returned_rows", "sql_time_limit_ms"):
        setattr(datasette, name, built[name])


async def permission_allowed(
    decide: Callable[..., Awaitable[Any]], actor: Any, action: str, resource: Any = None, default: Any = False
) -> Any:
    """Datasette's decision; of tables and questions, which nothing closes, without asking.

    Datasette copies its whole metadata for each table that a page names, most of the time of some pages.
    """
    if action in ("view-table", "view-query"):
        return default
    return await decide(actor, action, resource=resource, default=default)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Refuse what nothing further should see; give each other request its turn; dress the answers."""
    base, ttl = datasette.setting("base_url"), datasette.setting("default_cache_ttl")

    def wrap(app: App) -> App:
        async def guarded(scope: Scope, receive: Any, send: Send) -> None:
            if scope["type"] == "lifespan":
                settle(TURN * datasette.sql_time_limit_ms / 1000)
                await warm(datasette)
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            scope = under(scope, base)
            send = partial(dressed, scope, send, ttl)
            if refusal := refused(scope):
                await refusal.asgi_send(send)
            else:
                await answer(datasette.get_database(), app, scope, receive, send)

        return guarded

    return wrap


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """The file of the database and a page for monitors; the pages for those who run a site are closed."""
    closed = "actor|allow-debug|auth-token|logout|messages|patterns|permissions|threads"
    return [
        (rf"/{datasette.get_database().name}\.db$", download),
        (r"/-/health$", health),
        (rf"/-/({closed})(\.json)?$", no_page),
    ]


async def health(datasette: Any) -> Response:
    """Which data are served, read from the database itself; raises if it does not answer."""
    database = datasette.get_database()
    (version,) = (await database.execute("SELECT version FROM package")).first()
    state = {"ok": True, "version": version, "database": database.hash}
    return Response.json(state, headers={"Cache-Control": "no-store"})


async def no_page() -> None:
    """Raises NotFound."""
    raise NotFound("There is no such page here")


async def download(datasette: Any, request: Any) -> Response:
    """The bytes that are served, unless the reader has them."""
    database = datasette.get_database()
    headers = {"etag": f'"{database.hash}"'}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status=304, headers=headers)
    headers["content-disposition"] = f'attachment; filename="{database.path}"'
    headers["content-length"] = str(len(database.content))
    return Response(database.content, headers=headers, content_type="application/octet-stream")


async def warm(datasette: Any) -> None:
    """Make what the first readers would wait for: the templates and the home page."""
    for name in datasette.jinja_env.list_templates(extensions=["html"]):
        datasette.jinja_env.get_template(name)
    await datasette.client.get(datasette.urls.instance())
    gc.freeze()  # what is there now stays, and need not be looked at again and again


def settle(turn: float) -> None:
    """Set what Datasette gives no option for in the server that runs it, and say how queries are bounded.

    The queries of a request may take `turn` seconds.

    No line about a request is logged; heads are bounded, which httptools does not do; requests that do not
    end hold up no restart.
    """
    logging.getLogger("uvicorn.access").handlers.clear()
    logging.getLogger("uvicorn.access").propagate = False
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if server is not None and hasattr(server, "config"):
        from uvicorn.protocols.http.h11_impl import H11Protocol

        server.config.http_protocol_class = H11Protocol
        server.config.timeout_graceful_shutdown = LAST_REQUESTS
    memory = f"{MEMORY // 1024**2} MB each" if sys.platform == "linux" else "not bounded on this system"
    print(f"queries of readers: {WORKERS} processes, {turn:g} seconds a request, memory {memory}", flush=True)
