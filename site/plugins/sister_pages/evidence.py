"""Rows of the database with the evidence for and against them: what the pages of rows share."""

import sqlite3
from typing import Any

Row = dict[str, Any]

SOURCED = "JOIN (SELECT source_id, publisher, title, url, published_on, published_on_precision FROM sources)"
CITED = f"""
SELECT citations.*, publisher, title, url, published_on, published_on_precision
FROM citations {SOURCED} USING (source_id) WHERE table_name = ? AND row_id = ? ORDER BY verdict, source_id"""
DISAGREEMENTS = """
SELECT * FROM disagreements WHERE table_name = ? AND row_id = ? ORDER BY column_name, other_source_id"""
STATEMENTS = """
SELECT statements.*, publisher, title, url, language
FROM statements JOIN (SELECT source_id, publisher, title, url, language FROM sources) USING (source_id)
WHERE statement_id IN (SELECT statement_id FROM {links} WHERE {column} = ?)
ORDER BY stated_on IS NULL, stated_on, statement_id"""

Evidence = dict[str, list[Row]]  # what sources say of a row besides its own: `citations`, `disagreements`


def rows(db: sqlite3.Connection, query: str, *values: object, **named: object) -> list[Row]:
    """The rows of a query as dictionaries; its parameters are either numbered or named."""
    cursor = db.execute(query, named or values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def read_evidence(db: sqlite3.Connection, table: str, key: str) -> Evidence:
    """The citations and disagreements about one row."""
    return {"citations": rows(db, CITED, table, key), "disagreements": rows(db, DISAGREEMENTS, table, key)}


def with_evidence(db: sqlite3.Connection, table: str, key: str, of: list[Row]) -> list[Row]:
    """Rows of a table, each with its `evidence`."""
    return [{**row, "evidence": read_evidence(db, table, row[key])} for row in of]


def place(db: sqlite3.Connection, place_id: str) -> Row:
    """One place."""
    (row,) = rows(db, "SELECT * FROM places WHERE place_id = ?", place_id)
    return row
