"""Rules that Table Schema cannot state: the decorator that declares one, and how one is run.

A rule is a function whose docstring is the rule in one sentence. Its parameters are names of tables: the
first is the table that is checked, the others are tables that it looks into; `package` is the contract,
`frames` are all tables by name. It returns a Series over rows of the first table, all or those that it
judges: True for a broken row, or a message that says how it is broken; NA where it cannot be decided.

A rule on every table takes `rows`, `table` (the contract of the table) and `last_day` (the last day
that its rows can tell of), and returns such a Series for each column that it checks.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pandas as pd

from schemas.contract import Package, Table
from schemas.problems import KINDS, Kind

EVERY = "*"
UNREAD = "unread"  # attribute of a frame: for each column the rows whose text has no value of its type
Frames = Mapping[str, pd.DataFrame]
Broken = dict[str, dict[int, str]]  # for each column the messages of the broken rows by their index


@dataclass(frozen=True)
class Rule:
    """A declared rule: `reads` are the tables beside the one that it judges."""

    kind: Kind
    table: str
    column: str
    reads: tuple[str, ...]
    function: Callable[..., Any]

    @property
    def alone(self) -> bool:
        """Whether it needs no table but the one that it judges."""
        return self.table == EVERY or not self.reads

    @property
    def looks_around(self) -> bool:
        """Whether it judges rows by tables that it finds through the contract."""
        return not {"frames", "package"}.isdisjoint(self.reads)

    def judges(self, table: Table) -> bool:
        """Whether it is a rule on that table."""
        return self.table in (EVERY, table.name)

    def broken(self, rows: pd.DataFrame, *given: Any) -> Broken:
        """The rows that break the rule, judged once; `given` is what the function takes beside them."""
        result = self.function(rows, *given)
        judged = result if self.table == EVERY else {self.column: result}
        return {column: messages(cells, self.kind.sentence) for column, cells in judged.items()}

    def broken_among(self, frames: Frames, package: Package) -> Broken:
        """The rows of its table that break the rule, with the other tables that it reads."""
        beside = {"package": package, "frames": frames}
        given = [beside[name] if name in beside else frames[name] for name in self.reads]
        return self.broken(frames[self.table], *given)


def empty(rows: pd.DataFrame, column: str) -> pd.Series:
    """Whether each cell is empty; missing where its text is no value of its type, which has been said."""
    cells = rows[column].isna().astype("boolean")
    unread: list[int] = rows.attrs.get(UNREAD, {}).get(column, [])
    cells.iloc[unread] = None
    return cells


RULES: list[Rule] = []


def rule(column: str = "", *, fix: str) -> Callable[[Callable[..., Any]], Rule]:
    """Declare a rule on a column; its id is the function's name with hyphens."""

    def declare(function: Callable[..., Any]) -> Rule:
        name = function.__name__.replace("_", "-")
        table, *reads = inspect.signature(function).parameters
        table = EVERY if table == "rows" else table
        if name in KINDS:
            raise ValueError(f"rule {name!r} is declared twice")
        KINDS[name] = Kind(name, inspect.getdoc(function) or "", fix)
        declared = Rule(KINDS[name], table, column, tuple(reads), function)
        RULES.append(declared)
        return declared

    return declare


def messages(result: pd.Series, sentence: str) -> dict[int, str]:
    """The result of a rule as messages, for the broken rows alone."""
    if pd.api.types.is_bool_dtype(result.dtype):
        broken = result.fillna(False).astype(bool)
        return dict.fromkeys(result.index[broken], sentence)
    return dict(result.dropna().astype(str))


def expected(cells: pd.Series, right: pd.Series) -> pd.Series:
    """A message for each cell that is not what it is composed of; both are columns of text.

    >>> expected(pd.Series(["us-il-chicago", "chicago"]), pd.Series(["us-il-chicago"] * 2)).to_dict()
    {1: 'expected us-il-chicago'}
    """
    return "expected " + right[cells != right].astype(object)


for module in iter_modules(__path__):  # each declares the rules of its table
    import_module(f"{__name__}.{module.name}")
