"""The rows that answers become: found by name, composed keys, new places and sources beside them."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from schemas.contract import Column, Table
from schemas.rules.lookups import slug
from schemas.vocabulary import UNRELEASED
from scripts.adding import gazetteer
from scripts.adding.composing import COMPOSE, another, of_source
from scripts.adding.names import AnswerError, UnknownNameError, key_named
from scripts.adding.prompts import ASKED_AS, DEFAULTS, KINDS, OF_A_SOURCE
from scripts.versions.snapshots import CORRECTIONS, Row, State, releases, row_id, zip_state

Answers = dict[str, str]
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
YES = {"yes": "true", "true": "true", "no": "false", "false": "false"}


@dataclass
class Draft:
    """A state and the rows that are to be written into it, by table and key."""

    state: State
    today: str
    changed: dict[str, list[str]] = field(default_factory=dict)

    def put(self, table: str, row: Row) -> str:
        """Add or replace a row; returns its key."""
        key = row_id(self.state.tables[table], row)
        self.state.rows[table][key] = row
        self.changed.setdefault(table, []).append(key)
        return key


def drafted(state: State, kind: str, answers: Answers, today: str, folder: Path) -> Draft:
    """The rows that answers become; `folder` has the releases with which corrections compare.

    Raises AnswerError where an answer cannot be used.
    """
    rows = {table: dict(found) for table, found in state.rows.items()}
    draft = Draft(replace(state, rows=rows), today)
    if kind == "place":
        draft.put("places", place(draft, answers))
    elif kind == "source":
        draft.put("sources", source(draft, {**answers, "source": answers.get("url", "")}, ""))
    elif kind == "correction":
        correct(draft, answers, folder)
    else:
        table = draft.state.tables[KINDS[kind]]
        row = row_of(draft, table, answers)
        key = COMPOSE[kind](draft.state.rows, row)
        draft.put(table.name, {**row, table.primary_key[0]: key})
        if kind == "statement":
            relate(draft, key, answers)
    return draft


def row_of(draft: Draft, table: Table, answers: Answers) -> Row:
    """A row of the answers; the key is left empty."""
    leads = table.leads
    row = dict.fromkeys(table.column_names, "")
    for column in table.columns:
        text = answers.get(ASKED_AS.get(column.name, column.name), "").strip()
        if column.name in table.primary_key or column.name.endswith("_precision"):
            continue
        if column.name == "source_id":
            row[column.name] = source_key(draft, answers)
        elif leads.get(column.name) == "places" and text:
            row[column.name] = place_key(draft, text)
        elif column.name in leads and text:
            row[column.name] = key_named(draft.state, leads[column.name], text)
        elif column.name in table.dated():
            row[column.name], row[f"{column.name}_precision"] = period(text)
        else:
            row[column.name] = value(column, text or DEFAULTS.get(column.name, ""))
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


def place_key(draft: Draft, text: str) -> str:
    """The key of a place of ours, or of one that GeoNames has, which is then added."""
    try:
        return key_named(draft.state, "places", text)
    except UnknownNameError:
        return draft.put("places", gazetteer.looked_up(draft.state, text))


def place(draft: Draft, answers: Answers) -> Row:
    """A new place: what the gazetteer has of it, and the answers in place of that."""
    table = draft.state.tables["places"]
    given = {name: text for name, text in answers.items() if name in table.column_names and text}
    where = given.get("admin1_name") or given.get("country", "")
    row = dict.fromkeys(table.column_names, "") | {"certainty": "stated"}
    if not {"identified_by", "kind", "country"} <= given.keys():
        row = gazetteer.looked_up(draft.state, f"{given.get('name', '')}, {where}".removesuffix(", "))
    row |= given
    key = f"{(row['admin1_code'] or row['country']).lower()}-{slug(row['name'])}"
    return row | {"place_id": another(key, draft.state.rows["places"])}


def source_key(draft: Draft, answers: Answers) -> str:
    """The key of a source of ours, or of a new one, which is then added."""
    text = answers.get("source", "").strip()
    if not text:
        return ""
    try:
        return key_named(draft.state, "sources", text)
    except UnknownNameError:
        if not text.startswith(("http://", "https://")):
            raise
    return draft.put("sources", source(draft, answers, "source_"))


def source(draft: Draft, answers: Answers, prefix: str) -> Row:
    """A new source; raises AnswerError where its address is there already, or too little is said of it."""
    sources, address = draft.state.tables["sources"], answers["source"].strip()
    there = [key for key, row in draft.state.rows["sources"].items() if address and row["url"] == address]
    if there:
        raise AnswerError(f"that address is there already, as {there[0]}")
    row = dict.fromkeys(sources.column_names, "") | {"url": address, "certainty": "stated"}
    for name in [*OF_A_SOURCE, "archived_url", "notes", "certainty"]:
        text = answers.get(f"{prefix}{name.removesuffix('_on') if prefix else name}", "").strip()
        if name == "published_on":
            row[name], row[f"{name}_precision"] = period(text)
        elif text or name == "kind":
            row[name] = value(sources.column(name), text or "news")
    missing = [name for name in ("title", "publisher") if not row[name]]
    if missing:
        options = " and ".join(f"--{prefix.replace('_', '-')}{name}" for name in missing)
        raise AnswerError(f"the source {address} is new: give {options}")
    row["accessed_on"] = draft.today
    return row | {"source_id": of_source(draft.state.rows, row)}


def relate(draft: Draft, statement: str, answers: Answers) -> None:
    """Say which ties and places a statement is about."""
    for name, table in (("ties", "pairs"), ("places", "places")):
        for text in filter(None, (part.strip() for part in answers.get(name, "").split(";"))):
            key = key_named(draft.state, table, text) if table == "pairs" else place_key(draft, text)
            column = draft.state.tables[f"statement_{name}" if table == "places" else "statement_pairs"]
            draft.put(column.name, {"statement_id": statement, column.column_names[1]: key})


def correct(draft: Draft, answers: Answers, folder: Path) -> None:
    """Change a cell, and say in corrections why, where it was released with another value.

    A cell that was released empty is filled without one. Raises AnswerError where there is no such cell.
    """
    name, column = answers.get("table", ""), answers.get("column", "")
    table = draft.state.tables.get(name)
    if table is None or column not in table.column_names:
        raise AnswerError(f"{name}.{column} is no column of the package")
    key = key_named(draft.state, name, answers.get("row", ""))
    new = answers.get("value", "").strip()
    source = source_key(draft, answers)
    draft.put(name, draft.state.rows[name][key] | {column: new})
    archives = list(releases(folder).values())
    released = zip_state(archives[-1]).rows.get(name, {}).get(key, {}) if archives else {}
    if released.get(column) and released[column] != new:
        reason = value(draft.state.tables[CORRECTIONS].column("reason"), answers.get("reason", ""))
        row = {"correction_id": "--".join([UNRELEASED, key, column.replace("_", "-")]),
               "version": UNRELEASED, "table_name": name, "row_id": key, "column_name": column,
               "value_before": released[column], "value_after": new, "reason": reason, "source_id": source,
               "note": answers.get("note", "")}  # fmt: skip
        draft.put(CORRECTIONS, row)
