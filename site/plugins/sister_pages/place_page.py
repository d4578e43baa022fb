"""One place with its ties, and what was said and counted about it, as values for its page."""

import sqlite3
from typing import Any

from sister_pages.evidence import STATEMENTS, place, read_evidence, rows, with_evidence
from sister_pages.map import small_map

TIES = """
SELECT * FROM pairs_overview
WHERE pair_id IN (SELECT pair_id FROM pairs WHERE us_place_id = :place
                  UNION SELECT pair_id FROM pairs WHERE partner_place_id = :place)
ORDER BY us_place, partner_place"""
CASUALTIES = """
SELECT * FROM casualty_statistics WHERE place_id = ? ORDER BY period_end DESC, statistic_id LIMIT 12"""
FIGURES = "SELECT * FROM reported_figures WHERE place_id = ? ORDER BY as_of, figure_id"


def read_place(db: sqlite3.Connection, place_id: str) -> dict[str, Any]:
    """A place: its ties with the status of each, what was said about it, and the latest numbers about it."""
    ties = rows(db, TIES, place=place_id)
    said = rows(db, STATEMENTS.format(links="statement_places", column="place_id"), place_id)
    return {
        "place": place(db, place_id),
        "ties": ties,
        "statements": with_evidence(db, "statements", "statement_id", said),
        "casualties": rows(db, CASUALTIES, place_id),
        "figures": rows(db, FIGURES, place_id),
        "evidence": read_evidence(db, "places", place_id),
        **small_map(db, ties),
    }
