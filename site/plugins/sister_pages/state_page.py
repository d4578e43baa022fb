"""One U.S. state: its ties, its law on them and its places, as values for its page."""

import sqlite3
from collections import Counter
from dataclasses import dataclass

from sister_pages.arcs import Arc, box_around, read_arcs
from sister_pages.evidence import SOURCED, Row, rows

TIES = "SELECT * FROM pairs_overview WHERE us_division = ? ORDER BY us_place, partner_place, pair_id"
LAWS = f"""
SELECT laws.*, publisher, sources.title AS source_title, url
FROM laws {SOURCED} AS sources USING (source_id) JOIN places USING (place_id)
WHERE admin1_name = ? ORDER BY effective_on, law_id"""
PLACES = """
SELECT place_id, name, kind, (SELECT count(*) FROM pairs WHERE us_place_id = place_id) AS ties
FROM places WHERE country = 'US' AND admin1_name = ? ORDER BY name, place_id"""


@dataclass(frozen=True)
class StatePage:
    """A state by its name, with its ties and how many have each status, its laws and its places."""

    name: str
    ties: list[Row]
    counts: Counter[str]
    laws: list[Row]
    places: list[Row]
    arcs: list[tuple[Row, Arc]]
    box: str


def read_state(db: sqlite3.Connection, name: str) -> StatePage:
    """Everything about a state that exists."""
    ties, arcs = rows(db, TIES, name), read_arcs(db)
    drawn = [(tie, arcs[tie["pair_id"]]) for tie in ties if tie["pair_id"] in arcs]
    return StatePage(
        name=name,
        ties=ties,
        counts=Counter(tie["status"] for tie in ties),
        laws=rows(db, LAWS, name),
        places=rows(db, PLACES, name),
        arcs=drawn,
        box=box_around(arc for _, arc in drawn) if drawn else "",
    )
