"""The status of ties over time, as the database derives it."""

from __future__ import annotations

import sqlite3

from sister_pages.dates import INVASION, written
from sister_pages.status import Interval

Histories = dict[str, tuple[Interval, ...]]

INTERVALS = """
SELECT pair_id, status, valid_from, valid_to, valid_from_precision, event_id
FROM pair_status_history WHERE ? IS NULL OR pair_id = ?"""


def read_histories(db: sqlite3.Connection, pair_id: str | None = None) -> Histories:
    """The intervals of each tie in their order, or those of one tie."""
    found: dict[str, list[Interval]] = {}
    for pair, *interval in db.execute(INTERVALS, (pair_id, pair_id)):
        found.setdefault(pair, []).append(Interval(*interval))
    return {pair: tuple(placed(intervals)) for pair, intervals in found.items()}


def placed(intervals: list[Interval]) -> list[Interval]:
    """The intervals in order of time, each from the day on which pages let it begin.

    A month or year in which the invasion fell stands in the tables as its first day; a decision known to
    belong to it is shown from the invasion on, not as if it had come before.
    """
    ordered = sorted(intervals, key=lambda i: (i.valid_to is None, i.valid_to or "", i.valid_from or ""))
    starts = [shown_from(interval) for interval in ordered]
    ends = [*starts[1:], None]
    return [
        Interval(interval.status, start, end, interval.precision, interval.event_id)
        for interval, start, end in zip(ordered, starts, ends, strict=True)
    ]


def shown_from(interval: Interval) -> str | None:
    """The first day of an interval, moved to the invasion where its period holds that day."""
    start = interval.valid_from
    if start and interval.precision in ("month", "year"):
        known = written(start, interval.precision)
        if INVASION.startswith(known):
            return max(start, INVASION)
    return start
