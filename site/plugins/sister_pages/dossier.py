"""Everything about one tie, one place or one source, as values for its page."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from sister_pages import charts
from sister_pages.basemap import box_around, tie_marks
from sister_pages.histories import read_histories
from sister_pages.projection import Point
from sister_pages.status import Interval

Row = dict[str, Any]

SOURCED = "JOIN (SELECT source_id, publisher, title, url, published_on, published_on_precision FROM sources)"
CITED = f"""
SELECT citations.*, publisher, title, url, published_on, published_on_precision
FROM citations {SOURCED} USING (source_id) WHERE table_name = ? AND row_id = ? ORDER BY verdict, source_id"""
DISAGREEMENTS = """
SELECT disagreements.*, own.url AS own_url, other.url AS other_url
FROM disagreements LEFT JOIN sources AS own ON own.source_id = own_source_id
JOIN sources AS other ON other.source_id = other_source_id
WHERE table_name = ? AND row_id = ? ORDER BY column_name, other_source_id"""
EVENTS = f"""
SELECT pair_events.*, publisher, title, url FROM pair_events {SOURCED} USING (source_id)
WHERE pair_id = ? ORDER BY occurred_on IS NULL, occurred_on, event_id"""
STATEMENTS = f"""
SELECT statements.*, publisher, title, url FROM statements {SOURCED} USING (source_id)
WHERE statement_id IN (SELECT statement_id FROM {{links}} WHERE {{column}} = ?)
ORDER BY stated_on IS NULL, stated_on, statement_id"""
PAIR = f"""
SELECT pairs.*, publisher, title, url, published_on, published_on_precision
FROM pairs {SOURCED} USING (source_id) WHERE pair_id = ?"""


@dataclass(frozen=True)
class Evidence:
    """What sources say of one row besides its own: for it, and against it."""

    citations: list[Row]
    disagreements: list[Row]


@dataclass(frozen=True)
class Dossier:
    """One tie."""

    pair: Row
    overview: Row
    us: Row
    partner: Row
    history: tuple[Interval, ...]
    events: list[Row]  # each with its `evidence`
    statements: list[Row]
    evidence: Evidence
    marks: Markup | None
    box: str
    wide: Markup
    narrow: Markup

    @property
    def disagreements(self) -> list[Row]:
        """What sources say otherwise about the tie and about its events."""
        return [
            *self.evidence.disagreements,
            *(found for event in self.events for found in event["evidence"].disagreements),
            *(found for statement in self.statements for found in statement["evidence"].disagreements),
        ]


def rows(db: sqlite3.Connection, query: str, *values: object) -> list[Row]:
    """The rows of a query as dictionaries."""
    cursor = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def read_evidence(db: sqlite3.Connection, table: str, key: str) -> Evidence:
    """The citations and disagreements about one row."""
    return Evidence(rows(db, CITED, table, key), rows(db, DISAGREEMENTS, table, key))


def read_dossier(db: sqlite3.Connection, pair_id: str, today: date) -> Dossier:
    """Everything about a tie that exists."""
    (pair,) = rows(db, PAIR, pair_id)
    (overview,) = rows(db, "SELECT * FROM pairs_overview WHERE pair_id = ?", pair_id)
    us, partner = (place(db, pair[column]) for column in ("us_place_id", "partner_place_id"))
    events = with_evidence(db, "pair_events", "event_id", rows(db, EVENTS, pair_id))
    told = rows(db, STATEMENTS.format(links="statement_pairs", column="pair_id"), pair_id)
    history = read_histories(db, pair_id).get(pair_id, ())
    ends = [end for end in (point(us), point(partner)) if end]
    return Dossier(
        pair=pair,
        overview=overview,
        us=us,
        partner=partner,
        history=history,
        events=events,
        statements=with_evidence(db, "statements", "statement_id", told),
        evidence=read_evidence(db, "pairs", pair_id),
        marks=tie_marks(*ends) if len(ends) == 2 else None,
        box=box_around(ends) if len(ends) == 2 else "",
        wide=charts.strip(history, today, charts.WIDE),
        narrow=charts.strip(history, today, charts.NARROW),
    )


def with_evidence(db: sqlite3.Connection, table: str, key: str, found: list[Row]) -> list[Row]:
    """Rows of a table, each with its `evidence`."""
    return [{**row, "evidence": read_evidence(db, table, row[key])} for row in found]


def place(db: sqlite3.Connection, place_id: str) -> Row:
    """One place."""
    (found,) = rows(db, "SELECT * FROM places WHERE place_id = ?", place_id)
    return found


def point(row: Row) -> Point | None:
    """Where a place lies, if that is known."""
    return None if row["longitude"] is None else (row["longitude"], row["latitude"])


@dataclass(frozen=True)
class PlacePage:
    """One place: its ties with the status of each, what was said about it, and numbers about it."""

    place: Row
    ties: list[Row]
    statements: list[Row]
    casualties: list[Row]
    figures: list[Row]
    evidence: Evidence
    marks: list[tuple[Row, Markup]]
    box: str


def read_place(db: sqlite3.Connection, place_id: str) -> PlacePage:
    """Everything about a place that exists."""
    ties = rows(
        db,
        "SELECT * FROM pairs_overview WHERE pair_id IN (SELECT pair_id FROM pairs WHERE us_place_id = ?"
        " UNION SELECT pair_id FROM pairs WHERE partner_place_id = ?) ORDER BY us_place, partner_place",
        place_id,
        place_id,
    )
    drawn = [tie for tie in ties if None not in (tie["us_longitude"], tie["partner_longitude"])]
    told = rows(db, STATEMENTS.format(links="statement_places", column="place_id"), place_id)
    return PlacePage(
        place=place(db, place_id),
        ties=ties,
        statements=with_evidence(db, "statements", "statement_id", told),
        casualties=rows(
            db, "SELECT * FROM casualty_statistics WHERE place_id = ? ORDER BY period_end DESC LIMIT 12", place_id
        ),
        figures=rows(db, "SELECT * FROM reported_figures WHERE place_id = ? ORDER BY as_of, figure_id", place_id),
        evidence=read_evidence(db, "places", place_id),
        marks=[(tie, tie_marks(*ends_of(tie))) for tie in drawn],
        box=box_around(hub_first(drawn, place_id)) if drawn else "",
    )


def ends_of(tie: Row) -> tuple[Point, Point]:
    """The two points of a tie that has both."""
    return (tie["us_longitude"], tie["us_latitude"]), (tie["partner_longitude"], tie["partner_latitude"])


def hub_first(ties: Sequence[Row], place_id: str) -> list[Point]:
    """The place that all ties share, then the other end of each."""
    ends = [ends_of(tie) for tie in ties]
    if ties[0]["us_place_id"] == place_id:
        return [ends[0][0], *(partner for _, partner in ends)]
    return [ends[0][1], *(us for us, _ in ends)]


@dataclass(frozen=True)
class SourcePage:
    """One source and everything taken from it, by table; what it is cited for; what is said of it."""

    source: Row
    taken: dict[str, list[str]]  # table to keys of the rows whose own source it is
    cited: list[Row]
    evidence: Evidence


def read_source(db: sqlite3.Connection, source_id: str) -> SourcePage:
    """Everything from a source that exists."""
    (source,) = rows(db, "SELECT * FROM sources WHERE source_id = ?", source_id)
    taken: dict[str, list[str]] = {}
    for table, key in db.execute(
        "SELECT table_name, row_id FROM evidence WHERE source_id = ? AND verdict = 'own source'"
        " ORDER BY table_name, row_id",
        (source_id,),
    ):
        taken.setdefault(table, []).append(key)
    cited = rows(
        db,
        "SELECT * FROM citations WHERE source_id = ? ORDER BY verdict, table_name, row_id, column_name",
        source_id,
    )
    return SourcePage(source, taken, cited, read_evidence(db, "sources", source_id))
