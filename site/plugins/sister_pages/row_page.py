"""What the page of a row shows besides the row, as values for its template."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from sister_pages.context import Context
from sister_pages.evidence import read_evidence, rows
from sister_pages.place_page import read_place
from sister_pages.source_page import read_source
from sister_pages.tie_page import read_tie

# The ties and places that a statement is about.
ABOUT = """
SELECT 'pairs' AS table_name, pair_id AS row_id FROM statement_pairs WHERE statement_id = :key
UNION ALL SELECT 'places', place_id FROM statement_places WHERE statement_id = :key ORDER BY 1, 2"""


def read_row(db: sqlite3.Connection, site: Context, table: str, keys: Sequence[str]) -> dict[str, Any]:
    """All about a tie, place or source; of another row its evidence and what it is about."""
    key = keys[0]
    if table == "pairs":
        return {"dossier": read_tie(db, key, site.as_of)}
    if table == "places":
        return {"page": read_place(db, key)}
    if table == "sources":
        return {"page": read_source(db, key)}
    return {
        "evidence": read_evidence(db, table, key),
        "about": rows(db, ABOUT, key=key) if table == "statements" else [],
        "subject": read_subject(db, table, keys) if table in site.contract.derived else None,
    }


def read_subject(db: sqlite3.Connection, table: str, keys: Sequence[str]) -> tuple[str, str] | None:
    """The row that a row of a derived table is about, as its table and key; None where it is about none."""
    names = db.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,))
    where = " AND ".join(f"{name} = ?" for (name,) in names)
    (row,) = rows(db, f"SELECT * FROM {table} WHERE {where}", *keys)
    if "row_id" in row:
        return row["table_name"], row["row_id"]
    if row.get("event_id"):
        return "pair_events", row["event_id"]
    return ("pairs", row["pair_id"]) if row.get("pair_id") else None
