"""The descriptor read and checked: the Data Package v2 profile, keys that exist, files that lie in place."""

import json
import os
import stat
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Column, Package, Table, table_of
from schemas.formats import spelled, typed
from schemas.pandera_schemas import column_tests, whole
from schemas.problems import CannotRunError, Kind, Problem, kind
from scripts.checking.positions import DuplicateNameError, lines_of
from scripts.checking.positions import Path as JsonPath
from scripts.checking.profile import MOST, departures, dotted

PROFILE = kind(
    "descriptor-profile",
    "The descriptor follows the Data Package v2 profile and this package's own narrowing of it.",
    "Compare with the same entry of another table in datapackage.json; schemas/profile.json is the rule.",
)
NAME_TWICE = kind(
    "descriptor-name-twice",
    "No two tables, paths, columns or JSON names of one object are called the same.",
    "Rename one of them, or remove it.",
)
KEY = kind(
    "descriptor-key",
    "Primary, unique and foreign keys name columns and tables that exist.",
    "Name a column of the table, and of the referenced table its primary key; name no table for the own one.",
)
CONSTRAINT = kind(
    "descriptor-constraint",
    "A constraint can be applied: patterns compile; bounds, categories and examples suit the column.",
    "Write bounds and examples as values of the column's type, the pattern as a regular expression for RE2.",
)
FILE_MISSING = kind(
    "file-missing",
    "Every table that the descriptor lists has its file.",
    "Add the file, or remove the table.",
)
FILE_UNLISTED = kind(
    "file-unlisted",
    "Every CSV file in data/, and in derived/ of a release, is listed in the descriptor.",
    "Describe it as a resource in datapackage.json, or remove it.",
)
FILE_KIND = kind(
    "file-not-regular",
    "A table is a regular, readable file inside the package, of at most a gigabyte.",
    "Put the CSV file itself there, readable: no directory, pipe, device or link that leads out.",
)
LARGEST = 10**9  # bytes of one file

TEXT = {"required", "unique", "enum", "pattern", "minLength", "maxLength"}
CATEGORISED = ("string", "integer")
WORDS = {"title", "description", "example", "label"}  # what a table can be read without
BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
APPLIES = {
    "string": TEXT,
    "date": TEXT | BOUNDS,
    "boolean": {"required", "enum"},
    **dict.fromkeys(("integer", "number", "year"), {"required", "unique", "enum"} | BOUNDS),
}

Claim = tuple[JsonPath, Kind, str | None, str]  # where, its kind, the value, the message


def read_descriptor(path: Path) -> tuple[Package, list[Problem]]:
    """The package at `path` with those tables that can be checked, and the descriptor's problems.

    Raises CannotRunError where there is no file that holds JSON.
    """
    text = text_of(path)
    folder, file = path.parent, path.name
    try:
        lines, found = judged(text)
        descriptor = json.loads(text)
    except DuplicateNameError as error:
        return Package(folder, file, {}, ()), [NAME_TWICE.at(file, error.line, None, error.name)]
    except (ValueError, RecursionError) as error:
        raise CannotRunError(f"{path} is not JSON: {error}") from None
    problems = [
        kind.at(file, line_of(lines, where), dotted(where), value, message)
        for where, kind, value, message in found
    ]
    departing = [where for where, kind, *_ in found if kind is PROFILE]
    if not isinstance(descriptor, dict) or len(departing) > MOST:
        return Package(folder, file, {}, ()), problems
    resources = resources_of(descriptor)
    sound = sound_tables(resources, departing)
    files = list(file_problems(folder, file, sound, named(resources, "path"), lines))
    broken = broken_indexes(where for where, *_ in found) | {i for i, _ in files if i is not None}
    tables = tuple(table for index, table in sound.items() if index not in broken)
    return Package(folder, file, descriptor, tables), problems + [problem for _, problem in files]


@lru_cache(maxsize=8)  # one command asks more than once, and the contract seldom changes
def judged(text: str) -> tuple[dict[JsonPath, int], list[Claim]]:
    """The line of each value in the text of a descriptor, and what is wrong with it wherever it lies.

    Raises ValueError or RecursionError where it is not JSON, DuplicateNameError where a name stands twice.
    """
    descriptor = json.loads(text)
    json.dumps(descriptor, ensure_ascii=False).encode()  # refuses half a surrogate pair, which JSON admits
    lines = lines_of(text)
    found: list[Claim] = [
        (where, PROFILE, value, message) for where, value, message in departures(descriptor)
    ]
    if len(found) == MOST:
        message = f"the descriptor departs in {MOST} places or more, so that nothing else was checked"
        return lines, [*found, ((), PROFILE, None, message)]
    if isinstance(descriptor, dict):
        resources = resources_of(descriptor)
        sound = sound_tables(resources, [where for where, *_ in found])
        found += name_problems(sound)
        found += key_problems(sound, named(resources, "name"))
        found += self_references(resources, sound)
        found += constraint_problems(sound)
    return lines, found


def resources_of(descriptor: dict[str, Any]) -> list[Any]:
    """What the descriptor lists, whatever it is."""
    listed = descriptor.get("resources")
    return listed if isinstance(listed, list) else []


def text_of(path: Path) -> str:
    """The text of the descriptor file; CannotRunError where it cannot be had."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > LARGEST:
            raise CannotRunError(f"{path} is not a file of at most {LARGEST:,} bytes")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CannotRunError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise CannotRunError(f"{path} is not JSON: not UTF-8 at byte {error.start}") from None
    except (OSError, ValueError) as error:
        raise CannotRunError(f"{path} cannot be read: {error}") from None


def line_of(lines: dict[JsonPath, int], where: JsonPath) -> int:
    """The line of the value at `where`, or of the nearest value around it."""
    while where not in lines:
        where = where[:-1]
    return lines[where]


def broken_indexes(places: Iterable[JsonPath]) -> set[int]:
    """The indexes of the resources that cannot be read: more than a word of them is wrong."""
    return {
        where[1]
        for where in places
        if len(where) > 1 and where[0] == "resources" and isinstance(where[1], int) and where[-1] not in WORDS
    }


def sound_tables(resources: list[Any], departing: Iterable[JsonPath]) -> dict[int, Table]:
    """Those resources that satisfy the profile, as tables by their index."""
    broken = broken_indexes(departing)
    return {i: table_of(r) for i, r in enumerate(resources) if i not in broken}


def name_problems(tables: dict[int, Table]) -> Iterator[Claim]:
    """Tables, paths and columns that are called the same."""
    seen: set[str] = set()
    for index, table in tables.items():
        here: JsonPath = ("resources", index)
        for entry, value in (("name", table.name), ("path", table.path)):
            if f"{entry}:{value}" in seen:
                message = f"two tables have the {entry} {value}"
                yield (*here, entry), NAME_TWICE, value, message
            seen.add(f"{entry}:{value}")
        before: set[str] = set()
        for j, name in enumerate(table.column_names):
            if name in before:
                where = (*here, "schema", "fields", j, "name")
                yield where, NAME_TWICE, name, f"{table.name} has two columns {name}"
            before.add(name)


def key_problems(tables: dict[int, Table], listed: set[str]) -> Iterator[Claim]:
    """Keys that name what is not there; `listed` are the names of all tables, sound or not."""
    by_name = {table.name: table for table in tables.values()}
    for index, table in tables.items():
        here: JsonPath = ("resources", index, "schema")
        own: list[tuple[JsonPath, tuple[str, ...]]] = [(("primaryKey",), table.primary_key)]
        own += [(("uniqueKeys", j), key) for j, key in enumerate(table.unique_keys)]
        own += [(("foreignKeys", j, "fields"), key.columns) for j, key in enumerate(table.foreign_keys)]
        for entry, names in own:
            for name in set(names) - set(table.column_names):
                yield (*here, *entry), KEY, name, f"{table.name} has no column {name}"
        for j, key in enumerate(table.foreign_keys):
            where = (*here, "foreignKeys", j)
            target = by_name.get(key.table)
            if key.table not in listed:
                yield (*where, "reference", "resource"), KEY, key.table, f"there is no table {key.table}"
            elif target is None:
                continue  # the table is there but broken, which has been said
            elif key.references != target.primary_key or len(key.columns) != len(key.references):
                columns = ", ".join(key.references)
                message = f"{columns} is not the primary key of {key.table}"
                yield (*where, "reference", "fields"), KEY, columns, message


def self_references(resources: list[Any], tables: dict[int, Table]) -> Iterator[Claim]:
    """Foreign keys that name their own table, where Table Schema wants no name."""
    for index, table in tables.items():
        for j, key in enumerate(resources[index]["schema"].get("foreignKeys", [])):
            if key["reference"].get("resource") == table.name:
                where = ("resources", index, "schema", "foreignKeys", j, "reference", "resource")
                yield where, KEY, table.name, f"{table.name} names itself; a key to its own table names none"


def constraint_problems(tables: dict[int, Table]) -> Iterator[Claim]:
    """Constraints that cannot be applied to their column, and examples that break them."""
    for index, table in tables.items():
        for j, column in enumerate(table.columns):
            here: JsonPath = ("resources", index, "schema", "fields", j)
            claims = list(limit_claims(column)) or list(example_claims(column))
            yield from (((*here, *entry), CONSTRAINT, value, message) for entry, value, message in claims)


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
    for limit in set(limits) - APPLIES[column.type]:
        yield ("constraints", limit), limit, f"{limit} does not apply to a column of type {column.type}"
    pattern = limits.get("pattern")
    if pattern is not None and not compiles(pattern):
        message = f"the pattern of {column.name} is not a regular expression that RE2 reads"
        yield ("constraints", "pattern"), pattern, message


def example_claims(column: Column) -> Iterator[tuple[JsonPath, str, str]]:
    """What is wrong with the example of a column: it is no value of its type, or one that is refused."""
    text = column.example
    if not spelled(column.type, text):
        yield ("example",), text, f"the example {text!r} is no {column.type}, the type of {column.name}"
        return
    cells = typed(pa.chunked_array([[text]]), column.type, np.zeros(1, dtype=bool))
    for _, told, test in column_tests(column):
        if not test(cells).all():
            yield ("example",), text, f"the example {text!r} is {told}"


def compiles(pattern: str) -> bool:
    """Whether RE2, which matches in linear time, accepts the pattern, alone and as the form of a cell."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
        pc.match_substring_regex(pa.array([""]), whole(pattern))
    except pa.ArrowInvalid:
        return False
    return True


def file_problems(
    folder: Path, file: str, tables: dict[int, Table], listed: set[str], lines: dict[JsonPath, int]
) -> Iterator[tuple[int | None, Problem]]:
    """Files that are missing, not files, or not listed; with the index of the table that lacks one."""
    root = folder.resolve()
    for index, table in tables.items():
        line = line_of(lines, ("resources", index, "path"))
        path = folder / table.path
        if not os.path.lexists(path):
            message = f"{table.path} is listed but there is no such file"
            yield index, FILE_MISSING.at(file, line, None, table.path, message)
        elif not usable(path, root):
            message = (
                f"{table.path} is not a readable regular file of at most {LARGEST:,} bytes in the package"
            )
            yield index, FILE_KIND.at(file, line, None, table.path, message)
    for path in sorted([*folder.glob("data/**/*"), *folder.glob("derived/**/*")]):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() == ".csv" and name not in listed:
            yield None, FILE_UNLISTED.at(name, None, None, None, f"{name} is not in the descriptor")


def named(resources: list[Any], entry: str) -> set[str]:
    """The names or paths of all resources, whatever else is wrong with them."""
    return {str(resource.get(entry)) for resource in resources if isinstance(resource, dict)}


def usable(path: Path, root: Path) -> bool:
    """Whether a path leads to a regular file within the root that may be read."""
    try:
        real = path.resolve(strict=True)
        inside, found = real.is_relative_to(root), real.stat()
        return (
            inside and stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST and os.access(real, os.R_OK)
        )
    except (OSError, RuntimeError):
        return False
