"""Rows of the database with the evidence for and against them: what the pages of rows share."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

SOURCED = "JOIN (SELECT source_id, publisher, title, url, published_on, published_on_precision FROM sources)"
CITED = f"""
SELECT citations.*, publisher, title, url, published_on, published_on_precision
FROM citations {SOURCED} USING (source_id) WHERE table_name = ? AND row_id = ? ORDER BY verdict, source_id"""
DISAGREEMENTS = """
SELECT disagreements.*, own.url AS own_url, other.url AS other_url
FROM disagreements LEFT JOIN sources AS own ON own.source_id = own_source_id
JOIN sources AS other ON other.source_id = other_source_id
WHERE table_name = ? AND row_id = ? ORDER BY column_name, other_source_id"""
STATEMENTS = """
SELECT statements.*, publisher, title, url, language
FROM statements JOIN (SELECT source_id, publisher, title, url, language FROM sources) USING (source_id)
WHERE statement_id IN (SELECT statement_id FROM {links} WHERE {column} = ?)
ORDER BY stated_on IS NULL, stated_on, statement_id"""

ABOUT = """
SELECT 'pairs' AS table_name, pair_id AS row_id FROM statement_pairs WHERE statement_id = :key
UNION ALL SELECT 'places', place_id FROM statement_places WHERE statement_id = :key ORDER BY 1, 2"""


@dataclass(frozen=True)
class Evidence:
    """What sources say of one row besides its own: for it, and against it."""

    citations: list[Row]
    disagreements: list[Row]


def rows(db: sqlite3.Connection, query: str, *values: object, **named: object) -> list[Row]:
    """The rows of a query as dictionaries; its parameters are either numbered or named."""
    cursor = db.execute(query, named or values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def read_evidence(db: sqlite3.Connection, table: str, key: str) -> Evidence:
    """The citations and disagreements about one row."""
    return Evidence(rows(db, CITED, table, key), rows(db, DISAGREEMENTS, table, key))


def read_about(db: sqlite3.Connection, statement_id: str) -> list[Row]:
    """The ties and places that a statement is about, as tables and keys."""
    return rows(db, ABOUT, key=statement_id)


def with_evidence(db: sqlite3.Connection, table: str, key: str, found: list[Row]) -> list[Row]:
    """Rows of a table, each with its `evidence`."""
    return [{**row, "evidence": read_evidence(db, table, row[key])} for row in found]


def place(db: sqlite3.Connection, place_id: str) -> Row:
    """One place."""
    (found,) = rows(db, "SELECT * FROM places WHERE place_id = ?", place_id)
    return found


def read_subject(db: sqlite3.Connection, table: str, keys: Sequence[str]) -> tuple[str, str] | None:
    """The row that a row of a derived table is about, as its table and key; None where it is about none."""
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    names = sorted((column[5], column[1]) for column in columns if column[5])
    where = " AND ".join(f"{name} = ?" for _, name in names)
    (row,) = rows(db, f"SELECT * FROM {table} WHERE {where}", *keys)
    if "row_id" in row:
        return row["table_name"], row["row_id"]
    if row.get("event_id"):
        return "pair_events", row["event_id"]
    return ("pairs", row["pair_id"]) if row.get("pair_id") else None
