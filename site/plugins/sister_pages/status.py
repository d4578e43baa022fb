"""The statuses of a tie over time, as the table pair_status_history has them, and which held on a day."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from sister_pages.evidence import rows

Histories = dict[str, tuple["Interval", ...]]
INTERVALS = """
SELECT pair_id, status, valid_from, valid_to, occurred_on, occurred_on_precision AS precision, event_id
FROM pair_status_history WHERE ? IS NULL OR pair_id = ? ORDER BY pair_id, interval_number"""


@dataclass(frozen=True)
class Interval:
    """A tie had `status` from `valid_from` (None: all along) to before `valid_to` (None: still).

    `occurred_on` is the date of the decision as recorded, `precision` how much of it is known.
    """

    status: str
    valid_from: str | None
    valid_to: str | None
    occurred_on: str | None = None
    precision: str | None = None
    event_id: str | None = None

    def is_older(self, day: str) -> bool:
        """Whether the status was certainly decided before a day; `listed` never was."""
        return self.status != "listed" and self.valid_from is not None and self.valid_from < day


def read_histories(db: sqlite3.Connection, pair_id: str | None = None) -> Histories:
    """The intervals of each tie in their order, or those of one tie."""
    histories: Histories = {}
    for row in rows(db, INTERVALS, pair_id, pair_id):
        tie = row.pop("pair_id")
        histories[tie] = (*histories.get(tie, ()), Interval(**row))
    return histories


def held_on(history: Iterable[Interval], day: str) -> Interval | None:
    """The interval that holds an ISO day; None before the first."""
    begun = [interval for interval in history if (interval.valid_from or "") <= day]
    return next((interval for interval in begun if not interval.valid_to or day < interval.valid_to), None)
