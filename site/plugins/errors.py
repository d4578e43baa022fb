"""Errors as sentences: in text, JSON or HTML after the address, without markup, paths or tracebacks.

It replaces Datasette's own handler, which prints every 404 as a traceback with all local variables
wherever `rich` is installed: a quarter of a second of the only event loop for each mistyped address.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response, hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

TOO_SLOW = "The query took longer than {} ms and was stopped. Narrow it down, or download the database."
TOO_MUCH = "The query needed more memory than a query may use and was stopped. Narrow it down."
Answering = Callable[[], Awaitable[Response]]
OURS = "Something went wrong on our side. It has been logged."


@hookimpl
def startup() -> None:
    """Take the place of Datasette's handler."""
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")


def told(datasette: Any, exception: Exception) -> tuple[int, str, str | None, dict[str, Any]]:
    """The status, sentence, title and further facts of an error."""
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0]) if exception.args else "", None, {}
    if isinstance(exception, DatasetteError):
        if exception.message_is_html:  # only the time limit
            message = TOO_SLOW.format(datasette.setting("sql_time_limit_ms"))
            return exception.status, message, "The query took too long", {}
        # Datasette's default of 500 is for what was asked wrongly, such as an unknown column to sort by.
        status = 400 if exception.status == 500 else exception.status
        return status, exception.message, exception.title, exception.error_dict
    if isinstance(exception, MemoryError):
        return 400, TOO_MUCH, "The query needs too much memory", {}
    traceback.print_exception(exception, file=sys.stderr)
    return 500, OURS, None, {}


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Answering:
    """Answer with the error."""

    async def answer() -> Response:
        return await response(datasette, request, *told(datasette, exception))

    return answer


@hookimpl
def forbidden(datasette: Any, request: Any, message: str) -> Answering:
    """Answer that something is not for everyone."""

    async def answer() -> Response:
        return await response(datasette, request, 403, f"This is not open: {message}", "Forbidden", {})

    return answer


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
