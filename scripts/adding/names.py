"""Rows found by what people call them."""

from rapidfuzz import fuzz, process

from schemas.rules.lookups import slug
from scripts.cli import RefusedError
from scripts.versions.snapshots import State

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
    rows, places = state.rows[table], state.rows["places"]
    if table == "pairs":
        sides = ("us_place_id", "partner_place_id")
        return {key: " – ".join(called(places[row[side]]) for side in sides) for key, row in rows.items()}
    if table == "places":
        return {key: called(row) for key, row in rows.items()}
    if table == "sources":
        return {
            key: f"{row['title']}, {row['publisher']}, {row['published_on']}" for key, row in rows.items()
        }
    return {key: key for key in rows}


def called(place: dict[str, str]) -> str:
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
    if text in rows:
        return text
    if table == "sources" and (found := [key for key, row in rows.items() if text and row["url"] == text]):
        return found[0]
    names = labels(state, table)
    whole = [key for key, name in names.items() if slug(name) == slug(text)]
    named = [key for key, row in rows.items() if slug(row.get("name", "")) == slug(text) != ""]
    parts = [key for key, name in names.items() if has_words(f"{name} {key}", text)]
    for found in (whole, named, parts):
        if len(found) == 1:
            return found[0]
        if found:
            offered = "; ".join(f"{names[key]} ({key})" for key in found[:SHOWN])
            raise AnswerError(f"{text!r} may be {len(found)} of {table}: {offered}")
    near = [
        match for match, *_ in process.extract(text, names, scorer=fuzz.WRatio, score_cutoff=NEAR, limit=3)
    ]
    hint = f" Did you mean {' or '.join(near)}? If not, add it first." if near else ""
    raise UnknownNameError(f"{text!r} is not in {table}.{hint or ' Add it first.'}")


def has_words(name: str, text: str) -> bool:
    """Whether every word of a text begins a word of the name.

    >>> has_words("Chicago, Illinois – Moscow", "chicago mosc"), has_words("Chicago – Kyiv", "chicago moscow")
    (True, False)
    """
    words = slug(name).split("-")
    return bool(slug(text)) and all(any(w.startswith(part) for w in words) for part in slug(text).split("-"))
