"""The rows that answers become: found by name, composed keys, new places and sources beside them."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from schemas.contract import Column, Table
from schemas.rules.lookups import slug
from schemas.vocabulary import UNRELEASED
from scripts.adding import gazetteer
from scripts.adding.names import AnswerError, UnknownNameError, key_named
from scripts.adding.prompts import ASKED_AS, DEFAULTS, KINDS, OF_A_SOURCE
from scripts.versions.snapshots import CORRECTIONS, Row, State, releases, row_id, zip_state

Answers = dict[str, str]
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
YES = {"yes": "true", "true": "true", "no": "false", "false": "false"}

TITLE_WORDS = 6  # words of the title in the key of a source


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
        key = COMPOSE[kind](draft, row)
        draft.put(table.name, {**row, table.primary_key[0]: key})
        if kind == "statement":
            relate(draft, key, answers)
    return draft


def row_of(draft: Draft, table: Table, answers: Answers) -> Row:
    """A row of the answers; the key is left empty."""
    leads = {key.columns[0]: key.table for key in table.foreign_keys if len(key.columns) == 1}
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
    if column.type == "boolean" and text:
        return YES.get(text.lower(), text)
    if column.categories and text not in column.categories and (text or column.required):
        said = f"{text!r} is no" if text else "say the"
        raise AnswerError(f"{said} {column.name}; one of {', '.join(column.categories)}")
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
    row["place_id"] = f"{(row['admin1_code'] or row['country']).lower()}-{slug(row['name'])}"
    return refused_if_there(draft, "places", row)


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
    """A new source; raises AnswerError where its address is there already, or too little is told of it."""
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
        told = " and ".join(f"--{prefix.replace('_', '-')}{name}" for name in missing)
        raise AnswerError(f"the source {address} is new: give {told}")
    row["accessed_on"] = draft.today
    known = row["published_on"][: {"day": 10, "month": 7, "year": 4}.get(row["published_on_precision"], 0)]
    words = "-".join(slug(row["title"]).split("-")[:TITLE_WORDS])
    stem = "-".join(filter(None, [slug(row["publisher"]), known, words]))
    return row | {"source_id": numbered(stem, draft.state.rows["sources"])}


def refused_if_there(draft: Draft, table: str, row: Row) -> Row:
    """The row. Raises AnswerError where its key is there already."""
    key = row_id(draft.state.tables[table], row)
    if key in draft.state.rows[table]:
        raise AnswerError(f"{key} is there already")
    return row


def numbered(stem: str, taken: dict[str, Row]) -> str:
    """A key, with a number from the second of its stem on.

    >>> numbered("a", {}), numbered("a", {"a": {}, "a-2": {}})
    ('a', 'a-3')
    """
    number = 2
    key = stem
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


def of_event(draft: Draft, row: Row) -> str:
    """The key of an event."""
    return numbered(f"{row['pair_id']}--{row['event'].replace('_', '-')}", draft.state.rows["pair_events"])


def of_tie(draft: Draft, row: Row) -> str:
    """The key of a tie; its names as printed are those of its places where nothing else is said."""
    for side in ("us", "partner"):
        place = draft.state.rows["places"].get(row[f"{side}_place_id"], {})
        row[f"{side}_name_reported"] = row[f"{side}_name_reported"] or place.get("name", "")
    key = f"{row['us_place_id']}--{row['partner_place_id']}"
    return refused_if_there(draft, "pairs", {**row, "pair_id": key})["pair_id"]


def of_statement(draft: Draft, row: Row) -> str:
    """The key of a statement: the speaker, the date as far as it is known, and the stance."""
    return numbered("-".join([slug(row["speaker"]), *known(row, "stated_on"), slug(row["stance"])]),
                    draft.state.rows["statements"])  # fmt: skip


def of_number(draft: Draft, row: Row) -> str:
    """The key of a number: who reported it, the period, who is counted, and what happened to them."""
    counted = [] if row["cumulative"] == "true" or not row["period_start"] else [row["period_start"], "to"]
    part = [] if row["demographic"] == "all" else [slug(row["demographic"])]
    per_day = ["per-day"] if row["unit"] == "persons_per_day" else []
    what = [row["population"], slug(row["outcome"]), *per_day, *part]
    return numbered("-".join([slug(row["reported_by"]), *counted, *known(row, "period_end"), *what]),
                    draft.state.rows["casualty_statistics"])  # fmt: skip


def of_citation(draft: Draft, row: Row) -> str:
    """The key of a citation."""
    if row["row_id"] not in draft.state.rows.get(row["table_name"], {}):
        raise AnswerError(f"{row['table_name']} has no row {row['row_id']!r}")
    parts = [row["row_id"], row["column_name"].replace("_", "-"), row["source_id"]]
    return "--".join(filter(None, parts))


def known(row: Row, name: str) -> list[str]:
    """A date as far as it is known, as a part of a key; none where it is empty."""
    length = {"day": 10, "month": 7, "year": 4}.get(row[f"{name}_precision"], 0)
    return [row[name][:length]] if length else []


COMPOSE = {
    "event": of_event,
    "tie": of_tie,
    "statement": of_statement,
    "number": of_number,
    "citation": of_citation,
}


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
        corrections = draft.state.tables[CORRECTIONS]
        told = {"version": UNRELEASED, "table_name": name, "row_id": key, "column_name": column,
                "value_before": released[column], "value_after": new, "source_id": source,
                "reason": value(corrections.column("reason"), answers.get("reason", "")),
                "note": answers.get("note", "")}  # fmt: skip
        stem = "--".join([UNRELEASED, key, column.replace("_", "-")])
        draft.put(CORRECTIONS, {corrections.primary_key[0]: stem, **told})
