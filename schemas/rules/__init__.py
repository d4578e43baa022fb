"""Rules that Table Schema cannot state: how one is declared and run, and the look-ups that rules share.

A rule is a function whose docstring is the rule in one sentence. Its parameters are names of tables: the
first is the table that is checked, the others are tables that it looks into; `package` is the contract,
`frames` are all tables by name. It returns a Series over rows of the first table, all or those that it
judges: True for a broken row, or a message that says how it is broken; NA where it cannot be decided.

A rule on every table takes `rows`, and where it needs them `table` (the contract of the table) and
`last_day` (the last day that its rows can tell of). It returns such a Series for each column that it checks.
"""

import inspect
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Package, Table
from schemas.formats import FRAME_TYPES
from schemas.problems import KINDS, Kind

TEXT = FRAME_TYPES["string"][1]
APOSTROPHES = re.compile("['’‘ʼʹ`]")
EVERY = "*"
UNREAD = "unread"  # attribute of a frame: for each column the rows whose text has no value of its type
Frames = Mapping[str, pd.DataFrame]
Broken = dict[str, dict[int, str]]  # for each column the messages of the broken rows by their index


@dataclass(frozen=True)
class Rule:
    """A declared rule: `reads` are what its function takes beside the rows that it judges."""

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

    def broken(self, rows: pd.DataFrame, given: Mapping[str, Any]) -> Broken:
        """The rows that break the rule, judged once; `given` has by its name all that the function reads."""
        result = self.function(rows, *(given[name] for name in self.reads))
        judged = result if self.table == EVERY else {self.column: result}
        return {column: messages(cells, self.kind.sentence) for column, cells in judged.items()}


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


def row_ids(rows: pd.DataFrame, table: Table) -> pd.Series:
    """The key of each row as one text; the parts of a key of several columns are joined by two hyphens."""
    parts: list[pd.Series] = [rows[column].astype(TEXT) for column in table.primary_key]
    return reduce(lambda left, right: left + "--" + right, parts)


def keys_in_use(name: str, frames: Frames, package: Package) -> pd.Series:
    """Every key of one table that a foreign key of another holds."""
    used: list[pd.Series] = [
        frames[table.name][key.columns[0]]
        for table in package.tables
        for key in table.foreign_keys
        if key.table == name and table.name != name
    ]
    return pd.concat(used, ignore_index=True)


# Arrow does the looking up: pandas turns every key into a Python object first.
def among(cells: pd.Series, keys: pd.Series) -> pd.Series:
    """Whether each cell is one of the keys; a missing cell is none."""
    if cells.empty:
        return pd.Series(False, index=cells.index)  # spares a table of all the keys
    listed = pc.is_in(pa.array(cells), pa.array(keys), skip_nulls=True)
    return pd.Series(listed.to_numpy(zero_copy_only=False), index=cells.index)


def looked_up(cells: pd.Series, rows: pd.DataFrame, key: str, column: str) -> pd.Series:
    """The column's value in the first row with each key, in the column's type; missing where none is.

    >>> places = pd.DataFrame({"place_id": ["us-il-chicago", "ua-30-kyiv"], "country": ["US", "UA"]})
    >>> looked_up(pd.Series(["ua-30-kyiv", "nowhere"]), places, "place_id", "country").tolist()
    ['UA', nan]
    """
    if cells.empty:
        return pd.Series(index=cells.index, dtype=rows[column].dtype)  # spares a table of all the keys
    at = pc.index_in(pa.array(cells), pa.array(rows[key]), skip_nulls=True)
    positions = pc.fill_null(at, -1).to_numpy()
    values = rows[column].array.take(positions, allow_fill=True)
    return pd.Series(values, index=cells.index)


def exist(tables: pd.Series, keys: pd.Series, frames: Frames, package: Package) -> pd.Series:
    """Whether there is a row of each key, as `row_ids` has it, in the table whose name stands beside it."""
    there = pd.Series(False, index=keys.index)
    for table in package.tables:
        here = keys[(tables == table.name).fillna(False)]
        there[here.index] = among(here, row_ids(frames[table.name], table))
    return there


def unknown_columns(rows: pd.DataFrame, package: Package) -> pd.Series:
    """Whether each row gives a `column_name` that the table of its `table_name` has not."""
    columns = rows["table_name"] + "." + rows["column_name"]
    known = [f"{table.name}.{name}" for table in package.tables for name in table.column_names]
    return columns.notna() & ~columns.isin(known)


def joined(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    """The cells of some columns as one text, an empty cell as an empty one."""
    cells = [pa.array(rows[column], pa.string()) for column in columns]
    whole = pc.binary_join_element_wise(*cells, "\0", null_handling="replace")
    return pd.Series(whole, index=rows.index, dtype=TEXT)


def last_day(rows: pd.DataFrame, date: str) -> pd.Series:
    """The latest day that a date may mean, as ISO text to compare with; 31 stands for any month's end.

    `rows` has the columns `date` and `date`_precision; a missing date stays missing.

    >>> rows = pd.DataFrame({"day": ["2022-06-01", "2022-01-01"], "day_precision": ["month", "year"]})
    >>> last_day(rows, "day").tolist()
    ['2022-06-31', '2022-12-31']
    """
    precision = rows[f"{date}_precision"]
    last = rows[date].where(precision != "month", rows[date].str.slice(0, 7) + "-31")
    return last.where(precision != "year", rows[date].str.slice(0, 4) + "-12-31")


def published(source_id: pd.Series, sources: pd.DataFrame) -> pd.Series:
    """The latest day on which each source may have been published; missing where it is undated."""
    days = pd.DataFrame({"source_id": sources["source_id"], "day": last_day(sources, "published_on")})
    return looked_up(source_id, days, "source_id", "day")


def slug(name: str) -> str:
    """Words of a name in lower case, without accents and apostrophes, joined by hyphens.

    >>> slug("Bryan–College Station"), slug("Slov'yansk"), slug("San José")
    ('bryan-college-station', 'slovyansk', 'san-jose')
    """
    words = "".join(c if c.isalnum() else " " for c in APOSTROPHES.sub("", name))
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return "-".join(plain.lower().split())


def slugs(names: pd.Series) -> pd.Series:
    """The slug of each name; Arrow makes those of plain letters, `slug` the rest, each once."""
    cells = pa.array(names)
    lower = pc.ascii_lower(pc.replace_substring_regex(cells, "['`]", ""))
    plain = pc.ascii_trim(pc.replace_substring_regex(lower, "[^a-z0-9]+", "-"), "-")
    result = pd.Series(plain, index=names.index, dtype=names.dtype)
    other = names[~pd.Series(pc.string_is_ascii(cells), index=names.index, dtype="boolean").fillna(True)]
    result[other.index] = other.map({name: slug(name) for name in other.unique()})
    return result


def begins_with(keys: pd.Series, names: pd.Series) -> pd.Series:
    """Whether each key is the name or begins with it and a hyphen; both are slugs, missing where one is.

    Of all texts, those that begin with `name-` lie between it and `name.`: the full stop follows the hyphen.
    """
    whole = keys + "-"
    return (whole >= names + "-") & (whole < names + ".")


for module in iter_modules(__path__):  # each declares the rules of its table
    import_module(f"{__name__}.{module.name}")
