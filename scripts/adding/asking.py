"""Questions asked at a terminal, with completion of ties, places, sources and choices."""

from contextlib import suppress

from schemas.rules import slug
from scripts.adding import gazetteer
from scripts.adding.names import AnswerError, has_words, key_named, labels
from scripts.adding.prompts import Question, questions
from scripts.adding.rows import Answers, period, value
from scripts.versions.snapshots import State


def ask(state: State, kind: str, answers: Answers) -> Answers:
    """The answers, with what is asked for and not answered yet; an empty line leaves a cell empty."""
    given = dict(answers)
    for question in questions(state, kind):
        of_known_source = question.name.startswith("source_") and not new_source(state, given)
        if question.name not in given and not of_known_source:
            given[question.name] = answered(state, question)
    return given


def new_source(state: State, answers: Answers) -> bool:
    """Whether the answers have the address of a source that is not there."""
    address = answers.get("source", "")
    return address.startswith("http") and all(row["url"] != address for row in state.rows["sources"].values())


def answered(state: State, question: Question) -> str:
    """Ask until the answer can be used."""
    print(f"\n{question.help}")
    complete_answers(state, question)
    while True:
        text = input(f"{question.name}: ").strip() or question.default
        wrong = objection(state, question, text)
        if not wrong:
            return text
        print(wrong)


def complete_answers(state: State, question: Question) -> None:
    """Let the tabulator complete what is typed, where Python has readline; on Windows it has not."""
    with suppress(ImportError):
        import readline

        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")
        readline.set_completer(lambda text, number: [*offers(state, question, text), None][number])


def objection(state: State, question: Question, text: str) -> str:
    """Why an answer cannot be used; empty where it can."""
    if not text:
        return "This cannot be empty." if question.required else ""
    try:
        if question.column.type == "date":
            period(text)
        elif not question.table:
            value(question.column, text)
        elif question.table not in ("sources", "places"):
            key_named(state, question.table, text)
    except AnswerError as error:
        return str(error)
    return ""


def offers(state: State, question: Question, text: str) -> list[str]:
    """What may be meant by what was typed so far."""
    if question.column.categories:
        return [value for value in question.column.categories if value.startswith(text)]
    if not question.table or not slug(text):
        return []
    names = [name for name in labels(state, question.table).values() if has_words(name, text)]
    return names or (gazetteer.offered(state, text) if question.table == "places" else [])
