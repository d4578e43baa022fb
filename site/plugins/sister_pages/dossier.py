"""Everything about one tie, as values for its page."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from sister_pages import charts
from sister_pages.axes import NARROW, WIDE
from sister_pages.basemap import box_around, tie_marks
from sister_pages.evidence import (
    SOURCED,
    STATEMENTS,
    Evidence,
    Row,
    place,
    read_evidence,
    rows,
    with_evidence,
)
from sister_pages.histories import read_histories
from sister_pages.projection import Point
from sister_pages.status import Interval

EVENTS = f"""
SELECT pair_events.*, publisher, title, url FROM pair_events {SOURCED} USING (source_id)
WHERE pair_id = ? ORDER BY occurred_on IS NULL, occurred_on, event_id"""
PAIR = f"""
SELECT pairs.*, publisher, title, url, published_on, published_on_precision
FROM pairs {SOURCED} USING (source_id) WHERE pair_id = ?"""


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
        wide=charts.strip(history, today, WIDE),
        narrow=charts.strip(history, today, NARROW),
    )


def point(row: Row) -> Point | None:
    """Where a place lies, if that is known."""
    return None if row["longitude"] is None else (row["longitude"], row["latitude"])
