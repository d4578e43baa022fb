"""Primary, unique and foreign keys, whole columns at a time."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import ForeignKey
from schemas.formats import mask
from schemas.problems import Problem, did_you_mean
from scripts.checking.cells import joined_key
from scripts.checking.reading import TextTable

HINTED = 200  # distinct missed keys of one column for which the nearest are looked up


def key_problems(read: TextTable, tables: Mapping[str, TextTable]) -> Iterator[Problem]:
    """Broken keys of one table, given the text of all."""
    table = read.table
    yield from repeated_keys(read, table.primary_key, "primary-key")
    for columns in table.unique_keys:
        yield from repeated_keys(read, columns, "unique-key")
    yield from alike_rows(read)
    for key in table.foreign_keys:
        if key.table in tables:
            yield from missed_keys(read, key, tables[key.table])


def repeated_keys(read: TextTable, columns: tuple[str, ...], rule: str) -> Iterator[Problem]:
    """Rows whose key stood before."""
    for i, earlier in repeats(read, columns):
        values = ", ".join(read.text[name][i].as_py() or "(empty)" for name in columns)
        line = read.lines[earlier]
        if rule == "primary-key" and read.text.slice(i, 1).equals(read.text.slice(earlier, 1)):
            message = f"the row of line {line} stands here again"
            yield read.problem("row-twice", i, columns[0], values, message)
        else:
            message = f"{', '.join(columns)} of line {line} stand here again"
            yield read.problem(rule, i, columns[0], values, message)


def alike_rows(read: TextTable) -> Iterator[Problem]:
    """Rows that say what an earlier row says under another key, where the key is an id of our own."""
    if len(read.table.primary_key) != 1 or not (key := read.table.primary_key[0]).endswith("_id"):
        return
    for i, earlier in repeats(read, tuple(name for name in read.table.column_names if name != key)):
        value = read.text[key][i].as_py()
        message = f"{value} is {read.text[key][earlier].as_py()} of line {read.lines[earlier]} again"
        yield read.problem("row-alike", i, key, value, message)


def repeats(read: TextTable, columns: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Rows with values of some columns that an earlier row has, and the first such row.

    Empty cells are equal, unlike in SQL; but where all are empty nothing is repeated.
    """
    if not columns or set(columns) & read.absent or not read.rows:
        return
    keys = joined_key(read, columns, nulls="replace")
    if pc.all(pc.less(keys.slice(0, len(keys) - 1), keys.slice(1)), skip_nulls=False).as_py():
        return  # each is greater than the one before, as keys mostly are
    first: dict[str, int] = {}
    for i in map(int, np.flatnonzero(keys.to_pandas().duplicated(keep=False).to_numpy())):
        key = keys[i].as_py()
        if key in first:
            yield i, first[key]
        elif key.strip("\0"):
            first[key] = i


def missed_keys(read: TextTable, key: ForeignKey, target: TextTable) -> Iterator[Problem]:
    """Keys that lead nowhere; a key with an empty cell leads nowhere on purpose."""
    known = set(target.table.column_names) - target.absent
    if set(key.columns) & read.absent or not known.issuperset(key.references):
        return
    own, theirs = joined_key(read, key.columns), joined_key(target, key.references)
    missed = np.flatnonzero(~mask(pc.is_in(own, theirs)) & mask(own.is_valid()))
    if not len(missed):
        return
    values = own.take(pa.array(missed)).to_pylist()
    choices = theirs.drop_null().to_pylist()
    hints = {value: did_you_mean(value, choices, 3) for value in list(dict.fromkeys(values))[:HINTED]}
    for i, value in zip(missed, values, strict=True):
        shown = ", ".join(value.split("\0"))
        fix = f"{hint} If not, add it to {key.table}." if (hint := hints.get(value)) else None
        yield read.problem("foreign-key", i, key.columns[0], shown, f"{shown!r} is not in {key.table}", fix)
