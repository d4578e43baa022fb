"""What differs between two states of the package, and which version that demands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.contract import Table
from scripts.versions.snapshots import CORRECTIONS, Row, State, parsed

BUMPS = ("none", "patch", "minor", "major")
Renames = dict[str, dict[str, str]]  # for each table, retired keys and their successors


@dataclass(frozen=True)
class Cell:
    """A cell whose value changed; empty text stands for an empty cell."""

    table: str
    row: str
    column: str
    before: str
    after: str


@dataclass
class Changes:
    """Everything that differs, by table where there is one."""

    contract: list[tuple[str, str]] = field(default_factory=list)  # which bump, and what changed
    added: dict[str, list[str]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)
    renamed: Renames = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    links: frozenset[str] = frozenset()  # tables whose rows have no key of their own

    @property
    def bump(self) -> str:
        """The highest bump that any of the changes demands."""
        found = [bump for bump, _ in self.contract]
        found += ["minor" for table, rows in self.added.items() if rows and table != CORRECTIONS]
        found += ["patch" if table in self.links else "major" for table, rows in self.removed.items() if rows]
        found += ["major" for rows in self.renamed.values() if rows]
        found += ["patch"] if self.cells else []
        return max(found, key=BUMPS.index, default="none")


def next_version(version: str, bump: str) -> str:
    """The version that follows by a bump."""
    major, minor, patch = parsed(version)
    following = {
        "major": (major + 1, 0, 0),
        "minor": (major, minor + 1, 0),
        "patch": (major, minor, patch + 1),
    }
    return ".".join(map(str, following.get(bump, (major, minor, patch))))


def changes(before: State, after: State) -> Changes:
    """What changed from one state to the other; renamed keys are followed wherever they lead.

    What a withdrawn value was is not told: it stands as an empty cell.
    """
    found = Changes(contract=list(contract_changes(before, after)))
    found.links = frozenset(name for name, table in after.tables.items() if len(table.primary_key) > 1)
    for name, table in after.tables.items():
        if name not in before.tables:
            found.added[name] = sorted(after.rows[name])
            continue
        old = followed(table, before.rows[name], found.renamed)
        new = after.rows[name]
        columns = [c for c in table.column_names if c in before.tables[name].column_names]
        columns = [c for c in columns if c not in table.primary_key]
        keyless = name in found.links or name == CORRECTIONS
        renamed = {} if keyless else renames(old, new, columns, told_renames(name, after))
        found.renamed[name] = renamed
        found.removed[name] = sorted(old.keys() - new.keys() - renamed.keys())
        found.added[name] = sorted(new.keys() - old.keys() - set(renamed.values()))
        found.cells += (
            replace(cell, before="") if (name, cell.row, cell.column) in after.withdrawn else cell
            for cell in changed_cells(table, old, new, renamed, columns)
        )
    return found


def followed(table: Table, rows: dict[str, Row], renamed: Renames) -> dict[str, Row]:
    """The rows with each cell that held a renamed key holding its successor."""
    leads = {key.columns[0]: key.table for key in table.foreign_keys if len(key.columns) == 1}
    result = {}
    for key, row in rows.items():
        cells = dict(row)
        for column, target in leads.items():
            cells[column] = renamed.get(target, {}).get(row.get(column, ""), row.get(column, ""))
        if table.name == "citations":
            cells["row_id"] = renamed.get(row["table_name"], {}).get(row["row_id"], row["row_id"])
        if len(table.primary_key) > 1:
            key = "--".join(cells[name] for name in table.primary_key)
        result[key] = cells
    return result


def told_renames(name: str, after: State) -> dict[str, str]:
    """The retired keys of a table that corrections lead to a successor."""
    return {
        row["row_id"]: row["value_after"]
        for row in after.rows.get(CORRECTIONS, {}).values()
        if row["table_name"] == name and not row["column_name"] and row["value_after"]
    }


def renames(
    old: dict[str, Row], new: dict[str, Row], columns: list[str], told: dict[str, str]
) -> dict[str, str]:
    """Keys that are gone, with successors: as corrections tell, or those of rows that are else alike."""

    def content(row: Row) -> tuple[str, ...]:
        return tuple(row[column] for column in columns)

    gone, come = old.keys() - new.keys(), new.keys() - old.keys()
    found = {key: told[key] for key in gone if told.get(key) in new}
    contents = {key: content(new[key]) for key in come - set(found.values())}
    counts = Counter([*contents.values(), *(content(old[key]) for key in gone)])
    alike = {cells: key for key, cells in contents.items()}
    for key in gone - found.keys():
        cells = content(old[key])
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
                yield Cell(table.name, now, column, before, after)


def contract_changes(before: State, after: State) -> list[tuple[str, str]]:
    """What changed in the descriptor, but for what each version changes."""
    found = [("major", f"the table {name} was removed") for name in before.tables.keys() - after.tables]
    found += [("minor", f"the table {name} was added") for name in after.tables.keys() - before.tables]
    for name in before.tables.keys() & after.tables:
        found += column_changes(before.tables[name], after.tables[name])
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
    for column in old.keys() & new:
        told = f"{name}.{column}"
        if old[column].type != new[column].type:
            found.append(("major", f"the type of {told} was changed"))
        found += [("major", f"{told} lost the value {v}") for v in categories(old, new, column)]
        found += [("minor", f"{told} gained the value {v}") for v in categories(new, old, column)]
        if old[column] != new[column] and not any(told in text.split() for _, text in found):
            found.append(("patch", f"{told} was reworded or constrained otherwise"))
    return found


def categories(here: dict[str, Any], there: dict[str, Any], column: str) -> list[str]:
    """The enumerated values that a column has here and not there."""
    return [value for value in here[column].categories if value not in there[column].categories]
