"""The rows that answers become: found by name, with composed keys, new places and sources beside them."""

from dataclasses import replace
from itertools import count
from pathlib import Path

from schemas.contract import Table
from schemas.rules.lookups import slug
from schemas.vocabulary import UNRELEASED
from scripts.adding import gazetteer
from scripts.adding.names import AnswerError, UnknownNameError, key_named
from scripts.adding.questions import (
    ASKED_AS,
    DEFAULTS,
    KINDS,
    OF_A_SOURCE,
    RELATED,
    Answers,
    period,
    value,
)
from scripts.versions.snapshots import CORRECTIONS, Row, State, last_release, row_id


def drafted(state: State, kind: str, answers: Answers, today: str, folder: Path) -> State:
    """The state with the rows that answers become; `folder` has the releases with which corrections compare.

    Raises AnswerError where an answer cannot be used.
    """
    draft = replace(state, rows={table: dict(rows) for table, rows in state.rows.items()})
    answers = answers | {"accessed_on": today}
    if kind == "place":
        add_place(draft, answers)
    elif kind == "source":
        add_source(draft, answers)
    elif kind == "correction":
        correct(draft, answers, folder)
    else:
        key = add(draft, KINDS[kind], answers)
        if kind == "statement":
            relate(draft, key, answers)
    return draft


def add(draft: State, name: str, answers: Answers) -> str:
    """Add a row of answers to a table; returns the key that is composed of it."""
    table = draft.tables[name]
    row = row_of(draft, table, answers)
    return put(draft, table, row | {table.primary_key[0]: COMPOSE[name](draft.rows, row)})


def put(draft: State, table: Table, row: Row) -> str:
    """Add or replace a row; returns its key."""
    key = row_id(table, row)
    draft.rows[table.name][key] = row
    return key


def row_of(draft: State, table: Table, answers: Answers) -> Row:
    """A row of the answers; the key is left empty."""
    row = dict.fromkeys(table.column_names, "")
    for column in table.columns:
        name, lead = column.name, table.leads.get(column.name)
        text = answers.get(ASKED_AS.get(name, name), "").strip()
        if name in table.primary_key or name.endswith("_precision"):
            continue
        if name in table.dated():
            row[name], row[f"{name}_precision"] = period(text)
        elif lead == "sources":
            row[name] = source_key(draft, answers)
        elif lead and text:
            row[name] = key_of(draft, lead, text)
        else:
            row[name] = value(column, text or DEFAULTS.get(name, ""))
    return row


def key_of(draft: State, table: str, text: str) -> str:
    """The key of a row of ours, or of a place that GeoNames has, which is then added."""
    try:
        return key_named(draft, table, text)
    except UnknownNameError:
        if table != "places":
            raise
    place = gazetteer.looked_up(draft, text)
    return place["place_id"] if place["place_id"] in draft.rows[table] else add(draft, table, place)


def add_place(draft: State, answers: Answers) -> None:
    """Add a place: what the gazetteer has of it, and the answers in place of that."""
    given = {name: text for name, text in answers.items() if text}
    if not {"identified_by", "kind", "country"} <= given.keys():
        where = given.get("admin1_name") or given.get("country", "")
        given = gazetteer.looked_up(draft, f"{given.get('name', '')}, {where}".removesuffix(", ")) | given
    add(draft, "places", given)


def source_key(draft: State, answers: Answers) -> str:
    """The key of a source of ours, or of a new one, which is then added."""
    address = answers.get("source", "").strip()
    if not address:
        return ""
    try:
        return key_named(draft, "sources", address)
    except UnknownNameError:
        if not address.startswith(("http://", "https://")):
            raise
    told = {name: answers.get(asked_as, "") for name, asked_as in OF_A_SOURCE.items()}
    told |= {"url": address, "accessed_on": answers["accessed_on"]}
    return add_source(draft, told, "source-")


def add_source(draft: State, answers: Answers, prefix: str = "") -> str:
    """Add a source; raises AnswerError where its address is there already, or too little is said of it."""
    address = answers.get("url", "").strip()
    there = [key for key, row in draft.rows["sources"].items() if address and row["url"] == address]
    if there:
        raise AnswerError(f"that address is there already, as {there[0]}")
    missing = [name for name in ("title", "publisher") if not answers.get(name, "").strip()]
    if missing:
        options = " and ".join(f"--{prefix}{name}" for name in missing)
        raise AnswerError(f"the source {address} is new: give {options}")
    return add(draft, "sources", answers | {"kind": answers.get("kind") or "news"})


def relate(draft: State, statement: str, answers: Answers) -> None:
    """Say which ties and places a statement is about."""
    for name, relation in RELATED.items():
        table = draft.tables[relation]
        column = table.column_names[1]
        for text in filter(None, map(str.strip, answers.get(name, "").split(";"))):
            key = key_of(draft, table.leads[column], text)
            put(draft, table, {"statement_id": statement, column: key})


def correct(draft: State, answers: Answers, folder: Path) -> None:
    """Change a cell, and say in corrections why, where it was released with another value.

    A cell that was released empty is filled without one. Raises AnswerError where there is no such cell.
    """
    name, column = answers.get("table", ""), answers.get("column", "")
    table, corrections = draft.tables.get(name), draft.tables[CORRECTIONS]
    if table is None or column not in table.column_names:
        raise AnswerError(f"{name}.{column} is no column of the package")
    key = key_named(draft, name, answers.get("row", ""))
    new = answers.get("value", "").strip()
    source_key(draft, answers)
    put(draft, table, draft.rows[name][key] | {column: new})
    released = last_release(folder)
    old = released.rows.get(name, {}).get(key, {}).get(column) if released else None
    if old and old != new:
        correction = "--".join([UNRELEASED, key, column.replace("_", "-")])
        row = row_of(draft, corrections, answers) | {"correction_id": correction, "version": UNRELEASED}
        put(draft, corrections, row | {"row_id": key, "value_before": old})


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
