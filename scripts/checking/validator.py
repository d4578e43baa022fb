"""The whole check of a package: descriptor, files, cells, columns, keys, rules. Each file is read once."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from schemas.contract import Column, Package, Table, first_sentence
from schemas.formats import SPELLING, Mask, misspelled, respelled, typed
from schemas.pandera_schemas import CATEGORY, PATTERN, REQUIRED, Failure, failures, pandera_schema
from schemas.problems import KINDS, Kind, Problem, did_you_mean, kind
from schemas.rules import EVERY, RULES, UNREAD, Frames, Rule
from scripts.checking.cells import ROW_ORDER, cell_problems, order_problems
from scripts.checking.descriptor import read_descriptor
from scripts.checking.keys import ROW_TWICE, key_problems
from scripts.checking.reading import TextTable, read_table
from scripts.checking.spreadsheets import WHOLE, rewritten, spoilt
from scripts.checking.stated import stated_problems

RULE_NOT_RUN = kind(
    "rule-not-run",
    "Every rule can be run.",
    "Your rows are not at fault: report it as a bug of the rule. If datapackage.json has lost a table or a "
    "column that the rule reads, restore it, or change the rule with it.",
)

KEPT = 10**6  # bytes of a table that, if unchanged, the next check in the same process does not read again
OF_US = {
    RULE_NOT_RUN.rule,
    ROW_ORDER.rule,
    *(rule.kind.rule for rule in RULES),
}  # no other package is held to it

Progress = Callable[[str], None]


@dataclass
class Report:
    """What a check found: the number of rows of each table, and every problem in reading order."""

    package: Package
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)


def check(
    path: Path, progress: Progress = lambda _: None, today: str | None = None, general: bool = False
) -> Report:
    """Check the package whose descriptor is at `path`.

    `progress` is called with each step; `today` is the day of the check (default: the machine's). A package
    that is not this one is checked in `general`: by its descriptor, without the rules of this package.
    Raises CannotRunError where there is no JSON file at `path`.
    """
    package, problems = read_descriptor(path, general)
    package = replace(package, checked_on=today or date.today().isoformat())
    report = Report(package, problems=list(problems))
    texts: dict[str, TextTable] = {}
    failed: dict[str, list[Failure]] = {}
    with ThreadPoolExecutor() as pool:  # Arrow works without the interpreter's lock
        for table, (read, frame, found, alone) in zip(
            package.tables, pool.map(partial(prepare, package), package.tables), strict=True
        ):
            progress(f"read {table.path}")
            texts[table.name], report.frames[table.name], failed[table.name] = read, frame, alone
            report.rows[table.name] = read.rows
            report.problems += found
        judged = pool.map(partial(judge, texts, report.frames, package), texts.values(), failed.values())
        for name, found in zip(texts, judged, strict=True):
            progress(f"checked keys and rules of {name}")
            report.problems += found
    if general:
        report.problems = [problem for problem in report.problems if problem.rule not in OF_US]
    elif not problems:
        report.problems += rules_without_table(package)
    else:  # what is wrong with the contract may be what stopped a rule
        report.problems = [problem for problem in report.problems if problem.rule != RULE_NOT_RUN.rule]
    spoilt_files = {problem.file for problem in report.problems if problem.rule in WHOLE}
    report.problems = [p for p in report.problems if p.rule in WHOLE or p.file not in spoilt_files]
    report.problems = in_reading_order(report)
    return report


def rules_without_table(package: Package) -> Iterator[Problem]:
    """Tables that rules judge and that the descriptor does not list."""
    listed = package.descriptor.get("resources")
    if isinstance(listed, list):
        names = {resource.get("name") for resource in listed if isinstance(resource, dict)}
        if names.isdisjoint(rule.table for rule in RULES):
            message = "this is another package, which --general or `frictionless validate` checks"
            yield RULE_NOT_RUN.at(package.file, 1, None, None, message)
            return
        for table in sorted({rule.table for rule in RULES} - names - {EVERY}):
            message = f"there are rules for {table}, but no such table"
            yield RULE_NOT_RUN.at(package.file, 1, None, table, message)


def judge(
    texts: Mapping[str, TextTable], frames: Frames, package: Package, read: TextTable, failed: list[Failure]
) -> list[Problem]:
    """What is wrong with the keys of one table, and which rules its rows break; those it `failed` alone."""
    problems = [*key_problems(read, texts), *row_problems(read, frames, package, failed)]
    return list(judged_once(problems, set(read.lines[read.ragged].tolist())))


def judged_once(problems: list[Problem], ragged: set[int]) -> Iterator[Problem]:
    """The problems of rows that can be judged: no ragged row, and of a repeated one that it is so."""
    twice = {problem.line for problem in problems if problem.rule == ROW_TWICE.rule}
    for problem in problems:
        if problem.line not in ragged and (problem.line not in twice or problem.rule == ROW_TWICE.rule):
            yield problem


Prepared = tuple[TextTable, pd.DataFrame, list[Problem], list[Failure]]


def prepare(package: Package, table: Table) -> Prepared:
    """One table read, and what can be said of it without another; see `read_alone`."""
    data = (package.folder / table.path).read_bytes()
    reading = read_alone if len(data) <= KEPT else read_alone.__wrapped__
    return reading(table, data, tuple(RULES), package.last_day)


@lru_cache(maxsize=64)
def read_alone(table: Table, data: bytes, rules: tuple[Rule, ...], last_day: str) -> Prepared:
    """The text of a table, its typed columns, what is wrong with its form, and the checks it fails by itself.

    Those are the checks of its columns, and of the `rules` those that need no other table.
    """
    read = read_table(table, data)
    bad = {column.name: misspelled(read.text[column.name], column.type) for column in read.columns}
    problems = [*stated_problems(table, data, read.rows)]
    lines = set(read.lines[read.ragged].tolist())
    form = [*cell_problems(read, bad), *type_problems(read, bad), *order_problems(read)]
    problems += [*spoilt(table, data), *rewritten(read), *read.problems]
    problems += [problem for problem in form if problem.line not in lines]
    frame, schema = typed_frame(read, bad), pandera_schema(table, rules, last_day)
    if read.absent:
        schema = schema.remove_columns(sorted(read.absent))
    return read, frame, problems, list(failures(schema, frame)) if read.rows else []


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


def row_problems(
    read: TextTable, frames: Frames, package: Package, failed: list[Failure]
) -> Iterator[Problem]:
    """What a table breaks of the contract's columns and of the rules on its rows; each rule is run once."""
    if not read.rows:
        return
    missing = absent(package, frames)
    found = [
        judged(rule, frames, package)
        for rule in RULES
        if rule.judges(read.table) and not rule.alone and not (missing and rule.looks_around)
    ]
    for one in (*failed, *found):
        if one.error is None:
            yield from broken_cells(read, one)
        elif not any(repr(name) in one.error or f'"{name}"' in one.error for name in missing):
            message = f"the rule {one.rule} stops with {one.error}"
            yield RULE_NOT_RUN.at(package.file, 1, None, one.rule, message)


def judged(rule: Rule, frames: Frames, package: Package) -> Failure:
    """What a rule that reads several tables finds, or with what it stops."""
    try:
        return Failure(rule.kind.rule, None, rule.broken_among(frames, package))
    except Exception as error:  # a rule may fail in any way, and is then named, not the data
        return Failure(rule.kind.rule, None, {}, repr(error))


def broken_cells(read: TextTable, failed: Failure) -> Iterator[Problem]:
    """The cells that a rule finds broken; in a message on a column alone, the cell comes first."""
    kind = KINDS[failed.rule]
    for column, messages in failed.broken.items():
        cells = read.text[column].take(pa.array(list(messages), pa.int64())).to_pylist()
        for (i, message), value in zip(messages.items(), cells, strict=True):
            if kind is REQUIRED and value is not None:
                continue  # its type could not be read, which has been said
            if failed.column is not None:
                message = f"{column if value is None else repr(value)} is {message}"
            fix = hint(kind, read.table.column(column), value)
            yield kind.at(read.table.path, int(read.lines[i]), column, value, message, fix)


def hint(kind: Kind, column: Column, value: str | None) -> str | None:
    """What to write instead of a value that its column does not allow, where that can be said."""
    if kind is CATEGORY and value is not None:
        return did_you_mean(value, column.categories)
    return f"{first_sentence(column.description)}. For example: {column.example}" if kind is PATTERN else None


def absent(package: Package, frames: Frames) -> set[str]:
    """Columns that files lack, and tables that could not be read, or not with their keys: said already."""
    listed = package.descriptor.get("resources", [])
    entries = {str(one.get("name")) if isinstance(one, dict) else "": one for one in listed}
    columns = [set(table.column_names) - set(frames[table.name]) for table in package.tables]
    keyless = {
        table.name
        for table in package.tables
        if not table.foreign_keys and "foreignKeys" in entries[table.name]["schema"]
    }
    return (set(entries) - set(frames)).union(keyless, *columns)


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
        column = place.get((problem.file, problem.column), -1)
        file = files.get(problem.file, len(files))
        return file, problem.file, problem.line or 0, column, problem.rule

    return sorted(dict.fromkeys(report.problems), key=key)
