"""What differs between two states of the package, and which version that requires.

Major: a table, column, type, key column or category removed or changed. Minor: anything added, a filled
cell as well; a key retired, which its row in corrections leads to its successor. Patch: values.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.contract import Table
from schemas.vocabulary import version_of
from scripts.versions.snapshots import CORRECTIONS, Row, State, row_id

BUMPS = ("none", "patch", "minor", "major")
Renames = dict[str, dict[str, str]]  # for each table, retired keys and their successors


@dataclass(frozen=True)
class Cell:
    """A cell whose value changed; empty text stands for an empty cell, or for a value that was withdrawn."""

    table: str
    row: str
    column: str
    before: str
    after: str
    explained: bool  # without a correction: it was empty, or the key that was retired spelled it


@dataclass
class Changes:
    """Everything that differs, by table where there is one."""

    contract: list[tuple[str, str]] = field(default_factory=list)  # which bump, and what changed
    added: dict[str, list[str]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)
    renamed: Renames = field(default_factory=dict)
    followed: Renames = field(default_factory=dict)  # keys made of others that were renamed
    cells: list[Cell] = field(default_factory=list)

    @property
    def bump(self) -> str:
        """The highest bump that any of the changes requires; a correction says what another change is."""
        found = [bump for bump, _ in self.contract]
        found += [
            "minor"
            for kind in (self.added, self.removed, self.renamed)
            for table, rows in kind.items()
            if rows and table != CORRECTIONS
        ]
        found += ["minor" if cell.explained else "patch" for cell in self.cells if cell.table != CORRECTIONS]
        return max(found, key=BUMPS.index, default="none")

    @property
    def none(self) -> bool:
        """Whether nothing differs at all, neither row nor contract."""
        rows = [*self.added.values(), *self.removed.values(), *self.renamed.values()]
        return not (self.contract or self.cells or any(rows))


def next_version(version: str, bump: str) -> str:
    """The version that follows by a bump."""
    major, minor, patch = version_of(version)
    following = {
        "major": (major + 1, 0, 0),
        "minor": (major, minor + 1, 0),
        "patch": (major, minor, patch + 1),
    }
    return ".".join(map(str, following.get(bump, (major, minor, patch))))


def changes(before: State, after: State) -> Changes:
    """What changed from one state to the other; renamed keys are followed wherever they lead.

    A withdrawn value is left empty.
    """
    found = Changes(contract=list(contract_changes(before, after)))
    for name, table in after.tables.items():
        if name not in before.tables:
            found.added[name] = sorted(after.rows[name])
            continue
        old, led = followed(table, before.rows[name], found.renamed)
        new = after.rows[name]
        columns = [c for c in table.column_names if c in before.tables[name].column_names]
        columns = [c for c in columns if c not in table.primary_key]
        keyless = len(table.primary_key) > 1 or name == CORRECTIONS
        heirs = {led.get(key, key): heir for key, heir in successors(name, after).items()}
        renamed = {} if keyless else renames(table, old, new, columns, heirs)
        found.followed[name] = {key: now for key, now in led.items() if key != now in new}
        found.renamed[name] = {key: renamed[now] for key, now in led.items() if now in renamed}
        found.removed[name] = sorted(key for key, now in led.items() if now not in new and now not in renamed)
        found.added[name] = sorted(new.keys() - old.keys() - set(renamed.values()))
        found.cells += (
            replace(cell, before="") if (name, cell.row, cell.column) in after.withdrawn else cell
            for cell in changed_cells(table, old, new, renamed, columns)
        )
    return found


def followed(table: Table, rows: dict[str, Row], renamed: Renames) -> tuple[dict[str, Row], dict[str, str]]:
    """The rows with each cell that held a renamed key holding its successor, and what each key became.

    A citation, and a row whose key is made of keys, goes by the key that follows and needs no correction
    for it; where that is the key of another row the two are one.
    """
    moved: dict[str, Row] = {}
    kept: dict[str, Row] = {}
    led = {}
    for key, row in rows.items():
        cells = dict(row)
        for column, target in table.leads.items():
            cells[column] = renamed.get(target, {}).get(row.get(column, ""), row.get(column, ""))
        if table.name == "citations":
            cells["row_id"] = renamed.get(row["table_name"], {}).get(row["row_id"], row["row_id"])
            if cells != row:
                parts = (cells["row_id"], cells["column_name"].replace("_", "-"), cells["source_id"])
                cells["citation_id"] = "--".join(filter(None, parts))
        led[key] = row_id(table, cells)
        (kept if cells == row else moved)[led[key]] = cells
    return moved | kept, led


def successors(name: str, after: State) -> dict[str, str]:
    """The retired keys of a table that corrections lead to a successor, however many keys lie between."""
    led = {
        row["row_id"]: row["value_after"]
        for row in after.rows.get(CORRECTIONS, {}).values()
        if row["table_name"] == name and not row["column_name"] and row["value_after"]
    }
    for _ in led:
        led = {key: led.get(successor, successor) for key, successor in led.items()}
    return led


def renames(
    table: Table, old: dict[str, Row], new: dict[str, Row], columns: list[str], led: dict[str, str]
) -> dict[str, str]:
    """Keys that are gone, with successors: as corrections say, or those of rows that are else alike.

    What a key spells, as that of an event does what happened, may differ with it.
    """
    leads = {column for key in table.foreign_keys for column in key.columns}

    def content(key: str, row: Row) -> tuple[str, ...]:
        return tuple("" if c not in leads and spelled(row[c], key) else row[c] for c in columns)

    gone, come = old.keys() - new.keys(), new.keys() - old.keys()
    found = {key: led[key] for key in gone if led.get(key) in new}
    contents = {key: content(key, new[key]) for key in come - set(found.values())}
    counts = Counter([*contents.values(), *(content(key, old[key]) for key in gone)])
    alike = {cells: key for key, cells in contents.items()}
    for key in gone - found.keys():
        cells = content(key, old[key])
        if cells in alike and counts[cells] == 2:
            found[key] = alike[cells]
    return dict(sorted(found.items()))


def changed_cells(
    table: Table, old: dict[str, Row], new: dict[str, Row], renamed: dict[str, str], columns: list[str]
) -> Iterator[Cell]:
    """The cells that differ of rows in both states; neither a new key nor a cell that follows one counts."""
    own = {key.columns[0] for key in table.foreign_keys if key.table == table.name}
    for key, row in sorted(old.items()):
        now = renamed.get(key, key)
        if now not in new or (now != key and now in old):  # gone, or merged into a row that was there
            continue
        for column in columns:
            before, after = row[column], new[now][column]
            if before != after and not (column in own and renamed.get(before) == after):
                explained = not before or (now != key and spelled(before, key) and spelled(after, now))
                yield Cell(table.name, now, column, before, after, explained)


def spelled(value: str, key: str) -> bool:
    """Whether a key holds a value as one of its parts, as that of an event holds what happened."""
    return value.replace("_", "-") in re.sub(r"-[0-9]+$", "", key).split("--")


def contract_changes(before: State, after: State) -> list[tuple[str, str]]:
    """What changed in the descriptor, but for what each version changes."""
    found = []
    derived = (before.derived, after.derived) if before.derived and after.derived else ({}, {})
    for old, new in ((before.tables, after.tables), derived):
        found += [("major", f"the table {name} was removed") for name in old.keys() - new]
        found += [("minor", f"the table {name} was added") for name in new.keys() - old]
        for name in old.keys() & new:
            found += column_changes(old[name], new[name])
    for entry in sorted((before.descriptor.keys() | after.descriptor) - {"version", "created", "resources"}):
        if before.descriptor.get(entry) != after.descriptor.get(entry):
            found.append(("patch", f"{entry} of the package was reworded"))
    return sorted(found)


def column_changes(before: Table, after: Table) -> list[tuple[str, str]]:
    """What changed in the contract of one table."""
    name = after.name
    old, new = ({column.name: column for column in table.columns} for table in (before, after))
    found = [("major", f"the column {name}.{column} was removed") for column in old.keys() - new]
    found += [("minor", f"the column {name}.{column} was added") for column in new.keys() - old]
    if before.primary_key != after.primary_key:
        found.append(("major", f"the key of {name} was changed"))
    if (before.title, before.description) != (after.title, after.description):
        found.append(("patch", f"{name} was reworded"))
    if before.unique_keys != after.unique_keys:
        found.append(("patch", f"the unique keys of {name} were changed"))
    for column in old.keys() & new:
        where = f"{name}.{column}"
        if old[column].type != new[column].type:
            found.append(("major", f"the type of {where} was changed"))
        found += [("major", f"{where} lost the value {v}") for v in categories(old, new, column)]
        found += [("minor", f"{where} gained the value {v}") for v in categories(new, old, column)]
        if old[column] != new[column] and not any(where in text.split() for _, text in found):
            found.append(("patch", f"{where} was reworded or constrained otherwise"))
    return found


def categories(here: dict[str, Any], there: dict[str, Any], column: str) -> list[str]:
    """The enumerated values that a column has here and not there."""
    return [value for value in here[column].categories if value not in there[column].categories]
