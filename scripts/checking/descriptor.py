"""The descriptor read and checked: the Data Package v2 profile, keys that exist, files that lie in place."""

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

from schemas.contract import Package, Table, table_of
from schemas.problems import CannotRunError, Problem
from scripts.checking.constraints import example_claims, limit_claims
from scripts.checking.on_disk import text_of, unlisted, unusable
from scripts.checking.positions import DuplicateNameError, lines_of
from scripts.checking.positions import Path as JsonPath
from scripts.checking.profile import MOST, departures, dotted

ENTRIES = ("name", "path")  # of which no two tables have the same
# What a table cannot be read without; whatever else an entry has can be left out, and the rest is read.
NEEDED = {"name", "path", "type", "format", "schema", "fields", "primaryKey", "missingValues", "encoding"}
BY_DEFAULT = {"type", "format", "primaryKey", "missingValues", "encoding"}  # read so, where absent
READ_OTHERWISE = {"data", "compression", "extrapaths", "innerpath", "layout", "header", "delimiter"}
READ_OTHERWISE |= {"bareNumber", "decimalChar", "groupChar", "trueValues", "falseValues", "fieldsMatch"}
MISPLACED = {"missingValues", "fields", "required"}  # of a schema or of constraints, where nobody reads them
LEFT_OUT = ("constraints", "categories", "foreignKeys", "uniqueKeys")

Claim = tuple[JsonPath, str, str | None, str]  # where, the broken rule, the value, the message


def read_descriptor(path: Path, general: bool = False) -> tuple[Package, list[Problem]]:
    """The package at `path` with those tables that can be checked, and the descriptor's problems.

    In `general` what only this package asks of its descriptor is no problem.
    Raises CannotRunError or OSError where no JSON can be read.
    """
    text, folder, file = text_of(path), path.parent, path.name
    try:
        lines, claims, sound = judged(text, general)
        descriptor = json.loads(text)
    except DuplicateNameError as error:
        return Package(folder, file, {}, ()), [
            Problem.of("descriptor-name-twice", file, error.line, None, error.name)
        ]
    except (ValueError, RecursionError) as error:
        raise CannotRunError(f"{path} is not JSON: {error}") from None
    problems = [
        Problem.of(rule, file, line_of(lines, where), dotted(where), value, message)
        for where, rule, value, message in claims
    ]
    if sound is None:
        return Package(folder, file, {}, ()), problems
    wrong = {index: reason for index, table in sound.items() if (reason := unusable(folder, table))}
    for index, (rule, message) in wrong.items():
        line = line_of(lines, ("resources", index, "path"))
        problems.append(Problem.of(rule, file, line, None, sound[index].path, message))
    problems += unlisted(folder, named(resources_of(descriptor), "path"))
    tables = tuple(table for index, table in sound.items() if index not in wrong)
    return Package(folder, file, descriptor, tables), problems


@lru_cache(maxsize=8)  # one command asks more than once, and the contract seldom changes
def judged(text: str, general: bool) -> tuple[dict[JsonPath, int], list[Claim], dict[int, Table] | None]:
    """The line of each value in a descriptor, what is wrong with it wherever it lies, and its sound tables.

    Raises ValueError or RecursionError where it is not JSON, DuplicateNameError where a name stands twice.
    """
    descriptor = json.loads(text)
    json.dumps(descriptor, ensure_ascii=False).encode()  # refuses half a surrogate pair, which JSON admits
    lines = lines_of(text)
    claims: list[Claim] = [
        (where, "descriptor-profile", value, message)
        for where, keyword, value, message in departures(descriptor)
        if not (general and asked_by_us_alone(where, keyword, descriptor))
    ]
    if len(claims) == MOST:
        message = f"the descriptor departs in {MOST} places or more, so that nothing else was checked"
        claims.append(((), "descriptor-profile", None, message))
    if len(claims) > MOST or not isinstance(descriptor, dict):
        return lines, claims, None
    tables = sound_tables(descriptor, claims)
    claims += [*name_claims(tables), *key_claims(tables, resources_of(descriptor))]
    claims += constraint_claims(tables)
    return lines, claims, sound_tables(descriptor, claims)


def asked_by_us_alone(where: JsonPath, keyword: str, descriptor: Any) -> bool:
    """Whether a departure from our profile keeps nobody from reading the table as we do."""
    if where[:1] != ("resources",) or len(where) < 3:
        known = {"resources", *MISPLACED}
        return bool(where) and where[0] not in known and keyword not in ("type", "format")
    around: Any = reduce(lambda node, entry: node[entry], where[:-1], descriptor)
    name, there = where[-1], isinstance(around, list) or where[-1] in around
    value = around[name] if there else None
    if set(LEFT_OUT).intersection(where) or not isinstance(name, str):
        return isinstance(value, str) and ("categories" in where or name in ("resource", "fields"))
    if not there:
        return name not in NEEDED - BY_DEFAULT
    if name == "path":
        return isinstance(value, str) and value.endswith(".csv") and "://" not in value
    if name == "encoding":
        return str(value).lower() in ("utf-8", "utf8")
    if name in ("name", "primaryKey", "title", "description"):
        return isinstance(value, str)
    return name not in NEEDED | READ_OTHERWISE | MISPLACED and "dialect" not in where


def resources_of(descriptor: dict[str, Any]) -> list[Any]:
    """What the descriptor lists, whatever it is."""
    listed = descriptor.get("resources")
    return listed if isinstance(listed, list) else []


def line_of(lines: dict[JsonPath, int], where: JsonPath) -> int:
    """The line of the value at `where`, or of the nearest value around it."""
    while where not in lines:
        where = where[:-1]
    return lines[where]


def sound_tables(descriptor: dict[str, Any], claims: list[Claim]) -> dict[int, Table]:
    """Those resources that can be read, as tables by their index, without their parts that are wrong."""
    wrong: dict[str | int, list[JsonPath]] = {}
    for where, *_ in claims:
        if where[:1] == ("resources",) and len(where) > 1:
            wrong.setdefault(where[1], []).append(where[2:])
    return {
        i: table_of(without(resource, wrong.get(i, [])))
        for i, resource in enumerate(resources_of(descriptor))
        if not any(map(needed, wrong.get(i, [])))
    }


def needed(part: JsonPath) -> bool:
    """Whether a part of a resource is one that its table cannot be read without."""
    names = [name for name in part if isinstance(name, str)]
    return not set(LEFT_OUT).intersection(names) and (not names or names[-1] in NEEDED or "dialect" in names)


def without(resource: Any, parts: list[JsonPath]) -> Any:
    """A resource without its parts that are wrong: words, single constraints, all categories or keys."""
    resource = deepcopy(resource) if parts else resource
    for part in parts:
        last = next((i for i, name in enumerate(part) if name in LEFT_OUT), len(part) - 1)
        if part[last] == "constraints" and len(part) > last + 1:
            last += 1
        around = reduce(lambda node, entry: node[entry], part[:last], resource)
        if isinstance(around, dict):
            around.pop(part[last], None)
    return resource


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
            for name in set(names) - set(table.column_names):
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


def constraint_claims(tables: dict[int, Table]) -> Iterator[Claim]:
    """Constraints that cannot be applied to their column, and examples that break them."""
    for index, table in tables.items():
        for j, column in enumerate(table.columns):
            here: JsonPath = ("resources", index, "schema", "fields", j)
            for entry, value, message in [*limit_claims(column)] or [*example_claims(column)]:
                yield (*here, *entry), "descriptor-constraint", value, message


def named(resources: list[Any], entry: str) -> set[str]:
    """The names or paths of all resources, whatever else is wrong with them."""
    return {str(resource.get(entry)) for resource in resources if isinstance(resource, dict)}
