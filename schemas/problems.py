"""A problem is a value: found anywhere, rendered once (scripts/validate.py)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rapidfuzz import fuzz, process

NEAR = 60.0  # similarity in percent below which a value is not worth naming
LONGEST = 200  # characters of a value for which others that are near are sought


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the id of the broken rule, the rule in a sentence, and how to fix what breaks it.

    `fixable` says that `make format` fixes it without changing a value.
    """

    rule: str
    sentence: str
    fix: str = "Run `make format`, which writes it so without changing a value."
    fixable: bool = False


# Every kind by its rule: those of problems.json, to which schemas/rules adds its own.
KINDS = {
    rule: Kind(rule, **said)
    for rule, said in json.loads(Path(__file__).with_suffix(".json").read_text("utf-8")).items()
}


@dataclass(frozen=True)
class Problem:
    """One broken rule in one place.

    `file` is relative to the descriptor's folder, `line` the physical line (the header is 1).
    """

    file: str
    line: int | None
    column: str | None
    value: str | None
    rule: str
    message: str
    fix: str

    @property
    def told(self) -> str:
        """What is wrong and how to fix it, in sentences."""
        return f"{self.message.removesuffix('.')}. {self.fix}"

    @classmethod
    def of(
        cls,
        rule: str,
        file: str,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        message: str | None = None,
        fix: str | None = None,
    ) -> Self:
        """A problem in one place; message and fix are those of its kind unless given."""
        kind = KINDS[rule]
        return cls(file, line, column, value, rule, message or kind.sentence, fix or kind.fix)


class CannotRunError(Exception):
    """There is nothing to check: no such file, not a regular file, not JSON (exit code 2)."""


def did_you_mean(value: str, choices: Iterable[str], limit: int = 1) -> str | None:
    """A hint that names the choices that are spelled most like a value, or None where none is near.

    >>> did_you_mean("suspendet", ["kept", "suspended", "ended"])
    'Did you mean suspended?'
    """
    if len(value) > LONGEST:
        return None
    near = process.extract(value, list(choices), scorer=fuzz.ratio, limit=limit, score_cutoff=NEAR)
    return f"Did you mean {' or '.join(choice for choice, _, _ in near)}?" if near else None
