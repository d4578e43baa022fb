"""What a query may do and use: read this database, within bounds of memory that hold for each query.

Datasette ends a query after `sql_time_limit_ms`, but only between steps of SQLite's virtual machine, and
it bounds rows, not bytes. The limits below bound what one step and one answer can take; see
https://sqlite.org/security.html and https://sqlite.org/c3ref/c_limit_attached.html.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import Any

from datasette import hookimpl

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 200_000,  # bytes of a value or row
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 200,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 10_000,  # Datasette labels a page of keys with one each
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
HEAP_BYTES = 256 * 1024**2  # of SQLite, for all connections of the process together
ANSWER_BYTES = 4 * 1024**2  # of one result as Python holds it, or 100,000 empty cells
CELL_BYTES = 40  # what a cell costs beside its content

PRAGMAS = {
    *("collation_list", "compile_options", "data_version", "database_list", "foreign_key_list"),
    *("function_list", "index_info", "index_list", "index_xinfo", "max_page_count", "page_count"),
    *("page_size", "schema_version", "table_info", "table_list", "table_xinfo"),
}
SETTERS = {"max_page_count", "page_size", "schema_version"}
UNSAFE_FUNCTIONS = {"load_extension", "fts3_tokenizer"}
ANY_PADDING = re.compile(r"%[^a-zA-Z%]*(\*|\d{4})")


class Answer:
    """Counts the bytes of the rows of the running statement; raises DataError beyond the bound."""

    def __init__(self) -> None:
        self.left = ANSWER_BYTES

    def begin(self, _statement: str) -> None:
        """A statement starts."""
        self.left = ANSWER_BYTES

    def take(self, size: int) -> None:
        """Some bytes more."""
        self.left -= size
        if self.left < 0:
            raise sqlite3.DataError(f"the result is larger than {ANSWER_BYTES // 1024**2} MB; ask for less")

    def text(self, value: bytes) -> str:
        """A text cell, as Datasette reads it."""
        self.take(len(value))
        return str(value, "utf-8", "replace")

    def row(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        """A row; texts have been counted."""
        blobs = sum(len(value) for value in values if type(value) is bytes)
        self.take(blobs + CELL_BYTES * len(values))
        return sqlite3.Row(cursor, values)


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    """Bound a connection to a file; those in memory are Datasette's own."""
    known = datasette.databases.get(database)
    if known is None or known.is_memory:
        return
    conn.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}")
    conn.execute("PRAGMA temp_store = MEMORY")  # a sort that spills would fill the disk instead
    conn.execute("PRAGMA query_only = ON")
    for limit, value in LIMITS.items():
        conn.setlimit(limit, value)
    for name in ("printf", "format"):
        conn.create_function(name, -1, bounded_format(), deterministic=True)
    answer = Answer()
    conn.set_trace_callback(answer.begin)
    conn.text_factory = answer.text
    conn.row_factory = answer.row
    conn.set_authorizer(authorize)


def bounded_format() -> Callable[..., Any]:
    """SQLite's own printf, without paddings that take seconds in one step: `printf('%.*c', 4e8, 'x')`."""
    apart = sqlite3.connect(":memory:", check_same_thread=False)

    def bounded(*arguments: Any) -> Any:
        if arguments and ANY_PADDING.search(str(arguments[0])):
            raise ValueError("padding too wide")
        return apart.execute(f"SELECT printf({', '.join('?' * len(arguments))})", arguments).fetchone()[0]

    return bounded


def authorize(action: int, first: str | None, second: str | None, *_where: str | None) -> int:
    """Allow reading and nothing else; https://sqlite.org/c3ref/c_alter_table.html names the actions."""
    if action == sqlite3.SQLITE_READ:
        hidden = (first or "").lower() == "pragma_database_list" and second == "file"
        return sqlite3.SQLITE_IGNORE if hidden else sqlite3.SQLITE_OK  # ignored columns read as NULL
    if action == sqlite3.SQLITE_FUNCTION:
        return denied_unless((second or "").lower() not in UNSAFE_FUNCTIONS)
    if action == sqlite3.SQLITE_PRAGMA:
        name = (first or "").lower()
        return denied_unless(name in PRAGMAS and not (name in SETTERS and second))
    if action == sqlite3.SQLITE_UPDATE:
        # What SQLite asks when it declares a virtual table; the table itself can only be written to
        # after PRAGMA writable_schema, which is denied.
        return denied_unless(first == "sqlite_master")
    return denied_unless(action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE))


def denied_unless(allowed: bool) -> int:
    """SQLite's code for a yes or no."""
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
