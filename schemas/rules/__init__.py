"""Rules that Table Schema cannot state: the decorator that declares one, and how one is run.

A rule is a function whose docstring is the rule in one sentence. Its parameters name the tables that
it reads: the first is the table that it judges; `package` is the contract, `frames` are all tables by
name. It returns a Series over
the rows of that table: True where the rule is broken, or a text that says how; missing where a value
that it needs is missing. A rule declared for EVERY table takes `rows`, `table` (the contract of the
table) and `package`, and returns such a Series for each column that it judges.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pandas as pd

from schemas.contract import Package, Table
from schemas.problems import Kind, kind

EVERY = "*"
UNREAD = "unread"  # attribute of a frame: for each column the rows whose text has no value of its type
Frames = Mapping[str, pd.DataFrame]
Broken = tuple[str, pd.Series]  # a column, and for each broken row its position and message


@dataclass(frozen=True)
class Rule:
    """A declared rule: `reads` are the tables beside the one that it judges."""

    kind: Kind
    table: str
    column: str
    reads: tuple[str, ...]
    function: Callable[..., Any]

    @property
    def looks_around(self) -> bool:
        """Whether it judges rows by tables that it finds through the contract."""
        return not {"frames", "package"}.isdisjoint(self.reads)

    def broken(self, frames: Frames, package: Package, table: Table) -> Iterator[Broken]:
        """The broken rows: messages by position, for each column. KeyError: a column is not there."""
        if self.table == EVERY:
            judged = self.function(frames[table.name], table, package)
        else:
            beside = {"package": package, "frames": frames}
            given = [beside.get(name) or frames[name] for name in self.reads]
            judged = {self.column: self.function(frames[self.table], *given)}
        for column, result in judged.items():
            yield column, messages(result, self.kind.sentence)

    def checks(self, rows: pd.DataFrame) -> pd.Series:
        """For Pandera: True where a row keeps a rule that reads no other table."""
        result = self.function(rows)
        return pd.Series(~rows.index.isin(messages(result, "").index), index=rows.index)


def empty(rows: pd.DataFrame, column: str) -> pd.Series:
    """Whether each cell is empty; missing where its text is no value of its type, which has been said."""
    cells = rows[column].isna().astype("boolean")
    unread: list[int] = rows.attrs.get(UNREAD, {}).get(column, [])
    cells.iloc[unread] = None
    return cells


RULES: list[Rule] = []


def rule(table: str, column: str = "", fix: str = "") -> Callable[[Callable[..., Any]], Rule]:
    """Declare a rule on a table; its id is the function's name with hyphens."""

    def declare(function: Callable[..., Any]) -> Rule:
        name = function.__name__.replace("_", "-")
        sentence = inspect.getdoc(function) or ""
        reads = tuple(inspect.signature(function).parameters)[1:]
        declared = Rule(kind(name, sentence, fix), table, column, reads, function)
        RULES.append(declared)
        return declared

    return declare


def messages(result: pd.Series, sentence: str) -> pd.Series:
    """The result of a rule as messages, for the broken rows alone."""
    if pd.api.types.is_bool_dtype(result.dtype):
        broken = result.fillna(False).astype(bool)
        return pd.Series(sentence, index=result.index[broken], dtype=object)
    return result.dropna().astype(object)


def expected(cells: pd.Series, right: pd.Series) -> pd.Series:
    """A message for each cell that is not what it is composed of; both are columns of text."""
    wrong = (cells != right).fillna(False).astype(bool)
    return "expected " + right[wrong].astype(object)


for module in iter_modules(__path__):  # each declares the rules of its table
    import_module(f"{__name__}.{module.name}")
