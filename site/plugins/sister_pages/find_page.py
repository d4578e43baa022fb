"""The page on which a tie, place or state is found by its name."""

from collections.abc import Mapping, Sequence
from typing import Any

from datasette import Response
from datasette.utils.asgi import Request

from sister_pages.context import Context

FIND = "find_a_tie"  # the question by which a tie or place is found by its name
Hit = Mapping[str, Any]  # a row of the question find_a_tie


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
