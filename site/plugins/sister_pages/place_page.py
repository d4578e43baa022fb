"""One place with its ties, and what was said and counted about it, as values for its page."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sister_pages.basemap import box_around, tie_marks
from sister_pages.evidence import STATEMENTS, Evidence, Row, place, read_evidence, rows, with_evidence
from sister_pages.projection import Point

TIES = """
SELECT * FROM pairs_overview
WHERE pair_id IN (SELECT pair_id FROM pairs WHERE us_place_id = :place
                  UNION SELECT pair_id FROM pairs WHERE partner_place_id = :place)
ORDER BY us_place, partner_place"""
CASUALTIES = """
SELECT * FROM casualty_statistics WHERE place_id = ? ORDER BY period_end DESC, statistic_id LIMIT 12"""
FIGURES = "SELECT * FROM reported_figures WHERE place_id = ? ORDER BY as_of, figure_id"


@dataclass(frozen=True)
class PlacePage:
    """One place: its ties with the status of each, what was said about it, and numbers about it."""

    place: Row
    ties: list[Row]
    statements: list[Row]
    casualties: list[Row]  # the latest ones
    figures: list[Row]
    evidence: Evidence
    marks: list[tuple[Row, Markup]]
    box: str


def read_place(db: sqlite3.Connection, place_id: str) -> PlacePage:
    """Everything about a place that exists."""
    ties = rows(db, TIES, place=place_id)
    drawn = [tie for tie in ties if None not in (tie["us_longitude"], tie["partner_longitude"])]
    told = rows(db, STATEMENTS.format(links="statement_places", column="place_id"), place_id)
    return PlacePage(
        place=place(db, place_id),
        ties=ties,
        statements=with_evidence(db, "statements", "statement_id", told),
        casualties=rows(db, CASUALTIES, place_id),
        figures=rows(db, FIGURES, place_id),
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
