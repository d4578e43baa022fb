"""Whether what the contract says of a column can be applied to it, and whether its example keeps it."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Column
from schemas.formats import spelled, typed
from schemas.pandera_schemas import column_tests, whole
from scripts.checking.positions import Path

TEXT = {"required", "unique", "enum", "pattern", "minLength", "maxLength"}
CATEGORISED = ("string", "integer")
BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
APPLIES = {
    "string": TEXT,
    "date": TEXT | BOUNDS,
    "boolean": {"required", "enum"},
    **dict.fromkeys(("integer", "number", "year"), {"required", "unique", "enum"} | BOUNDS),
}


def limit_claims(column: Column) -> Iterator[tuple[Path, str, str]]:
    """The entries of a column that do not apply to its type: where, the value, and what is wrong."""
    limits = column.constraints
    values: list[tuple[Path, Any]] = [(("constraints", k), v) for k, v in limits.items() if "imum" in k]
    values += [(("constraints", "enum", k), v) for k, v in enumerate(limits.get("enum", []))]
    if column.type in CATEGORISED:
        values += [(("categories", k, "value"), v) for k, v in enumerate(column.categories)]
    elif column.categories:
        yield ("categories",), column.name, f"categories do not apply to a column of type {column.type}"
    if column.format == "uri" and column.type != "string":
        yield ("format",), column.format, f"uri does not apply to a column of type {column.type}"
    for entry, value in values:
        text = value if isinstance(value, str) else json.dumps(value)
        if not spelled(column.type, text) or (column.type == "string" and text is not value):
            yield entry, text, f"{text!r} is no {column.type}, the type of {column.name}"
    for limit in set(limits) - APPLIES[column.type]:
        yield ("constraints", limit), limit, f"{limit} does not apply to a column of type {column.type}"
    pattern = limits.get("pattern")
    if pattern is not None and not compiles(pattern):
        message = f"the pattern of {column.name} is not a regular expression that RE2 reads"
        yield ("constraints", "pattern"), pattern, message


def example_claims(column: Column) -> Iterator[tuple[Path, str, str]]:
    """What is wrong with the example of a column: it is no value of its type, or one that is refused."""
    text = column.example
    if not text:
        return  # missing: the profile asks for it
    if not spelled(column.type, text):
        yield ("example",), text, f"the example {text!r} is no {column.type}, the type of {column.name}"
        return
    cells = typed(pa.chunked_array([[text]]), column.type, np.zeros(1, dtype=bool))
    for _, reason, test in column_tests(column):
        if not test(cells).all():
            yield ("example",), text, f"the example {text!r} is {reason}"


def compiles(pattern: str) -> bool:
    """Whether RE2, which matches in linear time, accepts the pattern, alone and as the form of a cell."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
        pc.match_substring_regex(pa.array([""]), whole(pattern))
    except pa.ArrowInvalid:
        return False
    return True
