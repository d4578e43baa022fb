"""What earlier releases said: the values that are no longer so, and since when rows are there."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from schemas.contract import Package
from schemas.vocabulary import UNRELEASED
from scripts.versions.changes import changes
from scripts.versions.snapshots import Cell, State, folder_state, releases, zip_state

DDL = [
    """CREATE TABLE releases (
  version TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL UNIQUE, released_on TEXT
) STRICT""",
    """CREATE TABLE past_values (
  table_name TEXT NOT NULL, row_id TEXT NOT NULL, column_name TEXT NOT NULL, value TEXT,
  first_position INTEGER NOT NULL, last_position INTEGER NOT NULL,
  PRIMARY KEY (table_name, row_id, column_name, first_position)
) STRICT""",
    """CREATE TABLE later_rows (
  table_name TEXT NOT NULL, row_id TEXT NOT NULL, first_position INTEGER NOT NULL,
  PRIMARY KEY (table_name, row_id)
) STRICT""",
    """CREATE TABLE later_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, first_position INTEGER NOT NULL,
  PRIMARY KEY (table_name, column_name)
) STRICT""",
]
Past = tuple[str, str, str, str | None, int, int]


def record_history(db: sqlite3.Connection, package: Package) -> None:
    """Fill the tables of DDL from the archives in releases/; positions count releases from 1.

    The state that is built is the last position. The package says so if it is not that of its version.
    """
    for statement in DDL:
        db.execute(statement)
    listed = released_states(package.folder)
    days = [(version, state.descriptor["created"][:10]) for version, state in listed]
    days = days or [(package.version, package.descriptor["created"][:10])]
    if days[-1][0] == UNRELEASED:
        days[-1] = (UNRELEASED, None)
        db.execute("UPDATE package SET version = version || ' with unreleased changes'")
    db.executemany(
        "INSERT INTO releases VALUES (?, ?, ?)", [(v, i, day) for i, (v, day) in enumerate(days, 1)]
    )
    states = [state for _, state in listed]
    db.executemany("INSERT INTO past_values VALUES (?, ?, ?, ?, ?, ?)", past_values(states))
    db.executemany("INSERT INTO later_rows VALUES (?, ?, ?)", later(states, rows))
    db.executemany("INSERT INTO later_columns VALUES (?, ?, ?)", later(states, columns))


def released_states(folder: Path) -> list[tuple[str, State]]:
    """Every released version and its state, oldest first, then the state of the package in the folder.

    That is unreleased where it differs from the archive of its version. Empty before the first release.
    """
    archives = [(version, zip_state(path)) for version, path in releases(folder).items()]
    if not archives:
        return []
    present = folder_state(folder)
    own = dict(archives).get(present.version)
    if own is None:
        return [*archives, (present.version, present)]
    others = [one for one in archives if one[1] is not own]
    if changes(own, present).none:
        return [*others, (present.version, present)]
    return [*archives, (UNRELEASED, present)]


def cells(state: State) -> dict[Cell, str]:
    """The text of every cell."""
    return {
        (table, key, column): value
        for table, rows in state.rows.items()
        for key, row in rows.items()
        for column, value in row.items()
    }


def past_values(states: list[State]) -> Iterator[Past]:
    """Each run of releases in which a cell had one value, but for the run that lasts to the present.

    A value that was withdrawn since is left empty; the correction says why.
    """
    withdrawn = states[-1].withdrawn if states else frozenset()
    seen = [cells(state) for state in states]
    present = seen[-1] if seen else {}
    for cell in sorted({cell for one in seen for cell in one}):
        if all(one.get(cell) == present.get(cell) for one in seen):
            continue
        for value, run in groupby(enumerate(seen, 1), key=lambda one: one[1].get(cell)):
            positions = [position for position, _ in run]
            if value is not None and positions[-1] < len(states):
                hidden = cell in withdrawn or (*cell[:2], "") in withdrawn
                yield (*cell, None if hidden else value or None, positions[0], positions[-1])


def later(
    states: list[State], keys: Callable[[State], set[tuple[str, str]]]
) -> Iterator[tuple[str, str, int]]:
    """What is there at present and was not in the first release, and the position from which it is there."""
    seen = list(map(keys, states))
    for key in sorted(seen[-1] if seen else ()):
        position = next(i for i, there in enumerate(seen, 1) if key in there)
        if position > 1:
            yield *key, position


def rows(state: State) -> set[tuple[str, str]]:
    """Table and key of every row."""
    return {(table, key) for table, rows in state.rows.items() for key in rows}


def columns(state: State) -> set[tuple[str, str]]:
    """Table and name of every column."""
    return {(name, column) for name, table in state.tables.items() for column in table.column_names}
