"""The whole check of a package: descriptor, files, cells, columns, keys, rules. Each file is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from schemas.contract import Column, Package, Table
from schemas.formats import SPELLING, Mask, misspelled, respelled, typed
from schemas.pandera_schemas import CATEGORY, PATTERN, REQUIRED, Failure, failures, pandera_schema
from schemas.problems import KINDS, Problem, kind
from schemas.rules import EVERY, RULES, UNREAD, Broken, Frames, Rule
from scripts.checking.cells import cell_problems, order_problems
from scripts.checking.descriptor import read_descriptor
from scripts.checking.keys import ROW_TWICE, key_problems
from scripts.checking.reading import TextTable, read_table

RULE_NOT_RUN = kind(
    "rule-not-run",
    "Every rule finds the columns that it judges.",
    "Restore the column in datapackage.json, or change the rule with it.",
)

Progress = Callable[[str], None]


@dataclass
class Report:
    """What a check found: the number of rows of each table, and every problem in reading order."""

    package: Package
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)


def check(path: Path, progress: Progress = lambda _: None) -> Report:
    """Check the package whose descriptor is at `path`.

    `progress` is called with each step. Raises CannotRunError where there is no JSON file at `path`.
    """
    package, problems = read_descriptor(path)
    report = Report(package, problems=list(problems))
    texts: dict[str, TextTable] = {}
    with ThreadPoolExecutor() as pool:  # Arrow works without the interpreter's lock
        prepared = pool.map(lambda table: prepare(package.folder, table), package.tables)
        for table, (read, frame, found) in zip(package.tables, prepared, strict=True):
            progress(f"read {table.path}")
            texts[table.name], report.frames[table.name] = read, frame
            report.rows[table.name] = read.rows
            report.problems += found
        judged = pool.map(partial(judge, texts, report.frames, package), texts.values())
        for name, found in zip(texts, judged, strict=True):
            progress(f"checked keys and rules of {name}")
            report.problems += found
    if not problems:
        report.problems += rules_without_table(package)
    report.problems = in_reading_order(report)
    return report


def rules_without_table(package: Package) -> Iterator[Problem]:
    """Tables that rules judge and that the descriptor does not list."""
    listed = package.descriptor.get("resources")
    if isinstance(listed, list):
        names = {resource.get("name") for resource in listed if isinstance(resource, dict)}
        for table in sorted({rule.table for rule in RULES} - names - {EVERY}):
            message = f"there are rules for {table}, but no such table"
            yield RULE_NOT_RUN.at(package.file, 1, None, table, message)


def judge(texts: Mapping[str, TextTable], frames: Frames, package: Package, read: TextTable) -> list[Problem]:
    """What is wrong with the keys of one table, and which rules its rows break."""
    found = [*key_problems(read, texts), *rule_problems(read, frames, package)]
    return list(judged_once(found, set(read.lines[read.ragged].tolist())))


def judged_once(found: list[Problem], ragged: set[int]) -> Iterator[Problem]:
    """The problems of rows that can be judged: no ragged row, and of a repeated one that it is so."""
    twice = {problem.line for problem in found if problem.rule == ROW_TWICE.rule}
    for problem in found:
        if problem.line not in ragged and (problem.line not in twice or problem.rule == ROW_TWICE.rule):
            yield problem


def prepare(folder: Path, table: Table) -> tuple[TextTable, pd.DataFrame, list[Problem]]:
    """One table read: its text, its typed columns, and what is wrong with lines, cells and order."""
    read = read_table(table, (folder / table.path).read_bytes())
    bad = {column.name: misspelled(read.text[column.name], column.type) for column in read.columns}
    found = [*read.problems, *cell_problems(read, bad), *type_problems(read, bad), *order_problems(read)]
    return read, typed_frame(read, bad), found


def type_problems(read: TextTable, bad: dict[str, Mask]) -> Iterator[Problem]:
    """The cells that are no values of their column's type."""
    for column in read.columns:
        for i in np.flatnonzero(bad[column.name] & ~read.ragged):
            value = read.text[column.name][int(i)].as_py()
            right = respelled(column.type, value)
            fix = f"Write {right}, if that is what is meant." if right else None
            message = f"{value!r} is no {column.type}"
            yield SPELLING[column.type].at(
                read.table.path, int(read.lines[i]), column.name, value, message, fix
            )


def typed_frame(read: TextTable, bad: dict[str, Mask]) -> pd.DataFrame:
    """The columns in their types; empty cells and those that are no values are missing."""
    columns = {c.name: typed(read.text[c.name], c.type, bad[c.name]) for c in read.columns}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(read.rows))
    unread = {name: np.flatnonzero(cells).tolist() for name, cells in bad.items() if cells.any()}
    if unread:
        frame.attrs[UNREAD] = unread
    return frame


def rule_problems(read: TextTable, frames: Frames, package: Package) -> Iterator[Problem]:
    """What a table breaks of the contract's columns and of the rules on its rows."""
    table = read.table
    own = {r.kind.rule: r for r in RULES if r.table == table.name and not r.reads}
    checks = [pandera.Check(r.checks, name=name, ignore_na=False) for name, r in own.items()]
    for failed in failures(pandera_schema(table, checks), frames[table.name]):
        if failed.column is not None:
            yield from column_problems(read, table.column(failed.column), failed)
        else:
            yield from applied(own[failed.rule], read, frames, package)
    for other in RULES:
        if other.table == EVERY or (other.table == table.name and other.reads):
            yield from applied(other, read, frames, package)


def column_problems(read: TextTable, column: Column, failed: Failure) -> Iterator[Problem]:
    """A column's broken rows as problems, in the words of the column."""
    kind = KINDS[failed.rule]
    cells = read.text[column.name].take(pa.array(failed.rows, pa.int64())).to_pylist()
    for i, value in zip(failed.rows, cells, strict=True):
        if kind is REQUIRED and value is not None:
            continue  # its type could not be read, which has been said
        shown = column.name if value is None else repr(value)
        fix = None
        if kind is CATEGORY:
            near = get_close_matches(value, column.categories, 1)
            fix = f"Did you mean {near[0]}?" if near else None
        elif kind is PATTERN:
            fix = f"{kind.fix} For example: {column.example}"
        yield kind.at(
            read.table.path, int(read.lines[i]), column.name, value, f"{shown} is {failed.text}", fix
        )


def applied(rule: Rule, read: TextTable, frames: Frames, package: Package) -> Iterator[Problem]:
    """A rule's broken rows as problems."""
    if not read.rows:
        return
    if rule.looks_around and any_absent(package, frames):
        return  # what is missing has been said; what leads there cannot be judged
    try:
        found: list[Broken] = list(rule.broken(frames, package, read.table))
    except KeyError as error:
        if not any_absent(package, frames):
            message = f"the rule {rule.kind.rule} needs {error.args[0]!r}, which is not there"
            yield RULE_NOT_RUN.at(package.file, 1, None, str(error.args[0]), message)
        return
    for column, texts in found:
        positions: list[int] = texts.index.tolist()
        for i, message in zip(positions, texts, strict=True):
            value = read.text[column][i].as_py()
            yield rule.kind.at(read.table.path, int(read.lines[i]), column, value, str(message))


def any_absent(package: Package, frames: Frames) -> bool:
    """Whether a file lacks a column or a table could not be read, which has been said already."""
    listed = package.descriptor.get("resources", [])
    return len(frames) < len(listed) or any(
        len(frames[table.name].columns) < len(table.columns) for table in package.tables
    )


def in_reading_order(report: Report) -> list[Problem]:
    """Problems by file as the descriptor lists them, line, column; the same one once."""
    files = {table.path: i for i, table in enumerate(report.package.tables, 1)}
    files[report.package.file] = 0
    place: dict[tuple[str, str | None], int] = {
        (table.path, column.name): i
        for table in report.package.tables
        for i, column in enumerate(table.columns)
    }

    def key(problem: Problem) -> tuple[int, str, int, int, str]:
        return (
            files.get(problem.file, len(files)),
            problem.file,
            problem.line or 0,
            place.get((problem.file, problem.column), -1),
            problem.rule,
        )

    return sorted(dict.fromkeys(report.problems), key=key)
