"""What is asked for each kind of row, read from the contract; and answered: in a form, or at a terminal."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import yaml

from schemas.contract import Column
from schemas.rules import slug
from scripts.adding import gazetteer
from scripts.adding.names import AnswerError, has_words, key_named, labels
from scripts.cli import ROOT
from scripts.versions.snapshots import State

Answers = dict[str, str]
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
YES = {"yes": "true", "true": "true", "no": "false", "false": "false"}
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
COMPOSED = ("version", "value_before", "text_sha256", "accessed_on")  # never asked: they follow
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
    table: str = ""
    required: bool = False

    @property
    def default(self) -> str:
        """The answer that an empty line is taken for."""
        return DEFAULTS.get(self.column.name, "")

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
        name = column.name
        if not (name in table.primary_key or name in COMPOSED or name.endswith("_precision")):
            required = column.required and name not in DEFAULTS
            asked.append(Question(ASKED_AS.get(name, name), column, table.leads.get(name, ""), required))
        if name == "source_id":
            asked += [Question(asked_as, sources.column(part)) for part, asked_as in OF_A_SOURCE.items()]
    if kind == "source":
        asked.sort(key=lambda one: one.name != "url")
    if kind == "statement":
        for name, relation in RELATED.items():
            column = state.tables[relation].columns[1]
            several = f"{column.description.rstrip('.')}; several with semicolons between"
            asked.append(Question(name, replace(column, description=several)))
    return asked


FORMS = {"event": "new-event.yml", "correction": "data-error.yml", "citation": "dispute.yml"}
FIELD = re.compile(r"^### (.+?)[ \t]*\n(.*?)(?=^### |\Z)", re.M | re.S)
NOTHING = "_No response_"  # what GitHub writes into a field that was left empty


def form(kind: str) -> list[dict[str, Any]]:
    """The fields of the form for a kind of row. Raises AnswerError where there is none."""
    if kind not in FORMS:
        raise AnswerError(f"there is no form for {kind}, only for {', '.join(FORMS)}")
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / FORMS[kind]).read_text("utf-8")
    return [field for field in yaml.safe_load(text)["body"] if "id" in field]


def form_answers(kind: str, text: str) -> Answers:
    """What a filled-in form answers, by the ids of its fields; lines are joined by blanks.

    Raises AnswerError where a heading is none of the form.
    """
    ids = {field["attributes"]["label"]: field["id"] for field in form(kind)}
    given = {}
    for label, body in FIELD.findall(text.replace("\r\n", "\n")):
        if label not in ids:
            raise AnswerError(f"the form has no field {label!r}")
        words = " ".join(body.split())
        given[ids[label]] = "" if words == NOTHING else words
    return given


def ask(state: State, kind: str, answers: Answers) -> Answers:
    """The answers, with what is asked for and not answered yet; an empty line leaves a cell empty."""
    given, known = dict(answers), {row["url"] for row in state.rows["sources"].values()}
    for question in questions(state, kind):
        address = given.get("source", "")
        new_source = address.startswith("http") and address not in known
        if question.name not in given and (new_source or not question.name.startswith("source_")):
            given[question.name] = answered(state, question)
    return given


def answered(state: State, question: Question) -> str:
    """Ask until the answer can be used."""
    print(f"\n{question.help}")
    complete_answers(state, question)
    while True:
        text = input(f"{question.name}: ").strip() or question.default
        try:
            check_answer(state, question, text)
            return text
        except AnswerError as error:
            print(error)


def complete_answers(state: State, question: Question) -> None:
    """Let the tabulator complete what is typed, where Python has readline; on Windows it has not."""
    with suppress(ImportError):
        import readline

        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")
        readline.set_completer(lambda text, number: [*offers(state, question, text), None][number])


def check_answer(state: State, question: Question, text: str) -> None:
    """Raise AnswerError where an answer cannot be used."""
    if not text:
        if question.required:
            raise AnswerError("This cannot be empty.")
    elif question.column.type == "date":
        period(text)
    elif not question.table:
        value(question.column, text)
    elif question.table not in ("sources", "places"):
        key_named(state, question.table, text)


def offers(state: State, question: Question, text: str) -> list[str]:
    """What may be meant by what was typed so far."""
    if question.column.categories:
        return [value for value in question.column.categories if value.startswith(text)]
    if not question.table or not slug(text):
        return []
    names = [name for name in labels(state, question.table).values() if has_words(name, text)]
    return names or (gazetteer.offered(state, text) if question.table == "places" else [])


def value(column: Column, text: str) -> str:
    """An answer as a cell spells it. Raises AnswerError where it is none of the column's choices."""
    if column.type == "boolean" and text.lower() in YES:
        return YES[text.lower()]
    choices = ["yes", "no"] if column.type == "boolean" else list(column.categories)
    if choices and text not in choices and (text or column.required):
        said = f"{text!r} is no" if text else "say the"
        raise AnswerError(f"{said} {column.name}; one of {', '.join(choices)}")
    return text


def period(text: str) -> tuple[str, str]:
    """The first day of a day, month or year, and which of them it is.

    >>> period("2024-05-14"), period("2024-05"), period("2024"), period("")
    (('2024-05-14', 'day'), ('2024-05-01', 'month'), ('2024-01-01', 'year'), ('', ''))
    """
    if not text:
        return "", ""
    if not (match := DATE.fullmatch(text)):
        raise AnswerError(
            f"{text!r} is no date: write the day as 2024-05-14, the month as 2024-05, or the year"
        )
    year, month, day = match.groups()
    return f"{year}-{month or '01'}-{day or '01'}", "day" if day else "month" if month else "year"
