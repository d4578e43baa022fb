"""What is wrong with a descriptor: departures from schemas/profile.json, and what a profile cannot state.

That are names that stand twice, keys that lead nowhere, constraints that do not apply to their column.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from schemas.contract import Column, Table
from schemas.formats import spelled, typed
from schemas.pandera_schemas import column_tests, whole

MOST = 1000  # departures that are reported; a descriptor with more of them is not one of this package
# jsonschema knows date-time only beside a package that reads it, and is silent without.
FORMATS = FormatChecker(formats=())
ENTRIES = ("name", "path")  # of which no two tables have the same
TEXT = {"required", "unique", "enum", "pattern", "minLength", "maxLength"}
CATEGORISED = ("string", "integer")
BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
APPLIES = {
    "string": TEXT,
    "date": TEXT | BOUNDS,
    "boolean": {"required", "enum"},
    **dict.fromkeys(("integer", "number", "year"), {"required", "unique", "enum"} | BOUNDS),
}

JsonPath = tuple[str | int, ...]
Claim = tuple[JsonPath, str, str | None, str | None]  # where, the broken rule, the value, the message


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value: object) -> bool:
    """Whether a text is a moment of the calendar; what is no text is another rule's business."""
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


def unique_items(validator: Any, wanted: bool, items: Any, schema: Any) -> Iterator[ValidationError]:
    """The keyword uniqueItems in linear time; jsonschema compares each object with each."""
    written = [json.dumps(item, sort_keys=True) for item in items] if isinstance(items, list) else []
    if wanted and len(set(written)) < len(written):
        yield ValidationError("an item stands in the list twice")


@cache
def profile() -> Validator:
    """The validator of schemas/profile.json."""
    path = Path(__file__).parents[2] / "schemas" / "profile.json"
    linear: type[Validator] = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"uniqueItems": unique_items}
    )
    return linear(json.loads(path.read_text(encoding="utf-8")), format_checker=FORMATS)


def departures(descriptor: Any) -> Iterator[tuple[JsonPath, str, str | None, str]]:
    """Where a descriptor departs from the profile: path, keyword, value if it is plain, and what is wrong.

    No more than MOST are looked for.
    """
    for error in islice(profile().iter_errors(descriptor), MOST):
        value = str(error.instance) if isinstance(error.instance, str | int | float) else None
        around = dotted(tuple(error.absolute_path)) or "the descriptor"
        for where in places(error):
            yield where, str(error.validator), value, f"{around}: {sentence(error)}"


def places(error: ValidationError) -> list[JsonPath]:
    """Where a descriptor departs: of entries that are missing or not known, their own places."""
    where = tuple(error.absolute_path)
    names: list[str] = []
    if error.validator == "required":
        names = re.findall("'(.*)' is a required", error.message)
    if error.validator == "additionalProperties":
        failed: Any = error
        names = sorted(set(failed.instance) - set(failed.schema["properties"]))
    return [(*where, name) for name in names] or [where]


def dotted(where: JsonPath) -> str | None:
    """A path as a person writes it: resources.2.schema."""
    return ".".join(map(str, where)) or None


def sentence(error: ValidationError) -> str:
    """The validator's sentence, cut where it would print a whole resource; a form in words if it has some."""
    wanted = error.schema.get("description") if isinstance(error.schema, dict) else None
    if wanted and error.validator in ("pattern", "format"):
        return f"{error.instance!r} is not {wanted}"
    return error.message if len(error.message) < 300 else f"breaks the rule {error.validator!r}"


def table_claims(tables: dict[int, Table], resources: list[Any]) -> Iterator[Claim]:
    """What is wrong with the sound ones of the resources, as tables by their index."""
    yield from name_claims(tables)
    yield from key_claims(tables, resources)
    for index, table in tables.items():
        for j, column in enumerate(table.columns):
            here: JsonPath = ("resources", index, "schema", "fields", j)
            for entry, value, message in [*limit_claims(column)] or [*example_claims(column)]:
                yield (*here, *entry), "descriptor-constraint", value, message


def name_claims(tables: dict[int, Table]) -> Iterator[Claim]:
    """Tables, paths and columns that are called the same."""
    seen: set[tuple[int | None, str, str]] = set()
    for index, table in tables.items():
        here: JsonPath = ("resources", index)
        names = [((*here, entry), f"two tables have the {entry}", getattr(table, entry)) for entry in ENTRIES]
        for j, name in enumerate(table.column_names):
            names.append(((*here, "schema", "fields", j, "name"), f"{table.name} has two columns", name))
        for where, message, name in names:
            claimed = (index if "fields" in where else None, message, name)
            if claimed in seen:
                yield where, "descriptor-name-twice", name, f"{message} {name}"
            seen.add(claimed)


def key_claims(tables: dict[int, Table], resources: list[Any]) -> Iterator[Claim]:
    """Keys that name what is not there, or their own table, where Table Schema wants no name."""
    by_name = {table.name: table for table in tables.values()}
    for index, table in tables.items():
        here: JsonPath = ("resources", index, "schema")
        own: list[tuple[JsonPath, tuple[str, ...]]] = [(("primaryKey",), table.primary_key)]
        own += [(("uniqueKeys", j), key) for j, key in enumerate(table.unique_keys)]
        own += [(("foreignKeys", j, "fields"), key.columns) for j, key in enumerate(table.foreign_keys)]
        for entry, names in own:
            for name in sorted(set(names) - set(table.column_names)):
                yield (*here, *entry), "descriptor-key", name, f"{table.name} has no column {name}"
        for j, key in enumerate(table.foreign_keys):
            where = (*here, "foreignKeys", j, "reference")
            target, columns = by_name.get(key.table), ", ".join(key.references)
            said = resources[index]["schema"]["foreignKeys"][j]["reference"].get("resource")
            if key.table not in named(resources, "name"):
                yield (*where, "resource"), "descriptor-key", key.table, f"there is no table {key.table}"
            elif target is not None and (  # else it is there but broken, which has been said
                key.references != target.primary_key or len(key.columns) != len(key.references)
            ):
                message = f"{columns} is not the primary key of {key.table}"
                yield (*where, "fields"), "descriptor-key", columns, message
            if said == table.name:
                message = f"{said} names itself; a key to its own table names none"
                yield (*where, "resource"), "descriptor-key", said, message


def limit_claims(column: Column) -> Iterator[tuple[JsonPath, str, str]]:
    """The entries of a column that do not apply to its type: where, the value, and what is wrong."""
    limits = column.constraints
    values: list[tuple[JsonPath, Any]] = [(("constraints", k), v) for k, v in limits.items() if "imum" in k]
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
    for limit in sorted(set(limits) - APPLIES[column.type]):
        yield ("constraints", limit), limit, f"{limit} does not apply to a column of type {column.type}"
    if "pattern" in limits and not compiles(limits["pattern"]):
        message = f"the pattern of {column.name} is not a regular expression that RE2 reads"
        yield ("constraints", "pattern"), limits["pattern"], message


def example_claims(column: Column) -> Iterator[tuple[JsonPath, str, str]]:
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


def entries(descriptor: dict[str, Any]) -> list[Any]:
    """What the descriptor lists, whatever it is."""
    listed = descriptor.get("resources")
    return listed if isinstance(listed, list) else []


def named(resources: list[Any], entry: str) -> set[str]:
    """The names or paths of all resources, whatever else is wrong with them."""
    return {str(resource.get(entry)) for resource in resources if isinstance(resource, dict)}
