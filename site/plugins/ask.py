"""Questions take values as people write them; one that cannot be read is answered with how to write it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl
from datasette.utils.asgi import BadRequest, Request

# Datasette loads this file alone, by its path; what it is made of lies beside it.
if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

from sister_pages import values
from sister_pages.tables import TablePage

FIND = "find_a_tie"  # the question by which a tie or place is found by its name


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """The pages of tables and questions, in the place of Datasette's own."""
    name = datasette.get_database().name
    return [(rf"/(?P<database>{name})/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$", answer)]


async def answer(datasette: Any, request: Request) -> Any:
    """Datasette's answer to the question as it was understood; with 400 where it was not."""
    queries = await datasette.get_canned_queries(datasette.get_database().name, None)
    question = queries.get(request.url_vars["table"], {})
    described = {one["name"]: one for one in question.get("parameters", ())}
    arguments, problems = [], []
    for name, value in parse_qsl(request.query_string, keep_blank_values=True):
        try:
            read = await value_of(datasette, described[name], value, queries) if name in described else value
        except values.NotUnderstoodError as problem:
            problems.append(str(problem))
            read = value
        arguments.append((name, read))
    if problems and request.url_vars.get("format"):
        raise BadRequest(" ".join(problems))
    if described:
        scope = {**request.scope, "query_string": urlencode(arguments).encode(), "problems": problems}
        request = Request(scope, request.receive)
    response = await TablePage(datasette).dispatch_request(request)
    if problems:
        response.status = 400
    return response


async def value_of(
    datasette: Any, described: Mapping[str, Any], value: str, queries: Mapping[str, Any]
) -> str:
    """The value of a parameter in the SQL. Raises NotUnderstoodError."""
    read = values.understood(described, value)
    if read is not None:
        return read
    found = await datasette.get_database().execute(queries[FIND]["sql"], {"q": value})
    return values.key_of(described, value, found.rows)
