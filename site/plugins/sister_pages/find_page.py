"""The page on which a tie, place or state is found by its name."""

from collections.abc import Mapping, Sequence
from typing import Any

Hit = Mapping[str, Any]  # a row of the question find_a_tie


def found_of(typed: str, hits: Sequence[Hit]) -> dict[str, Any]:
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
