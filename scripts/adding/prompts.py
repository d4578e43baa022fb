"""What is asked for each kind of row, read from the contract."""

from dataclasses import dataclass, replace

from schemas.contract import Column, Table
from scripts.versions.snapshots import State

KINDS = {
    "event": "pair_events",
    "tie": "pairs",
    "place": "places",
    "source": "sources",
    "statement": "statements",
    "number": "casualty_statistics",
    "citation": "citations",
    "correction": "corrections",
}
ASKED_AS = {"pair_id": "tie", "us_place_id": "us_place", "partner_place_id": "partner_place",
            "place_id": "place", "source_id": "source", "law_id": "law", "table_name": "table",
            "row_id": "row", "column_name": "column"}  # fmt: skip
DEFAULTS = {"certainty": "stated", "qualifier": "exact", "unit": "persons", "demographic": "all"}
COMPOSED = ["version", "value_before", "text_sha256"]  # never asked: they follow from something else
OF_A_SOURCE = ["title", "publisher", "published_on", "kind", "language", "authors", "provenance"]


@dataclass(frozen=True)
class Question:
    """One question: its name is that of the option and of the field of a form; `column` says what is meant.

    `table` is the table whose row is named in the answer, where it names one.
    """

    name: str
    column: Column
    required: bool
    default: str = ""
    table: str = ""

    @property
    def help(self) -> str:
        """The question as one line."""
        choices = f" One of {', '.join(self.column.categories)}." if self.column.categories else ""
        default = f" (default: {self.default})" if self.default else ""
        return f"{self.column.description.rstrip('.')}.{choices}{default}"


def questions(state: State, kind: str) -> list[Question]:
    """What is asked of a kind of row, in the order of its columns; of a new source after its address."""
    table = state.tables[KINDS[kind]]
    asked: list[Question] = []
    for column in table.columns:
        if asks_for(table, column, kind):
            asked.append(question(table, column))
        if column.name == "source_id":
            asked += of_a_source(state.tables["sources"])
    if kind == "source":
        asked.sort(key=lambda one: one.name != "url")
    if kind == "statement":
        asked += [several(state, "ties", "pairs", "pair_id"), several(state, "places", "places", "place_id")]
    if kind == "correction":
        asked = [one if one.name != "value_after" else replace(one, name="value") for one in asked]
    return asked


def asks_for(table: Table, column: Column, kind: str) -> bool:
    """Whether a column is asked for: neither a key that is composed, nor a precision, nor what follows."""
    if column.name in table.primary_key or column.name in COMPOSED:
        return False
    return not column.name.endswith("_precision") and not (kind == "source" and column.name == "accessed_on")


def question(table: Table, column: Column) -> Question:
    """The question for one column."""
    default = DEFAULTS.get(column.name, "")
    name = ASKED_AS.get(column.name, column.name)
    return Question(name, column, column.required and not default, default, table.leads.get(column.name, ""))


def of_a_source(sources: Table) -> list[Question]:
    """What is asked of a source that is not there yet."""
    return [
        Question(f"source_{name.removesuffix('_on')}", sources.column(name), required=False)
        for name in OF_A_SOURCE
    ]


def several(state: State, name: str, table: str, key: str) -> Question:
    """A question for any number of rows of a table, with semicolons between."""
    column = state.tables[f"statement_{'pairs' if table == 'pairs' else 'places'}"].column(key)
    text = f"{column.description.rstrip('.')}; several with semicolons between"
    return Question(name, replace(column, description=text), required=False)
