"""Questions take values as people write them; one that cannot be read is answered with how to write it.

The first of them, find_a_tie, has a page of its own; a reader's own SQL has marks where it is wrong.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response
from datasette.utils.asgi import BadRequest, Request
from markupsafe import Markup, escape

from sister_pages.context import Context, context_of
from sister_pages.parameters import NotUnderstoodError, key_of, understood
from sister_pages.table_page import TablePage

FIND = "find_a_tie"  # the question by which a tie or place is found by its name
Hit = Mapping[str, Any]  # a row of the question find_a_tie
MARK = r"<mark>\g<0></mark>"
NAMED = re.compile(
    r'(?:no such \w+|ambiguous column name): (?:\w+\.)*(\w+)|near "([^"]+)"'
    r'|unrecognized token: "(.+)"',
    re.DOTALL,
)

PART = "1000"  # rows of a whole table that are read at once; each part counts anew those that it leaves out


async def answer(datasette: Any, request: Request) -> Any:
    """Datasette's answer to the question as it was understood; with 400 where it was not."""
    site, name, form = context_of(datasette), request.url_vars["table"], request.url_vars.get("format")
    if name == FIND and not form:
        return await find_page(site, request)
    described = site.questions.get(name, {}).get("parameters", ())
    arguments, problems = await understood_arguments(site, request, described)
    if problems and form:
        raise BadRequest(" ".join(problems))
    searched = datasette.table_metadata(site.database.name, name).get("fts_table")
    if not searched and any(one.startswith("_search") for one in request.args):
        raise BadRequest("_search is not asked here. Ask it in SQL.")  # Datasette would give every row
    said = answered(site, described, dict(arguments))
    whole = "_stream" in request.args or not {"_size", "_next"} & {*request.args}
    if form == "csv" and name not in site.questions and whole:  # since a file does not say that it is a part
        arguments = [one for one in arguments if one[0] != "_size"]
        arguments += [("_stream", "on"), ("_size", PART)]
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


async def find_page(site: Context, request: Request) -> Response:
    """What was found, or the way to its page where it is one thing."""
    typed = request.args.get("q") or ""
    results = results_of(typed, await find(site, typed))
    if results["only"]:
        return Response.redirect(site.link(*results["only"]))
    may = await site.datasette.permission_allowed(
        request.actor, "execute-sql", site.database.name, default=True
    )
    question = site.questions[FIND]
    names = question["parameters"][0]["choices"]
    shown = {"results": results, "sql": question["sql"], "names_known": names, "may_ask_sql": may}
    return Response.html(await site.datasette.render_template("find.html", shown, request=request))


async def find(site: Context, typed: str) -> list[Any]:
    """What find_a_tie finds. Raises QueryInterrupted where there was no time for it."""
    return list((await site.database.execute(site.questions[FIND]["sql"], {"q": typed})).rows)


def results_of(typed: str, hits: Sequence[Hit]) -> dict[str, Any]:
    """The hits that have all the words that a reader `typed`; the nearest where none has.

    They are `ties` and `places`, which is `sure` where they have all the words; `only` one may be meant.
    """
    sure = [hit for hit in hits if hit["match"] == "all words"]
    ties = [hit for hit in sure or hits if hit["pair_id"]]
    places = [hit for hit in sure or hits if hit["place_id"]]
    words = " ".join(typed.split()) if any(map(str.isalnum, typed)) else ""
    only = only_row(ties, places) if words and sure else None
    return {"typed": words, "ties": ties, "places": places, "sure": bool(sure), "only": only}


def only_row(ties: Sequence[Hit], places: Sequence[Hit]) -> tuple[str, str] | None:
    """Table and key of the one row that is meant: a tie, alone or with its own places, or a place."""
    if not ties:
        return ("places", places[0]["place_id"]) if len(places) == 1 else None
    key = ties[0]["pair_id"]
    ends = key.split("--")
    alone = len(ties) == 1 and all(place["place_id"] in ends for place in places)
    return ("pairs", key) if alone else None


def named(error: str | None) -> str:
    """The word of a query that SQLite's error names; nothing where it names none.

    >>> named('near "fro": syntax error'), named("no such column: p.staus"), named("incomplete input")
    ('fro', 'staus', '')
    """
    names = NAMED.findall(error or "")
    return "".join(names[0]) if names else ""


def marked(sql: str, word: str) -> Markup:
    """The lines of a query that have a word, each with its number and the word marked."""
    # Not within what stands for a sign in HTML, such as &lt;.
    whole = re.compile(rf"(?<![\w&#]){re.escape(escape(word))}(?!\w)", re.IGNORECASE)
    return Markup(
        "\n".join(
            f"{number}: {whole.sub(MARK, str(escape(line)))}"
            for number, line in enumerate(sql.splitlines(), 1)
            if word and whole.search(escape(line))
        )
    )
