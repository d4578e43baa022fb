"""Values as people write them, read as the parameters of a question in metadata.yml describe them."""

import difflib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sister_pages.dates import is_day

# Read by static/values.js too, which does the same in a reader's browser.
SENTENCES = json.loads((Path(__file__).parents[2] / "static" / "sentences.json").read_text("utf-8"))
KEY_OF_A_PLACE = re.compile(SENTENCES["key"])
NEAR = 0.7  # the share of letters that a value and a choice have in common
SHORTEST = 3  # letters; a shorter value is a code, which its label explains
FEW = 8  # choices that a sentence can list


class NotUnderstoodError(ValueError):
    """A value that cannot be read; its text says how to write it."""


def said(name: str, **parts: str) -> str:
    """A sentence with what it is about."""
    return str(SENTENCES[name].format(**parts))


def plain(text: str) -> str:
    """The letters and digits of a text, without case and marks.

    >>> plain(" N.Y. "), plain("under_review"), plain("São")
    ('ny', 'underreview', 'sao')
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text.casefold())))


def understood(described: Mapping[str, Any], value: str) -> str | None:
    """The value that a parameter has in the SQL; None where only a search for the name can tell.

    Raises NotUnderstoodError for a day or choice that is none.
    """
    if described["type"] == "search":
        return value
    text = " ".join(value.split())
    known = {plain(name): choice[0] for choice in described["choices"] for name in names(choice)}
    if not text or plain(text) in known:
        return known[plain(text)] if text else ""
    if described["type"] == "date" and not is_day(text):
        raise NotUnderstoodError(said("no_day", value=text))
    if described["type"] == "choice":
        raise NotUnderstoodError(
            said("no_choice", label=described["label"], value=text, instead=instead(described, text))
        )
    by_name = described["type"] in ("tie", "place") and not KEY_OF_A_PLACE.fullmatch(text)
    return None if by_name else text


def names(choice: Sequence[str]) -> list[str]:
    """What a choice may be called: its value, its label, and of a code such as US-IL also the last part."""
    return [*choice[::-1], *(code.rpartition("-")[2] for code in choice[2:])]


def instead(described: Mapping[str, Any], text: str) -> str:
    """What to write instead of a choice that is none."""
    short = {
        choice[0]: min(choice[1], choice[0].replace("_", " "), key=len) for choice in described["choices"]
    }
    short |= {value: label for value, label, *_ in described["choices"] if len(value) < SHORTEST}
    called = {plain(name): short[choice[0]] for choice in described["choices"] for name in choice[:2]}
    near = difflib.get_close_matches(plain(text), called, 1, NEAR)
    if near:
        return said("nearest", choices=called[near[0]])
    return said("few", choices=", ".join(short.values())) if len(short) <= FEW else said("many")


def key_of(described: Mapping[str, Any], value: str, found: Sequence[Mapping[str, Any]]) -> str:
    """The key of the one tie or place of that name among what find_a_tie found.

    Raises NotUnderstoodError where there is none or more than one.
    """
    column = {"tie": "pair_id", "place": "place_id"}[described["type"]]
    label = described["label"]
    hits = [row for row in found if row[column]]
    sure = [row for row in hits if row["match"] == "all words"]
    if len(sure) == 1:
        return str(sure[0][column])
    called = [name_of(row) for row in (sure or hits)[:FEW]]
    if sure:
        raise NotUnderstoodError(said("names", label=label, value=value, choices=", ".join(called)))
    near = f" {said('nearest', choices=called[0])}" if called else ""
    raise NotUnderstoodError(said("no_name", label=label, value=value) + near)


def name_of(row: Mapping[str, Any]) -> str:
    """The name of what was found: of a tie that of its two places."""
    places = [row["us_place"], row["partner_place"]]
    return " – ".join(place for place in places if place)
