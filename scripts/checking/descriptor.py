"""The descriptor read: what it claims, in which line, and which of its tables can be read.

JSON is YAML, whose nodes know their lines.
"""

import json
import os
import stat
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

import yaml

from schemas.contract import Package, Table, table_of
from schemas.problems import CannotRunError, Problem
from scripts.checking.claims import MOST, Claim, JsonPath, departures, dotted, entries, named, table_claims

LARGEST = 10**9  # bytes of one file
# What a table cannot be read without; whatever else an entry has can be left out, and the rest is read.
NEEDED = {"name", "path", "type", "format", "schema", "fields", "primaryKey", "missingValues", "encoding"}
BY_DEFAULT = {"type", "format", "primaryKey", "missingValues", "encoding"}  # read so, where absent
READ_OTHERWISE = {"data", "compression", "extrapaths", "innerpath", "layout", "header", "delimiter"}
READ_OTHERWISE |= {"bareNumber", "decimalChar", "groupChar", "trueValues", "falseValues", "fieldsMatch"}
MISPLACED = {"missingValues", "fields", "required"}  # of a schema or of constraints, where nobody reads them
LEFT_OUT = ("constraints", "categories", "foreignKeys", "uniqueKeys")


def read_descriptor(path: Path, general: bool = False) -> tuple[Package, list[Problem]]:
    """The package at `path` with those tables that can be checked, and the descriptor's problems.

    In `general` what only this package asks of its descriptor is no problem.
    Raises CannotRunError or OSError where no JSON can be read.
    """
    text, folder, file = text_of(path), path.parent, path.name
    try:
        lines, claims, sound = judged(text, general)
        descriptor = json.loads(text)
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
    problems += unlisted(folder, named(entries(descriptor), "path"))
    tables = tuple(table for index, table in sound.items() if index not in wrong)
    return Package(folder, file, descriptor, tables), problems


@lru_cache(maxsize=8)  # one command asks more than once, and the contract seldom changes
def judged(text: str, general: bool) -> tuple[dict[JsonPath, int], list[Claim], dict[int, Table] | None]:
    """The line of each value in a descriptor, what is wrong with it wherever it lies, and its sound tables.

    There are none where a name stands twice. Raises ValueError or RecursionError where it is not JSON.
    """
    descriptor = json.loads(text)
    json.dumps(descriptor, ensure_ascii=False).encode()  # refuses half a surrogate pair, which JSON admits
    try:
        lines = lines_of(text)
    except DuplicateNameError as error:
        return {(): error.line}, [((), "descriptor-name-twice", error.name, None)], None
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
    claims += table_claims(sound_tables(descriptor, claims), entries(descriptor))
    return lines, claims, sound_tables(descriptor, claims)


class DuplicateNameError(ValueError):
    """An object of the JSON text has a name twice; `name` and its `line`."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(f"the name {name!r} stands twice in one object")
        self.name, self.line = name, line


def lines_of(text: str) -> dict[JsonPath, int]:
    r"""The 1-based line of each value in a valid JSON text, by its path of names and indexes.

    Raises DuplicateNameError, since RFC 8259 (4) leaves open which of two equal names counts.

    >>> lines_of('{"a": [1,\n 2]}')
    {(): 1, ('a',): 1, ('a', 0): 1, ('a', 1): 2}
    """
    try:
        return dict(positions(yaml.compose(text, yaml.CSafeLoader), ()))
    except (yaml.YAMLError, UnicodeError):  # JSON may have what YAML has not, such as escaped surrogates
        json.loads(text, object_pairs_hook=unique)
        return {(): 1}


def positions(node: Any, path: JsonPath) -> Iterator[tuple[JsonPath, int]]:
    """The path and line of a value and of all within it."""
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield from positions(value, (*path, i))
    elif isinstance(node, yaml.MappingNode):
        names = set()
        for name, value in node.value:
            if name.value in names:
                raise DuplicateNameError(name.value, name.start_mark.line + 1)
            names.add(name.value)
            yield from positions(value, (*path, name.value))


def unique(pairs: list[tuple[str, Any]]) -> None:
    """Raise DuplicateNameError where an object has a name twice; its line is not known."""
    for name, count in Counter(name for name, _ in pairs).items():
        if count > 1:
            raise DuplicateNameError(name, 1)


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
        for i, resource in enumerate(entries(descriptor))
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


def text_of(path: Path) -> str:
    """The text of the descriptor file; CannotRunError or OSError where it cannot be had."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > LARGEST:
            raise CannotRunError(f"{path} is not a file of at most {LARGEST:,} bytes")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CannotRunError(f"{path} is not JSON: not UTF-8 at byte {error.start}") from None


def unusable(folder: Path, table: Table) -> tuple[str, str] | None:
    """Why the file of a table cannot be read: the rule that it breaks, and how."""
    path = folder / table.path
    if not os.path.lexists(path):
        return "file-missing", f"{table.path} is listed but there is no such file"
    if not usable(path, folder.resolve()):
        what = f"a readable regular file of at most {LARGEST:,} bytes in the package"
        return "file-not-regular", f"{table.path} is not {what}"
    return None


def usable(path: Path, root: Path) -> bool:
    """Whether a path leads to a regular file within the root that may be read."""
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except (OSError, RuntimeError):
        return False
    sound = stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST
    return sound and real.is_relative_to(root) and os.access(real, os.R_OK)


def unlisted(folder: Path, listed: set[str]) -> Iterator[Problem]:
    """The CSV files of which the descriptor says nothing; `listed` are the paths in it."""
    for path in sorted([*folder.glob("data/**/*"), *folder.glob("derived/**/*")]):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() == ".csv" and name not in listed:
            yield Problem.of("file-unlisted", name, message=f"{name} is not in the descriptor")
