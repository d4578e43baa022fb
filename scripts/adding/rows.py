"""The rows that answers become: found by name, composed keys, new places and sources beside them."""

import re
from dataclasses import replace
from pathlib import Path

from schemas.contract import Column, Table
from schemas.vocabulary import UNRELEASED
from scripts.adding import gazetteer
from scripts.adding.composing import COMPOSE
from scripts.adding.names import AnswerError, UnknownNameError, key_named
from scripts.adding.prompts import ASKED_AS, DEFAULTS, KINDS, OF_A_SOURCE, RELATED
from scripts.versions.snapshots import CORRECTIONS, Row, State, last_release, row_id

Answers = dict[str, str]
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
YES = {"yes": "true", "true": "true", "no": "false", "false": "false"}


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


def value(column: Column, text: str) -> str:
    """An answer as a cell spells it. Raises AnswerError where it is none of the column's choices."""
    if column.type == "boolean" and text.lower() in YES:
        return YES[text.lower()]
    choices = ["yes", "no"] if column.type == "boolean" else list(column.categories)
    if choices and text not in choices and (text or column.required):
        said = f"{text!r} is no" if text else "say the"
        raise AnswerError(f"{said} {column.name}; one of {', '.join(choices)}")
    return text


def period(text: str) -> tuple[str, str]:
    """The first day of a day, month or year, and which of them it is.

    >>> period("2024-05-14"), period("2024-05"), period("2024"), period("")
    (('2024-05-14', 'day'), ('2024-05-01', 'month'), ('2024-01-01', 'year'), ('', ''))
    """
    if not text:
        return "", ""
    if not (match := DATE.fullmatch(text)):
        raise AnswerError(
            f"{text!r} is no date: write the day as 2024-05-14, the month as 2024-05, or the year"
        )
    year, month, day = match.groups()
    return f"{year}-{month or '01'}-{day or '01'}", "day" if day else "month" if month else "year"


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

    A cell that was not released with a value is filled without one; a source other than that of its row is
    then cited for it. Raises AnswerError where there is no such cell.
    """
    name, column = answers.get("table", ""), answers.get("column", "")
    table, corrections = draft.tables.get(name), draft.tables[CORRECTIONS]
    if table is None or column not in table.column_names:
        raise AnswerError(f"{name}.{column} is no column of the package")
    key = key_named(draft, name, answers.get("row", ""))
    new = answers.get("value", "").strip()
    source, corrected = source_key(draft, answers), draft.rows[name][key] | {column: new}
    put(draft, table, corrected)
    released = last_release(folder)
    old = released.rows.get(name, {}).get(key, {}).get(column) if released else None
    if old and old != new:
        correction = "--".join([UNRELEASED, key, column.replace("_", "-")])
        row = row_of(draft, corrections, answers) | {"correction_id": correction, "version": UNRELEASED}
        put(draft, corrections, row | {"row_id": key, "value_before": old})
    elif source and source != corrected.get("source_id"):
        add(draft, "citations", answers | {"row": key, "verdict": "supports"})
