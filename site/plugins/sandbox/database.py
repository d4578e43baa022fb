"""The database as Datasette sees it: fixed queries run here, those of readers in a worker."""

import copy
import difflib
import re
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from contextvars import ContextVar
from typing import Any, NoReturn

from datasette.database import Database, QueryInterrupted, Results
from datasette.views.base import DatasetteError

from sandbox.state import State
from sandbox.worker import open_database
from sandbox.workers import StoppedError, Turn, Workers

PAGE_CELLS = 20_000  # of a table on a page; JSON and CSV may have as many as fit the bytes
SOON_WRITTEN = 5_000  # cells of an answer whose request may give its worker back before it is written
CUT_OFF = (
    "The result has more than {:,} rows, and a CSV file cannot say that it was cut off. Ask for fewer with"
    " LIMIT, or take the whole table as CSV."
)
LARGE_PAGE = "A page cannot show that many rows of this table. Ask for fewer with _size, or take CSV or JSON."
NAMES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
COLUMNS = f"SELECT DISTINCT c.name FROM ({NAMES}) AS t, pragma_table_info(t.name) AS c"
FIXED = (
    *("attached_databases", "foreign_keys_for_table", "get_table_definition", "hidden_table_names"),
    *("label_column_for_table", "primary_keys", "table_columns", "table_exists"),
)
MISSING = re.compile(r"no such (table|column): (?:\w+\.)*(\w+)")
NEAR = 0.6  # the share of letters that two names have in common

asked: ContextVar[Turn | None] = ContextVar("asked", default=None)  # None: no query of a reader's


class QueryStoppedError(QueryInterrupted, sqlite3.OperationalError):  # type: ignore[misc]
    """Datasette leaves out counts and facets for the first, and shows the query with the second."""

    def __str__(self) -> str:
        return str(self.e)


class ServedDatabase(Database):  # type: ignore[misc]
    """One state of the database, held in memory; no path is opened."""

    def __init__(self, datasette: Any, state: State) -> None:
        super().__init__(datasette, path=state.database, is_mutable=False)
        self.state = state
        self.content = state.files[state.database]
        self.cached_hash, self.cached_size = state.hashes[state.database], len(self.content)
        self.workers = Workers(self.content)
        self.learned: dict[tuple[Any, ...], Any] = {}
        with closing(open_database(self.content)) as db:
            self.tables, self.columns = ({name for (name,) in db.execute(sql)} for sql in (NAMES, COLUMNS))

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection for the fixed queries of pages."""
        connection = open_database(self.content)
        self._all_file_connections.append(connection)
        return connection

    def close(self) -> None:
        """Close everything, the workers too."""
        self.workers.end()
        super().close()

    async def execute(self, sql: str, params: Any = None, truncate: bool = False, **options: Any) -> Results:
        """The result of a query; in a worker where the request holds anything of a reader's."""
        turn = asked.get()
        if turn is None:
            return await super().execute(sql, params, truncate, **options | {"log_sql_errors": False})
        most = self.ds.max_returned_rows if truncate else 10 * self.ds.max_returned_rows
        # One more tells whether there is a next page.
        most += most == (options.get("page_size") or self.ds.page_size)
        limit = self.ds.sql_time_limit_ms
        question = {
            "sql": sql,
            "params": list(params) if isinstance(params, list | tuple) else dict(params or {}),
            "seconds": min(options.get("custom_time_limit") or limit, limit) / 1000,
            "rows": most,
            "cells": PAGE_CELLS if truncate and not turn.form else 10**6,
        }
        try:
            answer = await turn.ask(question)
        except StoppedError as error:
            sentence = explained(str(error), self.tables, self.columns)
            refuse(turn, error, sentence, sql, params)
        if turn.own_sql and len(answer["rows"]) * len(answer["columns"]) <= SOON_WRITTEN:
            turn.end()
        if answer["truncated"] and turn.form == "csv" and turn.own_sql:
            raise DatasetteError(CUT_OFF.format(most), status=400)
        if answer["truncated"] and not turn.form and not turn.own_sql:
            raise DatasetteError(LARGE_PAGE, status=400)
        return results(answer)


def refuse(turn: Turn, error: StoppedError, sentence: str, sql: str, params: Any) -> NoReturn:
    """Raises that by which Datasette tells in the form that was asked for what was stopped."""
    turn.stopped = error if error.kind != "sql" else None
    if turn.form == "csv":  # Datasette gives an empty file
        raise DatasetteError(sentence, status=400)
    if error.kind == "sql":
        raise sqlite3.OperationalError(sentence)
    raise QueryStoppedError(error, sql, params)


def explained(error: str, tables: Collection[str], columns: Collection[str]) -> str:
    """An error of SQLite, with the near name where it is about a table or column that there is not.

    >>> explained("no such column: p.staus", ["pairs"], ["status", "place_id"])
    'no such column: p.staus; did you mean status?'
    """
    missing = MISSING.fullmatch(error)
    if not missing:
        return error
    kind, name = missing.groups()
    near = difflib.get_close_matches(name.lower(), tables if kind == "table" else columns, 1, NEAR)
    return f"{error}; did you mean {near[0]}?" if near else error


def results(answer: dict[str, Any]) -> Results:
    """A worker's answer as a result of Datasette's."""
    names = ", ".join('NULL AS "{}"'.format(name.replace('"', '""')) for name in answer["columns"])
    with closing(sqlite3.connect(":memory:")) as db:
        cursor = db.execute(f"SELECT {names}")  # what a row needs to know its columns
    rows = [
        sqlite3.Row(cursor, tuple(bytes.fromhex(cell["hex"]) if type(cell) is dict else cell for cell in row))
        for row in answer["rows"]
    ]
    return Results(rows, answer["truncated"], cursor.description)


def fixed(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method about the schema, which cannot change: asked once for each table, and of no worker."""

    async def run(self: ServedDatabase, *arguments: Any) -> Any:
        asked_for = (method.__name__, *arguments)
        if asked_for in self.learned:
            return copy.copy(self.learned[asked_for])
        token = asked.set(None)
        try:
            answer = await method(self, *arguments)
        finally:
            asked.reset(token)
        if self.tables.issuperset(arguments[:1]):
            self.learned[asked_for] = answer
        return answer

    return run


for name in FIXED:
    setattr(ServedDatabase, name, fixed(getattr(Database, name)))
