"""One source and everything taken from it, as values for its page."""

import sqlite3
from dataclasses import dataclass

from sister_pages.evidence import Evidence, Row, read_evidence, rows

TAKEN = """
SELECT table_name, row_id FROM evidence
WHERE source_id = ? AND verdict = 'own source' ORDER BY table_name, row_id"""
CITED = """
SELECT * FROM citations WHERE source_id = ? ORDER BY verdict, table_name, row_id, column_name"""


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
    for table, key in db.execute(TAKEN, (source_id,)):
        taken.setdefault(table, []).append(key)
    return SourcePage(source, taken, rows(db, CITED, source_id), read_evidence(db, "sources", source_id))
