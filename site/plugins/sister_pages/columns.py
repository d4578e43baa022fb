"""The columns of tables and views as the contract describes them, and the words for their values."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

SHORT = 24  # letters; where a column has longer labels, its values are shown and the labels are their titles


@dataclass(frozen=True)
class Field:
    """One column: its title, its type, what it means, and the meaning of each value that it may have."""

    title: str
    type: str
    description: str
    labels: dict[str, str]

    @cached_property
    def codes(self) -> dict[str, Markup]:
        """Each value that it may have, as a cell shows it."""
        return {value: code(value, label, self.short(value)) for value, label in self.labels.items()}

    def short(self, value: object) -> str:
        """A value as a word or two: its label where all those of the column are short, else itself.

        A whole number is written in groups of three.
        """
        if self.type == "integer" and str(value).isdecimal():
            return f"{int(str(value)):,}"
        long = any(len(label) > SHORT for label in self.labels.values())
        return (not long and self.labels.get(str(value))) or str(value).replace("_", " ")


@dataclass(frozen=True)
class Contract:
    """`tables` maps a table of facts to its title, `fields` a table or view and a column to the column."""

    tables: dict[str, str]
    derived: dict[str, str]
    fields: dict[tuple[str, str], Field]
    keys: dict[str, str]  # a column that holds keys, in whatever table or view, and the table of those keys

    def field(self, table: str | None, column: str) -> Field | None:
        """The column of a table or view; of an answer, the column of that name if all tables agree on it."""
        return self.fields.get((table, column)) if table else self._agreed.get(column)

    @property
    def titles(self) -> dict[str, str]:
        """The title of each table, those of facts first."""
        return {**self.tables, **self.derived}

    @cached_property
    def _agreed(self) -> dict[str, Field | None]:
        """By its name, a column that means the same wherever there is one of that name."""
        agreed: dict[str, Field | None] = {}
        for (_, name), one in self.fields.items():
            first = agreed.setdefault(name, one)
            if first and (first.labels, first.type) != (one.labels, one.type):
                agreed[name] = None
        return agreed

    def label(self, table: str | None, column: str, value: object) -> str | None:
        """What a value means, where its column may have only certain values."""
        known = self.field(table, column)
        labels = self.tables if column == "table_name" else known.labels if known else {}
        return labels.get(str(value))

    def short(self, table: str | None, column: str, value: object) -> str:
        """A value as a word or two."""
        known = self.field(table, column)
        if known and column != "table_name":
            return known.short(value)
        return self.label(table, column, value) or str(value).replace("_", " ")

    def heading(self, table: str | None, column: str, beside: Collection[str] = ()) -> str:
        """What to write over a column: its title, or its name as words where the contract has none.

        A key is headed as the row that it leads to, whose name is shown for it, but where another column of
        the table, or of those `beside` it in an answer, is headed so.
        """
        known = self.field(table, column)
        title = (known.title if known else begun(words_of(column))).removesuffix(" key")
        other = column.removesuffix("_id")
        is_named = other != column and (other in beside or (table, other) in self.fields)
        return f"{title} key" if is_named else title


def code(value: str, label: str, short: str) -> Markup:
    """A value in short, with its meaning as the title."""
    return Markup('<span class="code" title="{}" data-value="{}">{}</span>').format(label, value, short)


def words_of(column: str) -> str:
    """The name of a column, or another such code, as words.

    >>> words_of("us_place"), words_of("share_of_us_cities"), words_of("missiles_used_by_russia")
    ('U.S. place', 'share of U.S. cities', 'missiles used by Russia')
    """
    words = re.sub(r"\bus\b", "U.S.", column.replace("_", " "))
    return re.sub(r"\b(russia|ukrain|moscow|chicago)", lambda name: name[0].title(), words)


def begun(words: str) -> str:
    """Words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def contract_of(description: dict[str, Any]) -> Contract:
    """The contract as site.json describes it."""
    tables = description["tables"]
    facts, derived = (
        {name: table["title"] for name, table in tables.items() if table["kind"] == kind}
        for kind in ("table", "derived")
    )
    fields = {
        (name, column): Field(**one)
        for name, table in tables.items()
        for column, one in table["columns"].items()
    }
    return Contract(facts, derived, fields, description["leads_to"])
