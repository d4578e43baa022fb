"""Questions take values as people write them; one that cannot be read is answered with how to write it."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import BadRequest, Request

from sister_pages.context import Context, context_of
from sister_pages.find_page import FIND, find, find_page
from sister_pages.parameters import NotUnderstoodError, key_of, understood
from sister_pages.table_page import TablePage


async def answer(datasette: Any, request: Request) -> Any:
    """Datasette's answer to the question as it was understood; with 400 where it was not."""
    site, name, form = context_of(datasette), request.url_vars["table"], request.url_vars.get("format")
    if name == FIND and not form:
        return await find_page(site, request)
    described = site.questions.get(name, {}).get("parameters", ())
    arguments, problems = await understood_arguments(site, request, described)
    if problems and form:
        raise BadRequest(" ".join(problems))
    said = answered(site, described, dict(arguments))
    if form == "csv" and name not in site.questions and not {"_size", "_next"} & {*request.args}:
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
    site: Context, request: Request, described: Sequence[Mapping[str, Any]]
) -> tuple[list[tuple[str, str]], list[str]]:
    """What was asked, as the SQL has it, and what of it was not understood."""
    parameters = {one["name"]: one for one in described}
    arguments, problems = [], []
    for name, value in parse_qsl(request.query_string, keep_blank_values=True):
        try:
            read = understood(parameters[name], value) if name in parameters else value
            if read is None:
                read = key_of(parameters[name], value, await find(site, value))
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
