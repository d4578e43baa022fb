"""Rows found by what people call them."""

from rapidfuzz import fuzz, process

from schemas.rules import slug
from scripts.cli import RefusedError
from scripts.versions.snapshots import Row, State

SHOWN = 8  # rows that are offered where a name fits several
NEAR = 60.0  # similarity in percent from which a name is offered instead of another


class AnswerError(RefusedError):
    """An answer that cannot be used, so that nothing is written; the message says why, and what can."""


class UnknownNameError(AnswerError):
    """A name that no row has."""


def labels(state: State, table: str) -> dict[str, str]:
    """What each row of a table is called, by its key.

    A tie is called by its two places, a place by its names and its division, a source by its address, title
    and publisher, any other row by its key.
    """
    places = state.rows["places"]

    def label(key: str, row: Row) -> str:
        if table == "pairs":
            return f"{called(places[row['us_place_id']])} – {called(places[row['partner_place_id']])}"
        if table == "sources":
            return f"{row['title']}, {row['publisher']}, {row['published_on']}"
        return called(row) if table == "places" else key

    return {key: label(key, row) for key, row in state.rows[table].items()}


def called(place: Row) -> str:
    """A place by its name and its division.

    >>> called({"name": "Akron", "admin1_name": "Ohio", "country": "US"})
    'Akron, Ohio'
    """
    division = place["admin1_name"]
    return f"{place['name']}, {division}" if division not in ("", place["name"]) else place["name"]


def key_named(state: State, table: str, text: str) -> str:
    """The key of the one row of a table that is called so: by its key, its address, or words of its name.

    Raises UnknownNameError where none is, and AnswerError where several are.
    """
    rows = state.rows[table]
    names = labels(state, table)
    exact = [key for key, row in rows.items() if text and text in (key, row.get("url"))]
    whole = [key for key, name in names.items() if slug(name) == slug(text)]
    named = [key for key, row in rows.items() if slug(row.get("name", "")) == slug(text) != ""]
    parts = [key for key, name in names.items() if has_words(f"{name} {key}", text)]
    for matching in (exact, whole, named, parts):
        if len(matching) == 1:
            return matching[0]
        if matching:
            offered = "; ".join(f"{names[key]} ({key})" for key in matching[:SHOWN])
            raise AnswerError(f"{text!r} may be {len(matching)} of {table}: {offered}")
    near = process.extract(text, names, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=3)
    meant = " or ".join(match for match, *_ in near)
    hint = f" Did you mean {meant}? If not, add it first." if near else ""
    raise UnknownNameError(f"{text!r} is not in {table}.{hint or ' Add it first.'}")


def has_words(name: str, text: str) -> bool:
    """Whether every word of a text begins a word of the name.

    >>> has_words("Chicago, Illinois – Moscow", "chicago mosc"), has_words("Chicago – Kyiv", "chicago moscow")
    (True, False)
    """
    words = slug(name).split("-")
    return bool(slug(text)) and all(any(w.startswith(part) for w in words) for part in slug(text).split("-"))
