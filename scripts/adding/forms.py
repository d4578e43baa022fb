"""The answers of a filled-in issue form, which is Markdown with a heading for each field."""

import re
from typing import Any

import yaml

from scripts.adding.names import AnswerError
from scripts.cli import ROOT

FORMS = {"event": "new-event.yml", "correction": "data-error.yml", "citation": "dispute.yml"}
FIELD = re.compile(r"^### (.+?)[ \t]*\n(.*?)(?=^### |\Z)", re.M | re.S)
NOTHING = "_No response_"  # what GitHub writes into a field that was left empty


def form(kind: str) -> list[dict[str, Any]]:
    """The fields of the form for a kind of row. Raises AnswerError where there is none."""
    if kind not in FORMS:
        raise AnswerError(f"there is no form for {kind}, only for {', '.join(FORMS)}")
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / FORMS[kind]).read_text("utf-8")
    return [field for field in yaml.safe_load(text)["body"] if "id" in field]


def answers(kind: str, text: str) -> dict[str, str]:
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
