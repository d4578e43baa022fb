"""The contract as Pandera schemas: the columns of a table, and the rules that need that table alone.

A schema is of use by itself, for example in a notebook that runs in the root of a checkout:

>>> import pandas as pd
>>> from schemas.pandera_schemas import frame_types, schema
>>> pairs = pd.read_csv("data/pairs.csv", dtype=frame_types("pairs"), keep_default_na=False, na_values=[""])
>>> valid = schema("pairs").validate(pairs, lazy=True)

`validate` raises pandera's SchemaErrors, whose `failure_cases` name each broken rule and its rows:

>>> pairs.loc[0, "tie_kind"] = "twins"
>>> try:
...     schema("pairs").validate(pairs, lazy=True)
... except pandera.errors.SchemaErrors as errors:
...     print(errors.failure_cases[["column", "check", "failure_case", "index"]].to_string(index=False))
  column    check failure_case  index
tie_kind category        twins      0

`make validate` validates by these schemas, and checks besides what needs the text of the files or another
table: spelling, keys, and the other rules. Our own mapping, because pandera's `from_frictionless_schema`
drops dates, keys, categories and bounds.
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from textwrap import shorten
from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrors

from schemas.contract import Column, Table, package_of
from schemas.formats import FRAME_TYPES, mask
from schemas.rules import RULES, Broken, Rule

Series = pd.Series
SHIPPED = Path(__file__).resolve().parents[1] / "datapackage.json"
MESSAGES = "messages"
# Of each bound the rule, what a broken cell is, and how the bound compares with a right one.
BOUNDS: dict[str, tuple[str, str, Callable[[Any, Any], Any]]] = {
    "minimum": ("minimum", "below {}", operator.le),
    "exclusiveMinimum": ("minimum", "not above {}", operator.lt),
    "maximum": ("maximum", "above {}", operator.ge),
    "exclusiveMaximum": ("maximum", "not below {}", operator.gt),
    "minLength": ("length", "shorter than {} characters", lambda least, cells: least <= cells.str.len()),
    "maxLength": ("length", "longer than {} characters", lambda most, cells: most >= cells.str.len()),
}

# RFC 3986, appendix A, without user names, numbers for hosts, and full stops after them.
PCHAR = r"[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}"
HOST = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?::[0-9]+)?"
URI_FORM = rf"\A[A-Za-z][A-Za-z0-9+.-]*://{HOST}(?:/(?:{PCHAR}|/)*)?(?:\?(?:{PCHAR}|[/?])*)?(?:#(?:{PCHAR}|[/?])*)?\z"


def matches(series: Series, form: str) -> Series:
    """Whether each cell matches a regular expression of RE2 (linear in the text)."""
    matching = pc.match_substring_regex(pa.chunked_array(pa.array(series, pa.string())), form)
    return pd.Series(mask(matching), index=series.index)


def whole(pattern: str) -> str:
    """A pattern of the contract as a regular expression of RE2 that whole cells match."""
    return rf"\A(?:{pattern})\z"


def listed(values: Iterable[Any]) -> str:
    """Values in a sentence, no more of them than one reads."""
    return shorten(", ".join(map(str, values)), 500, placeholder=" ...")


def bound(value: Any, column: Column) -> Any:
    """A bound of the contract in the type of its column; dates compare as ISO text."""
    if column.type in ("date", "string"):
        return str(value)
    return float(value) if column.type == "number" else int(value)


Test = tuple[str, str, Callable[[Series], Series]]  # rule, what a broken cell is, true where kept


def column_tests(column: Column) -> Iterator[Test]:
    """What the contract says of a column, each as a function of its cells."""
    limits = column.constraints
    if column.required:
        yield "required", "empty", lambda cells: cells.notna()
    if column.categories:
        allowed = [bound(value, column) for value in column.categories]
        yield "category", f"none of {listed(column.categories)}", lambda cells: cells.isin(allowed)
    if "enum" in limits:
        yield "enum", f"none of {listed(limits['enum'])}", lambda cells: cells.isin(limits["enum"])
    if "pattern" in limits:
        form = whole(limits["pattern"])
        yield "pattern", f"not of the form of {column.name}", lambda cells: matches(cells, form)
    if column.format == "uri":
        yield "uri", "no address as RFC 3986 spells it", lambda cells: matches(cells, URI_FORM)
    if limits.get("unique"):
        yield "unique", f"another row's {column.name} too", lambda cells: ~cells.duplicated()
    for limit, (rule, text, keeps) in BOUNDS.items():
        if limit in limits:
            value = int(limits[limit]) if rule == "length" else bound(limits[limit], column)
            yield rule, text.format(value), partial(keeps, value)


def pandera_column(column: Column) -> pandera.Column:
    """A Pandera column; emptiness is a check of its own, so that all problems look alike."""
    checks = [
        pandera.Check(test, name=rule, title=text, ignore_na=rule != "required")
        for rule, text, test in column_tests(column)
    ]
    return pandera.Column(FRAME_TYPES[column.type][1], checks, nullable=True)


def rule_check(rule: Rule, table: Table, last_day: str) -> pandera.Check:
    """A rule as a check on whole rows; attribute MESSAGES of its result has what `Rule.broken` found."""

    def holds(rows: pd.DataFrame) -> pd.Series:
        broken = rule.broken(rows, {"table": table, "last_day": last_day})
        result = pd.Series(True, index=rows.index)
        for messages in broken.values():
            result[list(messages)] = False
        result.attrs[MESSAGES] = broken
        return result

    return pandera.Check(holds, name=rule.kind.rule, description=rule.kind.sentence, ignore_na=False)


def pandera_schema(table: Table, rules: Iterable[Rule], last_day: str) -> pandera.DataFrameSchema:
    """The Pandera schema of a table with the rules on it alone; a frame may have no other columns."""
    columns = {column.name: pandera_column(column) for column in table.columns}
    checks = [rule_check(rule, table, last_day) for rule in rules if rule.judges(table) and rule.alone]
    return pandera.DataFrameSchema(columns, checks, name=table.name, strict=True)


def schema(name: str, descriptor: Path = SHIPPED) -> pandera.DataFrameSchema:
    """The Pandera schema of the table of that name; KeyError where the package has no such table."""
    package = package_of(descriptor)
    return pandera_schema(package.table(name), RULES, package.last_day)


def frame_types(name: str, descriptor: Path = SHIPPED) -> dict[str, Any]:
    """The pandas type of each column of a table, as `pandas.read_csv` takes them; dates are ISO 8601 text."""
    return {column.name: FRAME_TYPES[column.type][1] for column in package_of(descriptor).table(name).columns}


@dataclass(frozen=True)
class Failure:
    """A check that failed: of which rule, in which column (None: a rule on rows), and in which rows.

    `broken` has the messages of the broken rows for each column, `error` what the check raised, if it did.
    """

    rule: str
    column: str | None
    broken: Broken
    error: str | None = None


def failures(table_schema: pandera.DataFrameSchema, frame: pd.DataFrame) -> Iterator[Failure]:
    """What lazy validation finds, every row of it; each check is applied once."""
    try:
        # The types of our own frames are known, and pandera is slow to see them.
        with config_context(validation_depth=ValidationDepth.DATA_ONLY):
            table_schema.validate(frame, lazy=True, inplace=True)
    except SchemaErrors as errors:
        yield from map(failure, errors.schema_errors)


def failure(error: SchemaError) -> Failure:
    """One finding; the error keeps the check's whole result, so no cell is lost or repeated."""
    if not isinstance(error.check, pandera.Check):
        raise error  # no check of ours: a column of another type, or one that is not there
    rule, column = str(error.check.name), getattr(error.schema, "name", None)
    if error.check_output is None:
        return Failure(rule, None, {}, str(error.failure_cases))
    if isinstance(error.schema, pandera.Column):
        rows = error.check_output.index[~error.check_output.astype(bool)]
        return Failure(rule, column, {str(column): dict.fromkeys(rows, str(error.check.title))})
    return Failure(rule, None, error.check_output.attrs[MESSAGES])
