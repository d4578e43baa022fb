"""Errors as sentences: in text, JSON or HTML after the address, without markup, paths or tracebacks.

It replaces Datasette's own handler, which prints every 404 as a traceback with all local variables
wherever `rich` is installed: a quarter of a second of the only event loop for each mistyped address.
"""

import sys
import traceback
from typing import Any

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.plugins import pm
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

OURS = "Something went wrong on our side. Where it happened has been logged, and nothing of the request."
NO_SUCH_VALUE = "The address asks for something that cannot be: a parameter has a value of the wrong kind."


@hookimpl
def startup() -> None:
    """Take the place of Datasette's handler."""
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")


@hookimpl
async def handle_exception(datasette: Any, request: Any, exception: Exception) -> Response:
    """Answer with the error."""
    return await response(datasette, request, *described(exception, request))


@hookimpl
async def forbidden(datasette: Any, request: Any, message: str) -> Response:
    """Answer that something is not for everyone."""
    return await response(datasette, request, 403, f"This is not open: {message}", "Forbidden", {})


def described(exception: Exception, request: Any) -> tuple[int, str, str | None, dict[str, Any]]:
    """The status, sentence, title and further facts of an error."""
    # Of a query that was stopped Datasette makes an error with HTML in it.
    stopped = exception.__context__ if getattr(exception, "message_is_html", False) else exception
    if isinstance(stopped, QueryInterrupted):
        return 400, str(stopped), "The query was stopped", {}
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0]) if exception.args else "", None, {}
    if isinstance(exception, DatasetteError):
        # Datasette's default of 500 is for what was asked wrongly, such as an unknown column to sort by.
        status = 400 if exception.status == 500 else exception.status
        return status, exception.message, exception.title, exception.error_dict
    # Where it happened is logged, not its message, which may repeat what a reader asked.
    place = "".join(traceback.format_tb(exception.__traceback__))
    print(f"{type(exception).__name__}, at:\n{place}", file=sys.stderr, flush=True)
    if request.query_string and isinstance(exception, ValueError | KeyError | TypeError):
        return 400, NO_SUCH_VALUE, None, {}
    return 500, OURS, None, {}


async def response(
    datasette: Any, request: Any, status: int, message: str, title: str | None, facts: dict[str, Any]
) -> Response:
    """The error in the form that the address asks for."""
    facts = {**facts, "ok": False, "error": message, "status": status, "title": title}
    if request.path.endswith(".json"):
        return Response.json(facts, status=status)
    if request.path.endswith(".csv"):
        return Response.text(message, status=status)
    page = await datasette.render_template([f"{status}.html", "error.html"], facts, request=request)
    return Response.html(page, status=status)
