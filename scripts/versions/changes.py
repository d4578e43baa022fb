"""What differs between two states of the package, and which version that requires.

Major: a table, column, type, key column or category removed or changed. Minor: anything added, a filled
cell as well; a key retired, which its row in corrections leads to its successor. Patch: values.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.contract import Table
from schemas.vocabulary import version_of
from scripts.versions.snapshots import CORRECTIONS, Row, State, composed_key, row_id

BUMPS = ("none", "patch", "minor", "major")
Rows = dict[str, Row]  # those of a table by their key
Keys = dict[str, str]  # keys of a table, and what each became


@dataclass(frozen=True)
class Change:
    """What changed of a row, in the words of a correction: the value of a column, or with no column its key.

    Empty text stands for an empty cell, a value that was withdrawn, or a row that is not there.
    """

    table: str
    row: str
    column: str
    before: str
    after: str
    explained: bool = field(default=False, compare=False)  # so that it needs no correction

    @property
    def kind(self) -> str:
        """What happened: a cell was changed; a row added, removed, renamed, or its key followed another."""
        if self.column:
            return "changed"
        if not (self.before and self.after):
            return "removed" if self.before else "added"
        return "followed" if self.explained else "renamed"


@dataclass
class Changes:
    """What differs from the version `before`, empty before the first release, to `after`.

    `contract` has the changes of the contract, each with the bump that it requires.
    """

    before: str
    after: str
    contract: list[tuple[str, str]] = field(default_factory=list)
    rows: list[Change] = field(default_factory=list)

    def of(self, table: str, kind: str) -> list[Change]:
        """The changes of one kind in one table."""
        return [one for one in self.rows if one.table == table and one.kind == kind]

    @property
    def bump(self) -> str:
        """The highest bump that any of the changes requires; a correction says what another change is."""
        bumps = [bump for bump, _ in self.contract]
        for one in self.rows:
            if one.table != CORRECTIONS:
                bumps.append("patch" if one.column and not one.explained else "minor")
        return max(bumps, key=BUMPS.index, default="none")

    @property
    def version(self) -> str:
        """The version that the changes make."""
        major, minor, patch = version_of(self.before)
        following = {
            "major": (major + 1, 0, 0),
            "minor": (major, minor + 1, 0),
            "patch": (major, minor, patch + 1),
        }
        return ".".join(map(str, following.get(self.bump, (major, minor, patch))))

    @property
    def none(self) -> bool:
        """Whether nothing differs at all, neither row nor contract."""
        return not (self.contract or self.rows)


def changes(before: State | None, after: State) -> Changes:
    """What changed from one state to the other; renamed keys are followed wherever they lead."""
    if before is None:
        return Changes("", after.version)
    between = Changes(before.version, after.version, contract_changes(before, after))
    renamed: dict[str, Keys] = {}
    for name, table in after.tables.items():
        old, led = followed(table, before.rows.get(name, {}), renamed)
        new = after.rows[name]
        shared = before.tables.get(name, table).column_names
        columns = [c for c in table.column_names if c in shared and c not in table.primary_key]
        heirs = {led.get(key, key): heir for key, heir in successors(name, after).items()}
        keyless = len(table.primary_key) > 1 or name == CORRECTIONS
        moved = {} if keyless else renames(table, old, new, columns, heirs)
        renamed[name] = {key: moved[now] for key, now in led.items() if now in moved}
        between.rows += changed_cells(table, old, after, moved, columns)
        for key, now in sorted(led.items()):
            heir = moved.get(now, now if now in new else "")
            if heir != key:
                between.rows.append(Change(name, key, "", key, heir, explained=heir == now))
        added = sorted(new.keys() - old.keys() - set(moved.values()))
        between.rows += [Change(name, key, "", "", key, explained=True) for key in added]
    return between


def followed(table: Table, rows: Rows, renamed: dict[str, Keys]) -> tuple[Rows, Keys]:
    """The rows with each cell that held a renamed key holding its successor, and what each key became.

    A citation, and a row whose key is made of keys, goes by the key that follows and needs no correction
    for it; where that is the key of another row the two are one.
    """
    moved: Rows = {}
    kept: Rows = {}
    led = {}
    for key, row in rows.items():
        cells = dict(row)
        for column, target in table.leads.items():
            cells[column] = renamed.get(target, {}).get(row.get(column, ""), row.get(column, ""))
        if table.name == "citations":
            cells["row_id"] = renamed.get(row["table_name"], {}).get(row["row_id"], row["row_id"])
            if cells != row:
                cells["citation_id"] = composed_key(cells["row_id"], cells["column_name"], cells["source_id"])
        led[key] = row_id(table, cells)
        (kept if cells == row else moved)[led[key]] = cells
    return moved | kept, led


def successors(name: str, after: State) -> Keys:
    """The retired keys of a table that corrections lead to a successor, however many keys lie between."""
    led = {
        row["row_id"]: row["value_after"]
        for row in after.rows.get(CORRECTIONS, {}).values()
        if row["table_name"] == name and not row["column_name"] and row["value_after"]
    }
    for _ in led:
        led = {key: led.get(successor, successor) for key, successor in led.items()}
    return led


def renames(table: Table, old: Rows, new: Rows, columns: list[str], led: Keys) -> Keys:
    """Keys that are gone, with successors: as corrections say, or those of rows that are else alike.

    What a key spells, as that of an event does what happened, may differ with it.
    """
    leads = {column for key in table.foreign_keys for column in key.columns}

    def content(key: str, row: Row) -> tuple[str, ...]:
        return tuple("" if c not in leads and spelled(row[c], key) else row[c] for c in columns)

    gone, come = old.keys() - new.keys(), new.keys() - old.keys()
    heirs = {key: led[key] for key in gone if led.get(key) in new}
    contents = {key: content(key, new[key]) for key in come - set(heirs.values())}
    counts = Counter([*contents.values(), *(content(key, old[key]) for key in gone)])
    alike = {cells: key for key, cells in contents.items()}
    for key in gone - heirs.keys():
        cells = content(key, old[key])
        if cells in alike and counts[cells] == 2:
            heirs[key] = alike[cells]
    return dict(sorted(heirs.items()))


def changed_cells(
    table: Table, old: Rows, after: State, renamed: Keys, columns: list[str]
) -> Iterator[Change]:
    """The cells that differ of rows in both states; neither a new key nor a cell that follows one counts.

    Without a correction goes what was empty, or was spelled by the key that was retired.
    """
    new, withdrawn = after.rows[table.name], after.withdrawn
    own = {key.columns[0] for key in table.foreign_keys if key.table == table.name}
    for key, row in sorted(old.items()):
        now = renamed.get(key, key)
        if now not in new or (now != key and now in old):  # gone, or merged into a row that was there
            continue
        for column in columns:
            value, other = row[column], new[now][column]
            if value != other and not (column in own and renamed.get(value) == other):
                explained = not value or (now != key and spelled(value, key) and spelled(other, now))
                said = "" if (table.name, now, column) in withdrawn else value
                yield Change(table.name, now, column, said, other, explained)


def spelled(value: str, key: str) -> bool:
    """Whether a key holds a value as one of its parts, as that of an event holds what happened."""
    return value.replace("_", "-") in re.sub(r"-[0-9]+$", "", key).split("--")


def contract_changes(before: State, after: State) -> list[tuple[str, str]]:
    """What changed in the descriptor, but for what each version changes."""
    differences = []
    derived = (before.derived, after.derived) if before.derived and after.derived else ({}, {})
    for old, new in ((before.tables, after.tables), derived):
        differences += [("major", f"the table {name} was removed") for name in old.keys() - new]
        differences += [("minor", f"the table {name} was added") for name in new.keys() - old]
        for name in old.keys() & new:
            differences += column_changes(old[name], new[name])
    for entry in sorted((before.descriptor.keys() | after.descriptor) - {"version", "created", "resources"}):
        if before.descriptor.get(entry) != after.descriptor.get(entry):
            differences.append(("patch", f"{entry} of the package was reworded"))
    return sorted(differences)


def column_changes(before: Table, after: Table) -> list[tuple[str, str]]:
    """What changed in the contract of one table."""
    name = after.name
    old, new = ({column.name: column for column in table.columns} for table in (before, after))
    differences = [("major", f"the column {name}.{column} was removed") for column in old.keys() - new]
    differences += [("minor", f"the column {name}.{column} was added") for column in new.keys() - old]
    if before.primary_key != after.primary_key:
        differences.append(("major", f"the key of {name} was changed"))
    if (before.title, before.description) != (after.title, after.description):
        differences.append(("patch", f"{name} was reworded"))
    if before.unique_keys != after.unique_keys:
        differences.append(("patch", f"the unique keys of {name} were changed"))
    for column in old.keys() & new:
        where, was, now = f"{name}.{column}", old[column], new[column]
        if was.type != now.type:
            differences.append(("major", f"the type of {where} was changed"))
        lost, gained = was.categories.keys() - now.categories, now.categories.keys() - was.categories
        differences += [("major", f"{where} lost the value {value}") for value in lost]
        differences += [("minor", f"{where} gained the value {value}") for value in gained]
        if was != now and not any(where in text.split() for _, text in differences):
            differences.append(("patch", f"{where} was reworded or constrained otherwise"))
    return differences
