"""One source and everything taken from it, as values for its page."""

import sqlite3
from typing import Any

from sister_pages.evidence import read_evidence, rows

TAKEN = """
SELECT table_name, row_id FROM evidence
WHERE source_id = ? AND verdict = 'own source' ORDER BY table_name, row_id"""
CITED = """
SELECT * FROM citations WHERE source_id = ? ORDER BY verdict, table_name, row_id, column_name"""


def read_source(db: sqlite3.Connection, source_id: str) -> dict[str, Any]:
    """A source that exists; the rows `taken` from it, by table their keys; what it is `cited` for."""
    (source,) = rows(db, "SELECT * FROM sources WHERE source_id = ?", source_id)
    taken: dict[str, list[str]] = {}
    for table, key in db.execute(TAKEN, (source_id,)):
        taken.setdefault(table, []).append(key)
    cited = rows(db, CITED, source_id)
    evidence = read_evidence(db, "sources", source_id)
    return {"source": source, "taken": taken, "cited": cited, "evidence": evidence}
