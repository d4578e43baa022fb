"""The contract, datapackage.json, as values: packages, tables, columns, keys."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def first_sentence(text: str) -> str:
    """The first sentence of a description, without its stop; the stops of "U.S." end none.

    >>> first_sentence("A law of a U.S. state. Empty: none.")
    'A law of a U.S. state'
    """
    return re.split(r"(?<![A-Z])\. ", text)[0].removesuffix(".")


@dataclass(frozen=True)
class Column:
    """One column as the contract describes it; `categories` maps each allowed value to its meaning."""

    name: str
    type: str
    format: str
    title: str
    description: str
    example: str
    categories: dict[str, str] = field(hash=False)
    constraints: dict[str, Any] = field(hash=False)

    @property
    def required(self) -> bool:
        """Whether a cell may not be empty."""
        return bool(self.constraints.get("required", False))


@dataclass(frozen=True)
class ForeignKey:
    """`columns` of a table hold values of `references` in `table`."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table: its columns in order and its keys; `stated`: bytes, hash and rows of its file."""

    name: str
    title: str
    description: str
    path: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    unique_keys: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    stated: dict[str, Any] = field(hash=False)

    @property
    def column_names(self) -> list[str]:
        """The header."""
        return [column.name for column in self.columns]

    @property
    def leads(self) -> dict[str, str]:
        """The table to which each column leads that is a key of its own."""
        return {key.columns[0]: key.table for key in self.foreign_keys if len(key.columns) == 1}

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]

    def dated(self) -> list[str]:
        """Columns that have their precision beside them in a column `NAME_precision`."""
        names = self.column_names
        return [name for name in names if f"{name}_precision" in names]


@dataclass(frozen=True)
class Package:
    """The package: its folder, its descriptor, its tables in order.

    `checked_on` is the day of a check, YYYY-MM-DD; empty where none is under way.
    """

    folder: Path
    file: str
    descriptor: dict[str, Any]
    tables: tuple[Table, ...]
    checked_on: str = ""

    @property
    def name(self) -> str:
        """The name of the package."""
        return str(self.descriptor.get("name", ""))

    @property
    def version(self) -> str:
        """The version of the package."""
        return str(self.descriptor.get("version", ""))

    @property
    def last_day(self) -> str:
        """The last day that its rows can tell of: that of the release, whose files' hashes are stated.

        Of a state that is still worked on it is the day of the check, if that is later.
        """
        created = str(self.descriptor.get("created"))[:10]
        released = any("hash" in table.stated for table in self.tables)
        return created if released else max(created, self.checked_on)

    def table(self, name: str) -> Table:
        """The table of that name; KeyError where there is none."""
        return {table.name: table for table in self.tables}[name]


def names(value: str | list[str]) -> tuple[str, ...]:
    """A key of one column may be written as its bare name. Raises TypeError where a name is no text."""
    key = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(name, str) for name in key):
        raise TypeError(f"a key of {value}, which are no names of columns")
    return key


def column_of(field: dict[str, Any], key: tuple[str, ...]) -> Column:
    """A field descriptor as a column; categories may be bare values or value and label.

    A column of the primary `key` is required, as Table Schema says.
    """
    example = field.get("example", "")
    pairs = [c if isinstance(c, dict) else {"value": c} for c in field.get("categories", [])]
    return Column(
        name=field["name"],
        type=field.get("type", "string"),
        format=field.get("format", "default"),
        title=field.get("title", field["name"]),
        description=field.get("description", ""),
        example=example if isinstance(example, str) else json.dumps(example),
        categories={str(c["value"]): c.get("label", str(c["value"])) for c in pairs},
        constraints=field.get("constraints", {}) | ({"required": True} if field["name"] in key else {}),
    )


def table_of(resource: dict[str, Any]) -> Table:
    """A resource descriptor that satisfies the profile, or one of an earlier version, as a table."""
    schema = resource["schema"]
    key = names(schema.get("primaryKey", []))
    return Table(
        name=resource["name"],
        title=resource.get("title", resource["name"]),
        description=resource.get("description", ""),
        path=resource["path"],
        columns=tuple(column_of(field, key) for field in schema["fields"]),
        primary_key=key,
        unique_keys=tuple(names(key) for key in schema.get("uniqueKeys", [])),
        foreign_keys=tuple(
            ForeignKey(
                names(key["fields"]),
                key["reference"].get("resource") or resource["name"],
                names(key["reference"]["fields"]),
            )
            for key in schema.get("foreignKeys", [])
        ),
        stated={entry: resource[entry] for entry in ("bytes", "hash", "rows") if entry in resource},
    )


def package_of(path: Path) -> Package:
    """The package whose descriptor, one that satisfies the profile, is at `path`."""
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    tables = tuple(table_of(resource) for resource in descriptor["resources"])
    return Package(path.parent, path.name, descriptor, tables)
