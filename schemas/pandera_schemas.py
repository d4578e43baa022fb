"""The contract's columns as Pandera schemas.

Our own mapping: pandera's `from_frictionless_schema` drops dates, keys, categories and bounds.
Checks run on typed columns (schemas/formats.py), one vectorised function each, named by its rule.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
from pandera.errors import SchemaError, SchemaErrors

from schemas.contract import Column, Table
from schemas.formats import FRAME_TYPES, mask
from schemas.problems import Kind, kind

Series = pd.Series
REQUIRED = kind(
    "required", "A required cell is filled.", "Fill the cell; the contract says what belongs there."
)
CATEGORY = kind(
    "category",
    "A cell of an enumerated column holds one of the values that the contract lists.",
    "Choose one of the listed values.",
)
ENUM = kind("enum", "A cell holds one of the allowed values.", "Choose one of the allowed values.")
PATTERN = kind(
    "pattern",
    "A whole cell has the form that its column prescribes.",
    "Compare with the example in the column's description.",
)
URI = kind(
    "uri",
    "An address is complete, with its scheme and host.",
    "Write the whole address, https://...",
)
MINIMUM = kind(
    "minimum", "A value is not below the column's lower bound.", "Check the value with its source."
)
MAXIMUM = kind(
    "maximum", "A value is not above the column's upper bound.", "Check the value with its source."
)
LENGTH = kind("length", "A text is as long as its column allows.", "Shorten or complete the text.")
UNIQUE = kind("unique", "A value of a unique column stands once.", "Correct the one that is wrong.")

URI_FORM = r'\A[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#<>"]+[^\s<>"{}|\\^`]*\z'


def matches(series: Series, form: str) -> Series:
    """Whether each cell matches a regular expression of RE2 (linear in the text)."""
    found = pc.match_substring_regex(pa.chunked_array(pa.array(series, pa.string())), form)
    return pd.Series(mask(found), index=series.index)


def bound(value: Any, column: Column) -> Any:
    """A bound of the contract in the type of its column; dates compare as ISO text."""
    if column.type in ("date", "string"):
        return str(value)
    return float(value) if column.type == "number" else int(value)


Test = tuple[Kind, str, Callable[[Series], Series]]  # rule, what a broken cell is, true where kept


def column_tests(column: Column) -> Iterator[Test]:
    """What the contract says of a column, each as a function of its cells."""
    limits = column.constraints
    if column.required:
        yield REQUIRED, "empty", lambda cells: cells.notna()
    if column.categories:
        allowed = [bound(value, column) for value in column.categories]
        yield CATEGORY, f"none of {', '.join(column.categories)}", lambda cells: cells.isin(allowed)
    if "enum" in limits:
        yield ENUM, f"none of {limits['enum']}", lambda cells: cells.isin(limits["enum"])
    if "pattern" in limits:
        form = rf"\A(?:{limits['pattern']})\z"
        yield PATTERN, f"not of the form of {column.name}", lambda cells: matches(cells, form)
    if column.format == "uri":
        yield URI, "no complete address", lambda cells: matches(cells, URI_FORM)
    if limits.get("unique"):
        yield UNIQUE, f"another row's {column.name} too", lambda cells: ~cells.duplicated()
    yield from bound_tests(column)


def bound_tests(column: Column) -> Iterator[Test]:
    """The bounds of a column's values and of the length of its text."""
    for limit, rule, text, keeps in (
        ("minimum", MINIMUM, "below", operator.ge),
        ("exclusiveMinimum", MINIMUM, "not above", operator.gt),
        ("maximum", MAXIMUM, "above", operator.le),
        ("exclusiveMaximum", MAXIMUM, "not below", operator.lt),
    ):
        if limit in column.constraints:
            value = bound(column.constraints[limit], column)
            yield rule, f"{text} {value}", partial(compared, keeps, value)
    for limit, text, keeps in (
        ("minLength", "shorter", operator.ge),
        ("maxLength", "longer", operator.le),
    ):
        if limit in column.constraints:
            length = int(column.constraints[limit])
            yield LENGTH, f"{text} than {length} characters", partial(measured, keeps, length)


def compared(keeps: Callable[[Any, Any], Series], value: Any, cells: Series) -> Series:
    """Whether each cell keeps a bound."""
    return keeps(cells, value)


def measured(keeps: Callable[[Any, Any], Series], length: int, cells: Series) -> Series:
    """Whether the text of each cell keeps a bound of its length."""
    return keeps(cells.str.len(), length)


def pandera_column(column: Column) -> pandera.Column:
    """A Pandera column; emptiness is a check of its own, so that all problems look alike."""
    checks = [
        pandera.Check(test, name=rule.rule, error=text, ignore_na=rule is not REQUIRED)
        for rule, text, test in column_tests(column)
    ]
    return pandera.Column(FRAME_TYPES[column.type][1], checks, nullable=True, required=False)


def pandera_schema(table: Table, checks: Iterable[pandera.Check] = ()) -> pandera.DataFrameSchema:
    """The Pandera schema of a table: the contract's columns, and checks on whole rows."""
    columns = {column.name: pandera_column(column) for column in table.columns}
    return pandera.DataFrameSchema(columns, list(checks), name=table.name, strict=True)


@dataclass(frozen=True)
class Failure:
    """A rule that lazy validation found broken: in a column (None: a rule on rows), in which rows."""

    rule: str
    column: str | None
    text: str
    rows: list[int]


def failures(schema: pandera.DataFrameSchema, frame: pd.DataFrame) -> Iterator[Failure]:
    """Lazy validation's findings, whole; the frame's index is 0, 1, 2...

    A rule on rows whose check raised an error has no rows here: the caller runs it again to see it.
    """
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            yield failure(error)


def failure(error: SchemaError) -> Failure:
    """One finding; the error keeps the check's whole output, so no cell is lost or repeated."""
    column = error.schema.name if isinstance(error.schema, pandera.Column) else None
    output = error.check_output
    if not isinstance(error.check, pandera.Check) or (column is not None and output is None):
        raise error  # not the data's fault: a check that cannot be applied to its column
    rows = [] if output is None else list(output.index[~output.astype(bool)])
    return Failure(str(error.check.name), column, str(error.check.error), rows)
