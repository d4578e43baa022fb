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
            "row_id": "row", "column_name": "column", "value_after": "value"}  # fmt: skip
DEFAULTS = {"certainty": "stated", "qualifier": "exact", "unit": "persons", "demographic": "all"}
COMPOSED = ["version", "value_before", "text_sha256", "accessed_on"]  # never asked: they follow
OF_A_SOURCE = {
    name: f"source_{name.removesuffix('_on')}"
    for name in ("title", "publisher", "published_on", "kind", "language", "authors", "provenance")
}  # what is asked of a source that is not there yet, and by which name
RELATED = {"ties": "statement_pairs", "places": "statement_places"}  # of a statement: any number of rows


@dataclass(frozen=True)
class Question:
    """One question: its name is that of the option and of the field of a form; `column` says what is meant.

    `table` is the table whose row is named in the answer, where it names one.
    """

    name: str
    column: Column
    required: bool = False
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
    table, sources = state.tables[KINDS[kind]], state.tables["sources"]
    asked: list[Question] = []
    for column in table.columns:
        if asks_for(table, column):
            asked.append(question(table, column))
        if column.name == "source_id":
            asked += [Question(asked_as, sources.column(name)) for name, asked_as in OF_A_SOURCE.items()]
    if kind == "source":
        asked.sort(key=lambda one: one.name != "url")
    if kind == "statement":
        asked += [several(name, state.tables[relation]) for name, relation in RELATED.items()]
    return asked


def asks_for(table: Table, column: Column) -> bool:
    """Whether a column is asked for: neither a key that is composed, nor a precision, nor what follows."""
    unasked = column.name in table.primary_key or column.name in COMPOSED
    return not unasked and not column.name.endswith("_precision")


def question(table: Table, column: Column) -> Question:
    """The question for one column."""
    default = DEFAULTS.get(column.name, "")
    name = ASKED_AS.get(column.name, column.name)
    return Question(name, column, column.required and not default, default, table.leads.get(column.name, ""))


def several(name: str, relation: Table) -> Question:
    """The question for any number of the rows that a relation leads to, with semicolons between."""
    column = relation.columns[1]
    text = f"{column.description.rstrip('.')}; several with semicolons between"
    return Question(name, replace(column, description=text))
