"""What earlier releases said: the values that are no longer so, and since when rows are there."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from schemas.contract import Package
from schemas.vocabulary import UNRELEASED
from scripts.versions.changes import changes
from scripts.versions.snapshots import Cell, State, folder_state, releases, zip_state

Past = tuple[str, str, str, str | None, int, int]


def record_history(db: sqlite3.Connection, package: Package) -> None:
    """Fill the tables of what was released from the archives in releases/; positions count releases from 1.

    The state that is built is the last position. The package says so if it is not that of its version.
    """
    states = released_states(package.folder)
    days = {version: state.descriptor["created"][:10] for version, state in states.items()}
    days = days or {package.version: package.descriptor["created"][:10]}
    if UNRELEASED in days:
        days[UNRELEASED] = None
        db.execute("UPDATE package SET version = version || ' with unreleased changes'")
    listed = [(version, position, day) for position, (version, day) in enumerate(days.items(), 1)]
    db.executemany("INSERT INTO releases VALUES (?, ?, ?)", listed)
    if states:
        seen = list(states.values())
        db.executemany("INSERT INTO past_values VALUES (?, ?, ?, ?, ?, ?)", past_values(seen))
        for table, keys in (("later_rows", rows), ("later_columns", columns)):
            db.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", later(list(map(keys, seen))))


def released_states(folder: Path) -> dict[str, State]:
    """The state of every released version, oldest first, then of the package in the folder.

    That is unreleased where it differs from the archive of its version. Empty before the first release.
    """
    states = {version: zip_state(path) for version, path in releases(folder).items()}
    if not states:
        return {}
    present = folder_state(folder)
    if present.version in states and not changes(states[present.version], present).none:
        return states | {UNRELEASED: present}
    states.pop(present.version, None)
    return states | {present.version: present}


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
    withdrawn = states[-1].withdrawn
    seen = [cells(state) for state in states]
    for cell in sorted({cell for one in seen for cell in one}):
        for value, run in groupby(enumerate(seen, 1), key=lambda one: one[1].get(cell)):
            positions = [position for position, _ in run]
            if value is not None and positions[-1] < len(states):
                hidden = cell in withdrawn or (*cell[:2], "") in withdrawn
                yield (*cell, None if hidden else value or None, positions[0], positions[-1])


def later(seen: list[set[tuple[str, str]]]) -> Iterator[tuple[str, str, int]]:
    """What is there at present and was not in the first release, and the position from which it is there."""
    for key in sorted(seen[-1]):
        position = next(i for i, there in enumerate(seen, 1) if key in there)
        if position > 1:
            yield *key, position


def rows(state: State) -> set[tuple[str, str]]:
    """Table and key of every row."""
    return {(table, key) for table, rows in state.rows.items() for key in rows}


def columns(state: State) -> set[tuple[str, str]]:
    """Table and name of every column."""
    return {(name, column) for name, table in state.tables.items() for column in table.column_names}
