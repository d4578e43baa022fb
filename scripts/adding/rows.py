"""The rows that answers become: found by name, with composed keys, new places and sources beside them."""

from collections.abc import Collection
from dataclasses import replace
from itertools import count
from pathlib import Path

from schemas.contract import Table
from schemas.problems import did_you_mean
from schemas.rules import slug
from schemas.vocabulary import UNRELEASED
from scripts.adding import gazetteer, questions
from scripts.adding.names import AnswerError, UnknownNameError, key_named
from scripts.adding.questions import Answers
from scripts.versions.snapshots import CORRECTIONS, Row, State, composed_key, last_release, row_id

ONLY_ONE = ("pairs", "places", "citations")  # tables of whose rows none has a number in its key
TITLE_WORDS = 6  # words of the title in the key of a source


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
        key = add(draft, questions.KINDS[kind], answers)
        if kind == "statement":
            relate(draft, key, answers)
    return draft


def add(draft: State, name: str, answers: Answers) -> str:
    """Add a row of answers to a table; returns the key that is composed of it."""
    table = draft.tables[name]
    row = row_of(draft, table, answers)
    if name == "pairs":  # whose names as printed are those of the places where nothing else is said
        for side in ("us", "partner"):
            place = draft.rows["places"].get(row[f"{side}_place_id"], {})
            row[f"{side}_name_reported"] = row[f"{side}_name_reported"] or place.get("name", "")
    if name == "citations":
        refuse_no_row(draft, row["table_name"], row["row_id"])
    return put(draft, table, row | {table.primary_key[0]: new_key(name, row, draft.rows[name])})


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
        text = answers.get(questions.ASKED_AS.get(name, name), "").strip()
        if name in table.primary_key or name.endswith("_precision"):
            continue
        if name in table.dated():
            row[name], row[f"{name}_precision"] = questions.period(text)
        elif lead == "sources":
            row[name] = source_key(draft, answers)
        elif lead and text:
            row[name] = key_of(draft, lead, text)
        else:
            row[name] = questions.value(column, text or questions.DEFAULTS.get(name, ""))
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
    told = {name: answers.get(asked_as, "") for name, asked_as in questions.OF_A_SOURCE.items()}
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
    for name, relation in questions.RELATED.items():
        table = draft.tables[relation]
        column = table.column_names[1]
        for text in filter(None, map(str.strip, answers.get(name, "").split(";"))):
            key = key_of(draft, table.leads[column], text)
            put(draft, table, {"statement_id": statement, column: key})


def refuse_no_row(draft: State, table: str, key: str) -> None:
    """Raise AnswerError where a table has no row of that key; none that is near is taken for it."""
    rows = draft.rows.get(table, {})
    if key not in rows:
        raise AnswerError(" ".join(filter(None, (f"{table} has no row {key!r}.", did_you_mean(key, rows)))))


def correct(draft: State, answers: Answers, folder: Path) -> None:
    """Change a cell, and say in corrections why, where it was released with another value.

    The precision of a date changes with it. A cell that was not released with a value is filled without a
    correction; a source other than that of its row is then cited for it.
    Raises AnswerError where there is no such cell.
    """
    name, column = answers.get("table", ""), answers.get("column", "")
    table, corrections = draft.tables.get(name), draft.tables[CORRECTIONS]
    if table is None or column not in table.column_names:
        raise AnswerError(f"{name}.{column} is no column of the package")
    key = answers.get("row", "").strip()
    refuse_no_row(draft, name, key)
    cells = {column: answers.get("value", "").strip()}
    if column in table.dated():
        cells[column], cells[f"{column}_precision"] = questions.period(cells[column])
    source, corrected = source_key(draft, answers), draft.rows[name][key] | cells
    put(draft, table, corrected)
    released = last_release(folder)
    before = released.rows.get(name, {}).get(key, {}) if released else {}
    changed = {cell: old for cell, new in cells.items() if (old := before.get(cell)) and old != new}
    for cell, old in changed.items():
        row = row_of(draft, corrections, answers | {"column": cell, "value": cells[cell]})
        composed = {"correction_id": composed_key(UNRELEASED, key, cell), "version": UNRELEASED}
        put(draft, corrections, row | composed | {"row_id": key, "value_before": old})
    if not changed and source and source != corrected.get("source_id"):
        add(draft, "citations", answers | {"row": key, "verdict": "supports"})


def new_key(table: str, row: Row, taken: Collection[str]) -> str:
    """The key of a new row. Raises AnswerError where it is taken and is not numbered.

    >>> event = {"pair_id": "us-a--ru-b", "event": "ended"}
    >>> new_key("pair_events", event, []), new_key("pair_events", event, ["us-a--ru-b--ended"])
    ('us-a--ru-b--ended', 'us-a--ru-b--ended-2')
    """
    match table:
        case "pair_events":
            parts = [composed_key(row["pair_id"], row["event"])]
        case "pairs":
            parts = [composed_key(row["us_place_id"], row["partner_place_id"])]
        case "places":
            parts = [(row["admin1_code"] or row["country"]).lower(), slug(row["name"])]
        case "sources":
            words = slug(row["title"]).split("-")[:TITLE_WORDS]
            parts = [slug(row["publisher"]), known_part(row, "published_on"), *words]
        case "statements":
            parts = [slug(row["speaker"]), known_part(row, "stated_on"), slug(row["stance"])]
        case "casualty_statistics":
            parts = number_parts(row)
        case _:
            parts = [composed_key(row["row_id"], row["column_name"], row["source_id"])]
    stem = "-".join(filter(None, parts))
    if table in ONLY_ONE and stem in taken:
        raise AnswerError(f"{stem} is there already")
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(key for key in numbered if key not in taken)


def number_parts(row: Row) -> list[str]:
    """Of what the key of a number is composed: who reported it, the period, who is counted, what happened."""
    start = row["period_start"] if row["cumulative"] != "true" else ""
    period = [start, "to" if start else "", known_part(row, "period_end")]
    per_day = "per-day" if row["unit"] == "persons_per_day" else ""
    part = slug(row["demographic"]) if row["demographic"] != "all" else ""
    return [slug(row["reported_by"]), *period, row["population"], slug(row["outcome"]), per_day, part]


def known_part(row: Row, name: str) -> str:
    """A date as far as it is known."""
    return row[name][: {"day": 10, "month": 7, "year": 4}.get(row[f"{name}_precision"], 0)]
