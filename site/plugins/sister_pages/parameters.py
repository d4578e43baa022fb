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
    kind, choices = described["type"], described["choices"]
    if kind == "search":
        return value
    text = " ".join(value.split())
    known: dict[str, str] = {plain(name): choice[0] for choice in choices for name in names(choice)}
    if not text or plain(text) in known:
        return known[plain(text)] if text else ""
    if kind == "date" and not is_day(text):
        raise NotUnderstoodError(said("no_day", value=text))
    if kind == "choice":
        raise no_choice(described, text, instead(choices, text))
    if kind == "text" and choices:
        return part_of_one(described, text)
    return None if kind in KEYS and not KEY_OF_A_PLACE.fullmatch(text) else text


def no_choice(described: Mapping[str, Any], value: str, hint: str = "") -> NotUnderstoodError:
    """A value that is none of the choices, with a hint what to write instead."""
    return NotUnderstoodError(f"{said('no_choice', label=described['label'], value=value)} {hint}".rstrip())


def nearest(called: Mapping[str, str], text: str) -> str | None:
    """What of a map is called most like a text, if anything is."""
    near = difflib.get_close_matches(plain(text), called, 1, NEAR)
    return called[near[0]] if near else None


def part_of_one(described: Mapping[str, Any], text: str) -> str:
    """A part of a choice, as the choices have it. Raises NotUnderstoodError where none has it."""
    choices: list[str] = [choice[0] for choice in described["choices"]]
    if any(text.casefold() in choice.casefold() for choice in choices):
        return text
    near = nearest({plain(word): word for choice in choices for word in choice.split()}, text)
    if near and plain(near) == plain(text):
        return near
    raise no_choice(described, text, said("nearest", choices=near) if near else "")


def names(choice: Sequence[str]) -> list[str]:
    """What a choice may be called: its value, its label, and of a code such as US-IL also the last part."""
    return [*choice[::-1], *(code.rpartition("-")[2] for code in choice[2:])]


def instead(choices: Sequence[Sequence[str]], text: str) -> str:
    """What to write instead of a choice that is none."""
    short = {
        value: label if len(value) < SHORTEST else min(label, value.replace("_", " "), key=len)
        for value, label, *_ in choices
    }
    near = nearest({plain(name): short[choice[0]] for choice in choices for name in choice[:2]}, text)
    if near:
        return said("nearest", choices=near)
    return said("few", choices=", ".join(short.values())) if len(short) <= FEW else said("many")


def key_of(described: Mapping[str, Any], value: str, hits: Sequence[Mapping[str, Any]]) -> str:
    """The key of the one tie or place of that name among what find_a_tie finds.

    Raises NotUnderstoodError where there is none or more than one.
    """
    columns = KEYS[described["type"]]
    wanted = [row for row in hits if any(row[column] for column in columns)]
    sure = [row for row in wanted if row["match"] == "all words"]
    for column in columns:
        keys = [str(row[column]) for row in sure if row[column]]
        if len(keys) == 1:
            return keys[0]
    called = [
        " – ".join(filter(None, (row["us_place"], row["partner_place"]))) for row in (sure or wanted)[:FEW]
    ]
    if sure:
        several = said("several", label=described["label"], value=value, choices=", ".join(called))
        raise NotUnderstoodError(several)
    raise no_choice(described, value, said("nearest", choices=called[0]) if called else "")
