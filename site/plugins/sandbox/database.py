"""The database as Datasette sees it: fixed queries run here, those of readers in a worker."""

import functools
import sqlite3
from collections.abc import Callable
from contextlib import closing
from contextvars import ContextVar
from typing import Any

from datasette.database import Database, QueryInterrupted, Results
from datasette.views.base import DatasetteError

from sandbox.near_names import explained
from sandbox.state import State
from sandbox.worker import open_database
from sandbox.workers import StoppedError, Turn, Workers

PAGE_CELLS = 20_000  # of a table on a page; JSON and CSV may have as many as fit the bytes
SOON_WRITTEN = 2_000  # cells of an answer whose request may give its worker back before it is written
CUT_OFF = (
    "The result has more than {:,} rows, and a CSV file cannot say that it was cut off. Ask for fewer with"
    " LIMIT, or take the whole table as CSV."
)
LARGE_PAGE = "A page cannot show that many rows of this table. Ask for fewer with _size, or take CSV or JSON."
NAMES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
COLUMNS = f"SELECT DISTINCT c.name FROM ({NAMES}) AS t, pragma_table_info(t.name) AS c"
FIXED = ("attached_databases", "get_table_definition", "hidden_table_names", "table_counts", "table_exists")


class Asked:
    """What the current request asks of the database: its turn, and the form of the answer."""

    def __init__(self, turn: Turn, form: str, own_sql: bool) -> None:
        self.turn = turn
        self.form = form  # "" for a page, or "csv", "json"
        self.own_sql = own_sql  # a query or question, and not a table that is filtered
        self.stopped: StoppedError | None = None


asked: ContextVar[Asked | None] = ContextVar("asked", default=None)  # None: no query of a reader's


class QueryStoppedError(QueryInterrupted, sqlite3.OperationalError):  # type: ignore[misc]
    """Datasette leaves out counts and facets for the first, and shows the query with the second."""

    def __str__(self) -> str:
        return str(self.e)


class Row(tuple[Any, ...]):
    """A row as sqlite3.Row is one: its cells by position and by name."""

    columns: tuple[str, ...] = ()  # a class for each result has its own

    def keys(self) -> list[str]:
        """The names of the columns."""
        return list(self.columns)

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.columns.index(key) if isinstance(key, str) else key)


class ServedDatabase(Database):  # type: ignore[misc]
    """One state of the database, held in memory; no path is opened."""

    def __init__(self, datasette: Any, state: State) -> None:
        super().__init__(datasette, path=state.database, is_mutable=False)
        self.state = state
        self.content = state.content
        self.cached_hash, self.cached_size = state.digest, len(state.content)
        self.workers = Workers(state.content)
        with closing(open_database(state.content)) as db:
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

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Results:
        """The result of a query; in a worker where the request holds anything of a reader's."""
        now = asked.get()
        if now is None:
            return await super().execute(sql, params, truncate, custom_time_limit, page_size, False)
        most = self.ds.max_returned_rows if truncate else 10 * self.ds.max_returned_rows
        most += most == (page_size or self.ds.page_size)  # one more tells whether there is a next page
        limit = self.ds.sql_time_limit_ms
        question = {
            "sql": sql,
            "params": list(params) if isinstance(params, list | tuple) else dict(params or {}),
            "seconds": min(custom_time_limit or limit, limit) / 1000,
            "rows": most,
            "cells": PAGE_CELLS if truncate and not now.form else 10**6,
        }
        try:
            answer = await now.turn.ask(question)
        except StoppedError as error:
            raise self.told(now, error, sql, params) from None
        if now.own_sql and len(answer["rows"]) * len(answer["columns"]) <= SOON_WRITTEN:
            now.turn.end()
        if answer["truncated"] and now.form == "csv" and now.own_sql:
            raise DatasetteError(CUT_OFF.format(most), status=400)
        if answer["truncated"] and not now.form and not now.own_sql:
            raise DatasetteError(LARGE_PAGE, status=400)
        return results(answer)

    def told(self, now: Asked, error: StoppedError, sql: str, params: Any) -> Exception:
        """The exception by which Datasette tells in the form that was asked for what was stopped."""
        now.stopped = error if error.kind != "sql" else None
        sentence = explained(str(error), self.tables, self.columns)
        if now.form == "csv":  # Datasette gives an empty file
            csv_error: Exception = DatasetteError(sentence, status=503 if error.kind == "busy" else 400)
            return csv_error
        if error.kind == "sql":
            return sqlite3.OperationalError(sentence)
        return QueryStoppedError(error, sql, params)


def results(answer: dict[str, Any]) -> Results:
    """A worker's answer as a result of Datasette's."""
    kind = type("Row", (Row,), {"columns": tuple(answer["columns"])})
    rows = [
        kind(bytes.fromhex(cell["hex"]) if type(cell) is dict else cell for cell in row)
        for row in answer["rows"]
    ]
    return Results(rows, answer["truncated"], [(name, *[None] * 6) for name in answer["columns"]])


def without_reader(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method whose queries hold nothing of a reader's but names, so that it waits for no worker."""

    @functools.wraps(method)
    async def run(*arguments: Any, **named: Any) -> Any:
        token = asked.set(None)
        try:
            return await method(*arguments, **named)
        finally:
            asked.reset(token)

    return run


for name in FIXED:
    setattr(ServedDatabase, name, without_reader(getattr(Database, name)))
