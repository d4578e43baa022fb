"""A process that answers queries of readers over its pipes, from a database that it was given as bytes.

Run by sandbox/workers.py, which kills it when a query takes too long; it needs Python's own library alone.
It opens no file. First it reads the length of the database, a line, and the database; then one question after
the other, each a line of JSON like its answer. What the two hold is written in `answered`.
"""

import itertools
import json
import os
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEMORY = 128 * 1024**2  # bytes beyond what the process takes before its first query
RESULT = 4 * 1024**2  # bytes of one result
CELL = 40  # bytes that a cell costs beside its content
NICE = 10  # below the pages
GRACE = 0.3  # seconds between asking a query to end and killing the process

# Pragmas that tell of the schema, and that of FTS5. None sets anything on a connection for reading only.
PRAGMAS = {
    "collation_list",
    "data_version",
    "database_list",
    "foreign_key_list",
    "function_list",
    "index_info",
}
PRAGMAS |= {"index_list", "index_xinfo", "schema_version", "table_info", "table_list", "table_xinfo"}
TABLES = {"sqlite_master", "sqlite_schema", "json_each", "json_tree", *(f"pragma_{name}" for name in PRAGMAS)}
UNSAFE_FUNCTIONS = {"load_extension", "fts3_tokenizer"}
FTS_PARTS = re.compile(r'\s+|(".*?")')


class TooLargeError(Exception):
    """The result is larger than RESULT."""


def authorizer(names: set[str], modules: set[str]) -> Callable[..., int]:
    """Allow reading the tables and views of these names, and nothing else.

    https://sqlite.org/c3ref/c_alter_table.html names the actions. Virtual tables that tell of the process,
    such as sqlite_stmt and dbstat, are of no such name; `modules` are all that there are.
    """
    readable = {name.lower() for name in names} | TABLES

    def authorize(action: int, first: str | None, second: str | None, *_where: str | None) -> int:
        name = (first or "").lower()
        if action == sqlite3.SQLITE_READ:
            if name == "pragma_database_list" and second == "file":
                return sqlite3.SQLITE_IGNORE  # ignored columns read as NULL
            # Of a table without a column that is read, SQLite tells the name that the query gives it.
            virtual = name in modules or name.startswith("pragma_")
            allowed = name in readable or (second == "" and not virtual)
        elif action == sqlite3.SQLITE_FUNCTION:
            allowed = (second or "").lower() not in UNSAFE_FUNCTIONS
        elif action == sqlite3.SQLITE_PRAGMA:
            allowed = name in PRAGMAS
        elif action == sqlite3.SQLITE_UPDATE:
            # What SQLite asks when it declares a virtual table; the table itself can only be written to
            # after PRAGMA writable_schema, which is denied.
            allowed = first == "sqlite_master"
        else:
            allowed = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE)
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    return authorize


def escape_fts(query: str) -> str:
    """What a reader seeks as FTS5 reads it: each word quoted, so that no sign is an operator."""
    query += '"' * (query.count('"') % 2)
    parts = [part for part in FTS_PARTS.split(query) if part and part != '""']
    return " ".join(part if part.startswith('"') else f'"{part}"' for part in parts) or '""'


def open_database(content: bytes) -> sqlite3.Connection:
    """A connection to a database in memory, from which nothing can be done but read."""
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.deserialize(content)
    db.execute("PRAGMA temp_store = MEMORY")  # a sort that spills would fill the disk instead
    db.execute("PRAGMA query_only = ON")
    db.text_factory = lambda text: str(text, "utf-8", "replace")
    db.create_function("escape_fts", 1, escape_fts, deterministic=True)
    names, modules = (
        {name for (name,) in db.execute(f"SELECT name FROM {table}")}
        for table in ("sqlite_master", "pragma_module_list")
    )
    db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    db.set_authorizer(authorizer(names, modules))
    return db


def rows_of(cursor: sqlite3.Cursor, most: int) -> list[list[Any]]:
    """At most so many rows; a blob is an object, which JSON has no other way to write.

    Raises TooLargeError.
    """
    left, rows = RESULT, []
    for row in itertools.islice(cursor, most):
        left -= sum(len(cell) for cell in row if isinstance(cell, str | bytes)) + CELL * len(row)
        if left < 0:
            raise TooLargeError
        rows.append([{"hex": cell.hex()} if isinstance(cell, bytes) else cell for cell in row])
    return rows


def answered(db: sqlite3.Connection, question: dict[str, Any]) -> dict[str, Any]:
    """The answer to a question.

    The question has `sql`, `params` (a list or an object), and how many `seconds`, `rows` and `cells` the
    answer may take. The answer has `columns`, `rows` and whether it is `truncated`; or `error`, a text, and
    `kind`: "sql", "time", "memory" or "size".
    """
    until = time.monotonic() + question["seconds"]
    db.set_progress_handler(lambda: time.monotonic() > until, 1000)
    try:
        cursor = db.execute(question["sql"], question["params"])
        columns = [column[0] for column in cursor.description or ()]
        most = min(question["rows"], question["cells"] // max(len(columns), 1))
        rows = rows_of(cursor, most + 1)
        return {"columns": columns, "rows": rows[:most], "truncated": len(rows) > most}
    except TooLargeError:
        return {"kind": "size", "error": "too large"}
    except MemoryError:
        return {"kind": "memory", "error": "out of memory"}
    except sqlite3.OperationalError as error:
        return {"kind": "time" if str(error) == "interrupted" else "sql", "error": str(error)}
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        return {"kind": "sql", "error": str(error)}


def limit_memory() -> None:
    """Let the process take MEMORY bytes more than it has; done on Linux alone."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Answer until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to answer
    if hasattr(os, "nice"):
        os.nice(NICE)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    db = open_database(questions.read(int(questions.readline())))
    limit_memory()
    for line in questions:
        question = json.loads(line)
        if hasattr(signal, "setitimer"):  # the parent kills; this is for the case that it was killed itself
            signal.setitimer(signal.ITIMER_REAL, question["seconds"] + 2 * GRACE)
        answer = json.dumps(answered(db, question), ensure_ascii=False).encode("utf-8", "replace")
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        answers.writelines([answer, b"\n"])
        answers.flush()


if __name__ == "__main__":
    main()
