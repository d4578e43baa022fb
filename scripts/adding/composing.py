"""The keys of new rows: what each is composed of, and a number where that is taken."""

from itertools import count

from schemas.rules import slug
from scripts.adding.names import AnswerError
from scripts.versions.snapshots import Row

Rows = dict[str, dict[str, Row]]  # those of each table by their key
LENGTHS = {"day": 10, "month": 7, "year": 4}  # of a date as far as it is known
TITLE_WORDS = 6  # words of the title in the key of a source


def of_event(rows: Rows, row: Row) -> str:
    """The key of an event."""
    return numbered(rows["pair_events"], row["pair_id"] + "--" + row["event"].replace("_", "-"))


def of_tie(rows: Rows, row: Row) -> str:
    """The key of a tie; its names as printed are those of its places where nothing else is said."""
    for side in ("us", "partner"):
        place = rows["places"].get(row[f"{side}_place_id"], {})
        row[f"{side}_name_reported"] = row[f"{side}_name_reported"] or place.get("name", "")
    return another(f"{row['us_place_id']}--{row['partner_place_id']}", rows["pairs"])


def of_place(rows: Rows, row: Row) -> str:
    """The key of a place: its division, or where it has none its country, and its name."""
    return another(f"{(row['admin1_code'] or row['country']).lower()}-{slug(row['name'])}", rows["places"])


def of_source(rows: Rows, row: Row) -> str:
    """The key of a source: the publisher, the date as far as it is known, and words of the title."""
    words = slug(row["title"]).split("-")[:TITLE_WORDS]
    return numbered(rows["sources"], slug(row["publisher"]), date_part(row, "published_on"), *words)


def of_statement(rows: Rows, row: Row) -> str:
    """The key of a statement: the speaker, the date as far as it is known, and the stance."""
    parts = (slug(row["speaker"]), date_part(row, "stated_on"), slug(row["stance"]))
    return numbered(rows["statements"], *parts)


def of_number(rows: Rows, row: Row) -> str:
    """The key of a number: who reported it, the period, who is counted, and what happened to them."""
    start = row["period_start"] if row["cumulative"] != "true" else ""
    period = (start, "to" if start else "", date_part(row, "period_end"))
    per_day = "per-day" if row["unit"] == "persons_per_day" else ""
    part = slug(row["demographic"]) if row["demographic"] != "all" else ""
    what = (row["population"], slug(row["outcome"]), per_day, part)
    return numbered(rows["casualty_statistics"], slug(row["reported_by"]), *period, *what)


def of_citation(rows: Rows, row: Row) -> str:
    """The key of a citation."""
    if row["row_id"] not in rows.get(row["table_name"], {}):
        raise AnswerError(f"{row['table_name']} has no row {row['row_id']!r}")
    parts = (row["row_id"], row["column_name"].replace("_", "-"), row["source_id"])
    return "--".join(filter(None, parts))


COMPOSE = {
    "pair_events": of_event,
    "pairs": of_tie,
    "places": of_place,
    "sources": of_source,
    "statements": of_statement,
    "casualty_statistics": of_number,
    "citations": of_citation,
}


def date_part(row: Row, name: str) -> str:
    """A date as far as it is known."""
    return row[name][: LENGTHS.get(row[f"{name}_precision"], 0)]


def another(key: str, taken: dict[str, Row]) -> str:
    """The key. Raises AnswerError where it is there already."""
    if key in taken:
        raise AnswerError(f"{key} is there already")
    return key


def numbered(taken: dict[str, Row], *parts: str) -> str:
    """A key of its parts, with a number from the second of its stem on.

    >>> numbered({}, "a", "", "b"), numbered({"a": {}, "a-2": {}}, "a")
    ('a-b', 'a-3')
    """
    stem = "-".join(filter(None, parts))
    keys = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(key for key in keys if key not in taken)
