"""A problem is a value: found anywhere, rendered once (scripts/checking/report.py)."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

NEAR = 60.0  # similarity in percent below which a value is not worth naming
LONGEST = 200  # characters of a value for which others that are near are sought


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


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the id of the broken rule, the rule in a sentence, and how to fix what breaks it.

    `fixable` says that `make format` fixes it without changing a value.
    """

    rule: str
    sentence: str
    fix: str
    fixable: bool = False

    def at(
        self,
        file: str,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        message: str | None = None,
        fix: str | None = None,
    ) -> Problem:
        """The problem of this kind in one place; the sentence of the rule is its message unless given."""
        return Problem(file, line, column, value, self.rule, message or self.sentence, fix or self.fix)


class CannotRunError(Exception):
    """There is nothing to check: no such file, not a regular file, not JSON (exit code 2)."""


FORMAT = "Run `make format`, which writes it so without changing a value."
KINDS: dict[str, Kind] = {}


def kind(rule: str, sentence: str, fix: str = FORMAT, fixable: bool = False) -> Kind:
    """Declare a kind of problem; ValueError where its id is taken. One that is `fixable` needs no `fix`."""
    if rule in KINDS:
        raise ValueError(f"rule {rule!r} is declared twice")
    KINDS[rule] = Kind(rule, sentence, fix, fixable)
    return KINDS[rule]


def did_you_mean(value: str, choices: Iterable[str], limit: int = 1) -> str | None:
    """A hint that names the choices that are spelled most like a value, or None where none is near.

    >>> did_you_mean("suspendet", ["kept", "suspended", "ended"])
    'Did you mean suspended?'
    """
    if len(value) > LONGEST:
        return None
    near = process.extract(value, list(choices), scorer=fuzz.ratio, limit=limit, score_cutoff=NEAR)
    return f"Did you mean {' or '.join(choice for choice, _, _ in near)}?" if near else None
