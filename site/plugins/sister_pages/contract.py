"""What the contract, datapackage.json beside the database, says of tables, columns and values."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

SHORT = 24  # letters; where a column has longer labels, its values are shown and the labels are their titles


@dataclass(frozen=True)
class Field:
    """One column: its title, its type, what it means, and the meaning of each value that it may have."""

    title: str
    type: str
    description: str
    labels: dict[str, str]


@dataclass(frozen=True)
class Contract:
    """`tables` maps a table to its title, `fields` a table and a column to the column."""

    tables: dict[str, str]
    fields: dict[tuple[str, str], Field]
    keys: dict[str, str]  # a column that holds keys, in whatever table or view, and the table of those keys

    def field(self, table: str | None, column: str) -> Field | None:
        """The column of a table; of a view or a query, the column of that name if all tables agree on it."""
        if table in self.tables:
            return self.fields.get((table, column))
        bare = column.removeprefix("partner_").removeprefix("speaker_")
        return self._agreed.get(column) or self._agreed.get(bare)

    @cached_property
    def _agreed(self) -> dict[str, Field]:
        """By its name, a column that means the same in every table that has one of that name."""
        alike: dict[str, list[Field]] = {}
        for (_, name), field in self.fields.items():
            alike.setdefault(name, []).append(field)
        return {
            name: found[0]
            for name, found in alike.items()
            if all(other.labels == found[0].labels for other in found)
        }

    def title(self, table: str | None, column: str) -> str | None:
        """The title of a column, or None where the contract does not name it."""
        field = self.field(table, column)
        return field.title if field else None

    def label(self, table: str | None, column: str, value: object) -> str | None:
        """What a value means, where its column may have only certain values."""
        if column == "table_name":
            return self.tables.get(str(value))
        field = self.field(table, column)
        return field.labels.get(str(value)) if field else None

    def short(self, table: str | None, column: str, value: object) -> str:
        """A value as a word or two: its label where all those of its column are short, else itself.

        A whole number is written in groups of three.
        """
        label = self.label(table, column, value)
        field = self.field(table, column)
        long = field and any(len(other) > SHORT for other in field.labels.values())
        if field and field.type == "integer" and str(value).isdecimal():
            return f"{int(str(value)):,}"
        return label if label and not long else str(value).replace("_", " ")

    def heading(self, table: str | None, column: str) -> str:
        """What to write over a column: its title, or its name as words where the contract has none."""
        words = words_of(column)
        return self.title(table, column) or words[:1].upper() + words[1:]


def words_of(column: str) -> str:
    """The name of a column as words."""
    words = re.sub("^us_", "U.S. ", column).replace("_", " ")
    return re.sub("russia|ukraine", lambda country: country[0].title(), words)


def read_contract(file: Path) -> Contract:
    """The contract of a descriptor that the build has checked."""
    resources = json.loads(file.read_text("utf-8"))["resources"]
    fields = {(r["name"], f["name"]): field_of(f) for r in resources for f in r["schema"]["fields"]}
    return Contract({r["name"]: r["title"] for r in resources}, fields, keys_of(resources))


def field_of(field: dict[str, Any]) -> Field:
    """A field descriptor, its categories as values and labels."""
    labels = {str(c["value"]): c["label"] for c in field.get("categories", []) if isinstance(c, dict)}
    return Field(field["title"], field.get("type", "string"), field.get("description", ""), labels)


def keys_of(resources: list[dict[str, Any]]) -> dict[str, str]:
    """The table that a column's values are keys of, by the name of the column."""
    found = {"own_source_id": "sources", "other_source_id": "sources", "source_ids": "sources"}
    for resource in resources:
        key = resource["schema"]["primaryKey"]
        if len(key) == 1:
            found.setdefault(key[0], resource["name"])
        for foreign in resource["schema"].get("foreignKeys", []):
            leads_to = foreign["reference"].get("resource") or resource["name"]
            found.setdefault(foreign["fields"][0], leads_to)
    return found
