"""Everything about one tie, as values for its page."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from sister_pages import charts
from sister_pages.axes import NARROW, WIDE
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
from sister_pages.map import Arc, box_around, read_arc
from sister_pages.status import Interval, read_histories

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
    arc: Arc | None
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


def read_dossier(db: sqlite3.Connection, pair_id: str, as_of: str) -> Dossier:
    """Everything about a tie that exists, up to the day of the data."""
    (pair,) = rows(db, PAIR, pair_id)
    (overview,) = rows(db, "SELECT * FROM pairs_overview WHERE pair_id = ?", pair_id)
    us, partner = (place(db, pair[column]) for column in ("us_place_id", "partner_place_id"))
    events = with_evidence(db, "pair_events", "event_id", rows(db, EVENTS, pair_id))
    said = rows(db, STATEMENTS.format(links="statement_pairs", column="pair_id"), pair_id)
    history = read_histories(db, pair_id).get(pair_id, ())
    arc = read_arc(db, pair_id)
    return Dossier(
        pair=pair,
        overview=overview,
        us=us,
        partner=partner,
        history=history,
        events=events,
        statements=with_evidence(db, "statements", "statement_id", said),
        evidence=read_evidence(db, "pairs", pair_id),
        arc=arc,
        box=box_around([arc]) if arc else "",
        wide=charts.strip(history, date.fromisoformat(as_of), WIDE),
        narrow=charts.strip(history, date.fromisoformat(as_of), NARROW),
    )
