"""The statuses of ties over time, as the table pair_status_history has them, and which held on a day."""

import sqlite3

from sister_pages.evidence import Row, rows

# A tie has a status from `valid_from` (empty: all along) to before `valid_to` (empty: still). The status
# `listed` was never decided.
INTERVALS = """
SELECT *, coalesce(valid_from, '') <= :day AND (valid_to IS NULL OR :day < valid_to) AS holds,
       status <> 'listed' AND coalesce(valid_from, :invasion) < :invasion AS is_older
FROM pair_status_history ORDER BY pair_id, interval_number"""


def read_histories(db: sqlite3.Connection, day: str, invasion: str) -> dict[str, list[Row]]:
    """The intervals of each tie in their order.

    Each tells whether it `holds` on an ISO day, and `is_older`: certainly decided before the invasion.
    """
    histories: dict[str, list[Row]] = {}
    for row in rows(db, INTERVALS, day=day, invasion=invasion):
        histories.setdefault(row["pair_id"], []).append(row)
    return histories
