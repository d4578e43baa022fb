"""Everything about one tie, as values for its page."""

import sqlite3
from datetime import date
from typing import Any

from sister_pages.charts import in_both_widths
from sister_pages.evidence import SOURCED, STATEMENTS, place, read_evidence, rows, with_evidence
from sister_pages.map import small_map
from sister_pages.timeline import strip

EVENTS = f"""
SELECT pair_events.*, publisher, title, url FROM pair_events {SOURCED} USING (source_id)
WHERE pair_id = ? ORDER BY occurred_on IS NULL, occurred_on, event_id"""
HISTORY = "SELECT * FROM pair_status_history WHERE pair_id = ? ORDER BY interval_number"
PAIR = f"""
SELECT pairs.*, publisher, title, url, published_on, published_on_precision
FROM pairs {SOURCED} USING (source_id) WHERE pair_id = ?"""


def read_tie(db: sqlite3.Connection, pair_id: str, as_of: str) -> dict[str, Any]:
    """Everything about a tie that exists, up to the day of the data.

    `disagreements` are what sources say otherwise about it, its events and the statements about it.
    """
    (pair,) = rows(db, PAIR, pair_id)
    overview = rows(db, "SELECT * FROM pairs_overview WHERE pair_id = ?", pair_id)
    said = rows(db, STATEMENTS.format(links="statement_pairs", column="pair_id"), pair_id)
    events = with_evidence(db, "pair_events", "event_id", rows(db, EVENTS, pair_id))
    statements = with_evidence(db, "statements", "statement_id", said)
    evidence = read_evidence(db, "pairs", pair_id)
    history = rows(db, HISTORY, pair_id)
    others = [row["evidence"] for row in (*events, *statements)]
    return {
        "pair": pair,
        "overview": overview[0],
        "places": [place(db, pair[column]) for column in ("us_place_id", "partner_place_id")],
        "history": history,
        "strip": in_both_widths(strip, history, date.fromisoformat(as_of)),
        "events": events,
        "statements": statements,
        "evidence": evidence,
        "disagreements": [row for one in (evidence, *others) for row in one["disagreements"]],
        **small_map(db, overview),
    }
