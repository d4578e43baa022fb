"""The parameters of a question, which metadata.yml describes: its form, and values as people write them."""

import difflib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sister_pages.columns import begun, words_of
from sister_pages.dates import is_day, spoken

# What static/values.js reads too, which does the same in a reader's browser.
SHARED = json.loads((Path(__file__).parents[2] / "static" / "values.json").read_text("utf-8"))
KEY_OF_A_PLACE = re.compile(SHARED["key"])
KEYS = SHARED["kinds"]  # of what is found
NEAR = SHARED["near"]  # the share of letters that a value and a choice have in common
SHORTEST = SHARED["shortest"]  # letters; a shorter value is a code, which its label explains
FEW = SHARED["few"]  # choices that a sentence can list


class NotUnderstoodError(ValueError):
    """A value that cannot be read; its text says how to write it."""


def fields_of(
    described: Sequence[Mapping[str, Any]] | None,
    values: Mapping[str, str],
    as_of: str,
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The fields of a question's form; of a reader's own query, for each parameter a text without help.

    `names` are those of ties and places by key. A field has, besides its description:
    `value` (what was asked for) and `meaning` (the same in words), `blank` (what an empty field means),
    `by_name` (whether readers see the label of a value in its place), `is_wrong` (whether a day is none).
    """
    if not described:
        own = {"type": "text", "choices": []}
        described = [{"name": name, "label": begun(words_of(name)), **own} for name in values]
    return [field(one, values.get(one["name"], ""), as_of, names) for one in described]


def field(described: Mapping[str, Any], value: str, as_of: str, names: Mapping[str, str]) -> dict[str, Any]:
    """One field of a form."""
    labels = {choice[0]: choice[1] for choice in described["choices"]}
    by_name, is_date = described["type"] in KEYS, described["type"] == "date"
    empty = described.get("default", as_of if is_date else described.get("blank", "all"))
    return {
        **described,
        "choices": list(labels.items()),
        "value": value,
        "meaning": spoken(value) if is_date else labels.get(value) or (by_name and names.get(value)) or value,
        "blank": spoken(empty) if is_date else labels.get(empty, empty),
        "by_name": by_name,
        "is_wrong": is_date and bool(value) and not is_day(value),
    }


def said(name: str, **parts: str) -> str:
    """A sentence with what it is about."""
    return str(SHARED["sentences"][name].format(**parts))


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
            f"{said('no_choice', label=described['label'], value=text)} {instead(described, text)}"
        )
    if described["type"] == "text" and described["choices"]:
        return part_of_one(described, text)
    by_name = described["type"] in KEYS and not KEY_OF_A_PLACE.fullmatch(text)
    return None if by_name else text


def part_of_one(described: Mapping[str, Any], text: str) -> str:
    """A part of a choice, as the choices have it. Raises NotUnderstoodError where none has it."""
    choices: list[str] = [choice[0] for choice in described["choices"]]
    if any(text.casefold() in choice.casefold() for choice in choices):
        return text
    parts = {plain(word): word for choice in choices for word in choice.split()}
    near = difflib.get_close_matches(plain(text), parts, 1, NEAR)
    if near and near[0] == plain(text):
        return parts[near[0]]
    hint = f" {said('nearest', choices=parts[near[0]])}" if near else ""
    raise NotUnderstoodError(said("no_choice", label=described["label"], value=text) + hint)


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
    label, columns = described["label"], KEYS[described["type"]]
    hits = [row for row in found if any(row[column] for column in columns)]
    sure = [row for row in hits if row["match"] == "all words"]
    for column in columns:
        keys = [str(row[column]) for row in sure if row[column]]
        if len(keys) == 1:
            return keys[0]
    called = [name_of(row) for row in (sure or hits)[:FEW]]
    if sure:
        raise NotUnderstoodError(said("several", label=label, value=value, choices=", ".join(called)))
    near = f" {said('nearest', choices=called[0])}" if called else ""
    raise NotUnderstoodError(said("no_choice", label=label, value=value) + near)


def name_of(row: Mapping[str, Any]) -> str:
    """The name of what was found: of a tie that of its two places."""
    places = [row["us_place"], row["partner_place"]]
    return " – ".join(place for place in places if place)
