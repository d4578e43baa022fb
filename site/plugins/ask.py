"""Questions take values as people write them; one that cannot be read is answered with how to write it."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response, hookimpl
from datasette.utils.asgi import BadRequest, Request

# Datasette loads this file alone, by its path; what it is made of lies beside it.
if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

from sister_pages.context import Context, context_of
from sister_pages.find_page import found_of
from sister_pages.parameters import NotUnderstoodError, key_of, understood
from sister_pages.table_page import TablePage

FIND = "find_a_tie"  # the question by which a tie or place is found by its name


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """The pages of tables and questions, in the place of Datasette's own."""
    name = datasette.get_database().name
    return [(rf"/(?P<database>{name})/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$", answer)]


async def answer(datasette: Any, request: Request) -> Any:
    """Datasette's answer to the question as it was understood; with 400 where it was not."""
    site, name, form = context_of(datasette), request.url_vars["table"], request.url_vars.get("format")
    queries = await datasette.get_canned_queries(site.database.name, None)
    if name == FIND and not form:
        return await find_page(datasette, request, queries[FIND])
    described = queries.get(name, {}).get("parameters", ())
    arguments, problems = await understood_arguments(datasette, request, described, queries[FIND]["sql"])
    if problems and form:
        raise BadRequest(" ".join(problems))
    said = answered(site, described, dict(arguments))
    if form == "csv" and name not in queries and not {"_size", "_next"} & {*request.args}:
        arguments.append(("_stream", "on"))  # the whole table, since a file does not say that it is a part
    scope = {"query_string": urlencode(arguments).encode(), "problems": problems, "answers": said}
    response = await TablePage(datasette).dispatch_request(Request(request.scope | scope, request.receive))
    if problems:
        response.status = 400
    response.headers |= {"data-version": said["version"], "data-as-of": said["as_of"]}
    if said["parameters"]:
        response.headers["data-parameters"] = urlencode(said["parameters"])
    return response


async def understood_arguments(
    datasette: Any, request: Request, described: Sequence[Mapping[str, Any]], find: str
) -> tuple[list[tuple[str, str]], list[str]]:
    """What was asked, as the SQL has it, and what was not understood; `find` is the SQL of find_a_tie."""
    parameters = {one["name"]: one for one in described}
    arguments, problems = [], []
    for name, value in parse_qsl(request.query_string, keep_blank_values=True):
        try:
            read = understood(parameters[name], value) if name in parameters else value
            if read is None:
                read = key_of(parameters[name], value, await hits(datasette, find, value))
        except NotUnderstoodError as problem:
            problems.append(str(problem))
            read = value
        arguments.append((name, read))
    return arguments, problems


def answered(
    site: Context, described: Sequence[Mapping[str, Any]], given: Mapping[str, str]
) -> dict[str, Any]:
    """What an answer is the answer to: version and day of the data, and each parameter with what it meant."""
    parameters = {
        one["name"]: given.get(one["name"])
        or (site.as_of if one["type"] == "date" else one.get("default", ""))
        for one in described
    }
    return {"version": site.package["version"], "as_of": site.as_of, "parameters": parameters}


async def hits(datasette: Any, sql: str, typed: str) -> list[Any]:
    """What find_a_tie finds. Raises QueryInterrupted where there was no time for it."""
    return list((await datasette.get_database().execute(sql, {"q": typed})).rows)


async def find_page(datasette: Any, request: Request, question: Mapping[str, Any]) -> Response:
    """What was found, or the way to its page where it is one thing."""
    typed = request.args.get("q") or ""
    found, site = found_of(typed, await hits(datasette, question["sql"], typed)), context_of(datasette)
    if found["only"]:
        return Response.redirect(site.link(*found["only"]))
    (parameter,) = question["parameters"]
    may = await datasette.permission_allowed(request.actor, "execute-sql", site.database.name, default=True)
    shown = {"found": found, "sql": question["sql"], "names_known": parameter["choices"], "may_ask_sql": may}
    return Response.html(await datasette.render_template("find.html", shown, request=request))
