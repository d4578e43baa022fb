"""The contract's columns as Pandera schemas.

Our own mapping: pandera's `from_frictionless_schema` drops dates, keys, categories and bounds.
Checks run on typed columns (schemas/types.py), one vectorised function each, named by its rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
from pandera.errors import SchemaError, SchemaErrors

from schemas.contract import Column, Table
from schemas.problems import Kind, kind
from schemas.types import FRAME_TYPES, mask

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


Test = tuple[Kind, Callable[[Series], Series]]


def column_tests(column: Column) -> Iterator[Test]:
    """What the contract says of a column: the rule, and a function that is true where it is kept."""
    limits = column.constraints
    if column.required:
        yield REQUIRED, lambda cells: cells.notna()
    if column.categories:
        yield CATEGORY, lambda cells: cells.isin(list(column.categories))
    if "enum" in limits:
        yield ENUM, lambda cells: cells.isin(limits["enum"])
    if "pattern" in limits:
        yield PATTERN, lambda cells: matches(cells, rf"\A(?:{limits['pattern']})\z")
    if column.format == "uri":
        yield URI, lambda cells: matches(cells, URI_FORM)
    if "minimum" in limits:
        yield MINIMUM, lambda cells: cells >= bound(limits["minimum"], column)
    if "exclusiveMinimum" in limits:
        yield MINIMUM, lambda cells: cells > bound(limits["exclusiveMinimum"], column)
    if "maximum" in limits:
        yield MAXIMUM, lambda cells: cells <= bound(limits["maximum"], column)
    if "exclusiveMaximum" in limits:
        yield MAXIMUM, lambda cells: cells < bound(limits["exclusiveMaximum"], column)
    if "minLength" in limits:
        yield LENGTH, lambda cells: cells.str.len() >= limits["minLength"]
    if "maxLength" in limits:
        yield LENGTH, lambda cells: cells.str.len() <= limits["maxLength"]
    if limits.get("unique"):
        yield UNIQUE, lambda cells: ~cells.duplicated()


def pandera_column(column: Column) -> pandera.Column:
    """A Pandera column; emptiness is a check of its own, so that all problems look alike."""
    checks = [
        pandera.Check(test, name=sort.rule, error=sort.sentence, ignore_na=sort is not REQUIRED)
        for sort, test in column_tests(column)
    ]
    return pandera.Column(FRAME_TYPES[column.type][1], checks, nullable=True, required=False)


def pandera_schema(table: Table, checks: Iterable[pandera.Check] = ()) -> pandera.DataFrameSchema:
    """The Pandera schema of a table: the contract's columns, and checks on whole rows."""
    columns = {column.name: pandera_column(column) for column in table.columns}
    return pandera.DataFrameSchema(columns, list(checks), name=table.name, strict=True)


def failures(
    schema: pandera.DataFrameSchema, frame: pd.DataFrame
) -> Iterator[tuple[str, str | None, list[int] | None]]:
    """Lazy validation's findings: rule, column (None for a rule on rows), positions of broken rows.

    The positions are None where the check itself raised an error. The frame's index is 0, 1, 2...
    """
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            yield failure(error)


def failure(error: SchemaError) -> tuple[str, str | None, list[int] | None]:
    """One finding; the error keeps the check's whole output, so no cell is lost or repeated."""
    if not isinstance(error.check, pandera.Check):
        raise error  # the frame has not the shape that this program gave it
    column = error.schema.name if isinstance(error.schema, pandera.Column) else None
    output = error.check_output
    broken = None if output is None else list(output.index[~output.astype(bool)])
    return str(error.check.name), column, broken
