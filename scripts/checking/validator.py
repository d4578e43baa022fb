"""The whole check of a package: descriptor, files, cells, columns, keys, rules. Each file is read once."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from schemas.contract import Column, Package, Table, first_sentence
from schemas.formats import Mask, misspelled, typed
from schemas.pandera_schemas import Failure, failures, pandera_schema
from schemas.problems import Problem, did_you_mean
from schemas.rules import EVERY, RULES, UNREAD, Frames, Rule
from scripts.checking.cells import cell_problems, order_problems
from scripts.checking.descriptor import read_descriptor
from scripts.checking.formatting import WHOLE, rewritten, spoilt
from scripts.checking.keys import key_problems
from scripts.checking.reading import TextTable, read_table

KEPT = 10**6  # bytes of a table that, if unchanged, the next check in the same process does not read again
# What no other package is held to.
OF_US = {"rule-not-run", "row-order", *(rule.kind.rule for rule in RULES)}

Progress = Callable[[str], None]


@dataclass
class Report:
    """What a check found: the number of rows of each table, and every problem in reading order."""

    package: Package
    rows: dict[str, int]
    problems: list[Problem]
    frames: dict[str, pd.DataFrame]


def check(
    path: Path, progress: Progress = lambda _: None, today: str | None = None, general: bool = False
) -> Report:
    """Check the package whose descriptor is at `path`.

    `progress` is called with each step; `today` is the day of the check (default: the machine's). A package
    that is not this one is checked in `general`: by its descriptor, without the rules of this package.
    Raises CannotRunError or OSError where no JSON can be read at `path`.
    """
    package, problems = read_descriptor(path, general)
    package = replace(package, checked_on=today or date.today().isoformat())
    alone: list[Alone] = []
    with ThreadPoolExecutor() as pool:  # Arrow works without the interpreter's lock
        for one in pool.map(partial(prepare, package), package.tables):
            progress(f"read {one[0].table.path}")
            alone.append(one)
        texts = {read.table.name: read for read, *_ in alone}
        frames = {read.table.name: frame for read, frame, *_ in alone}
        every = list(problems)
        for name, more in zip(texts, pool.map(partial(judge, texts, frames, package), alone), strict=True):
            progress(f"checked keys and rules of {name}")
            every += more
    unasked = OF_US if general else set()
    if problems:  # what is wrong with the contract may be what stopped a rule
        unasked = unasked | {"rule-not-run"}
    else:
        every += rules_without_table(package)
    spoilt_files = {problem.file for problem in every if problem.rule in WHOLE}
    every = [p for p in every if p.rule in WHOLE or p.file not in spoilt_files]
    every = in_reading_order(package, (p for p in every if p.rule not in unasked))
    return Report(package, {name: read.rows for name, read in texts.items()}, every, frames)


def rules_without_table(package: Package) -> Iterator[Problem]:
    """Tables that rules judge and that the descriptor does not list."""
    names = {table.name for table in package.tables}
    judged = {rule.table for rule in RULES} - {EVERY}
    if names.isdisjoint(judged):
        message = "this is another package, which --general or `frictionless validate` checks"
        yield Problem.of("rule-not-run", package.file, 1, message=message)
        return
    for table in sorted(judged - names):
        message = f"there are rules for {table}, but no such table"
        yield Problem.of("rule-not-run", package.file, 1, None, table, message)


Alone = tuple[TextTable, pd.DataFrame, list[Problem], list[Failure]]  # what a table is and lacks by itself


def prepare(package: Package, table: Table) -> Alone:
    """One table read, and what can be said of it without another; see `read_alone`."""
    data = (package.folder / table.path).read_bytes()
    reading = read_alone if len(data) <= KEPT else read_alone.__wrapped__
    return reading(table, data, tuple(RULES), package.last_day)


@lru_cache(maxsize=64)
def read_alone(table: Table, data: bytes, rules: tuple[Rule, ...], last_day: str) -> Alone:
    """The text of a table, its typed columns, what is wrong with its cells, and the checks that it fails.

    Those are the checks of its columns, and of the `rules` those that need no other table.
    """
    read = read_table(table, data)
    read.problems += [*spoilt(table, data), *rewritten(read), *stated_problems(table, data, read.rows)]
    bad = {column.name: misspelled(read.text[column.name], column.type) for column in read.columns}
    problems = [*cell_problems(read, bad), *order_problems(read)]
    frame, schema = typed_frame(read, bad), pandera_schema(table, rules, last_day)
    if read.absent:
        schema = schema.remove_columns(sorted(read.absent))
    return read, frame, problems, list(failures(schema, frame)) if read.rows else []


def stated_problems(table: Table, data: bytes, rows: int) -> Iterator[Problem]:
    """Where a file, given as its bytes and number of rows, is not what the descriptor states."""
    actual = {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "rows": rows}
    for entry, value in actual.items():
        if entry in table.stated and table.stated[entry] != value:
            message = f"the descriptor states {entry} {table.stated[entry]}; the file has {value}"
            yield Problem.of("file-as-stated", table.path, None, None, str(value), message)


def typed_frame(read: TextTable, bad: dict[str, Mask]) -> pd.DataFrame:
    """The columns in their types; empty cells and those that are no values are missing."""
    columns = {c.name: typed(read.text[c.name], c.type, bad[c.name]) for c in read.columns}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(read.rows))
    unread = {name: np.flatnonzero(cells).tolist() for name, cells in bad.items() if cells.any()}
    if unread:
        frame.attrs[UNREAD] = unread
    return frame


def judge(texts: Mapping[str, TextTable], frames: Frames, package: Package, alone: Alone) -> list[Problem]:
    """All that is wrong with one table: of a ragged row its form alone, of a repeated one that it is so."""
    read, _, problems, failed = alone
    absent = {name for text in texts.values() for name in text.absent}
    around = not absent and whole(package)
    for rule in RULES if read.rows else []:
        if rule.judges(read.table) and not rule.alone and (around or not rule.looks_around):
            failed = [*failed, judged(rule, frames, package)]
    broken = [problem for one in failed if one.error is None for problem in broken_cells(read, one)]
    of_rows = [*key_problems(read, texts), *broken]
    twice = {problem.line for problem in of_rows if problem.rule == "row-twice"}
    once = [p for p in of_rows if p.rule == "row-twice" or p.line not in twice]
    ragged = set(read.lines[read.ragged].tolist())
    said = [*read.problems, *(p for p in (*problems, *once) if p.line not in ragged)]
    for one in failed:
        if one.error and not any(repr(name) in one.error or f'"{name}"' in one.error for name in absent):
            message = f"the rule {one.rule} stops with {one.error}"
            said.append(Problem.of("rule-not-run", package.file, 1, None, one.rule, message))
    return said


def judged(rule: Rule, frames: Frames, package: Package) -> Failure:
    """What a rule that reads several tables finds, or with what it stops."""
    try:
        given = {**frames, "frames": frames, "package": package}
        return Failure(rule.kind.rule, None, rule.broken(frames[rule.table], given))
    except Exception as error:  # a rule may fail in any way, and is then named, not the data
        return Failure(rule.kind.rule, None, {}, repr(error))


def whole(package: Package) -> bool:
    """Whether every table that the descriptor lists could be read, with its foreign keys."""
    listed = package.descriptor.get("resources", [])
    return len(package.tables) == len(listed) and all(
        table.foreign_keys or "foreignKeys" not in resource["schema"]
        for table, resource in zip(package.tables, listed, strict=True)
    )


def broken_cells(read: TextTable, failed: Failure) -> Iterator[Problem]:
    """The cells that a rule finds broken; in a message on a column alone, the cell comes first."""
    for column, messages in failed.broken.items():
        cells = read.text[column].take(pa.array(list(messages), pa.int64())).to_pylist()
        for (i, message), value in zip(messages.items(), cells, strict=True):
            if failed.rule == "required" and value is not None:
                continue  # its type could not be read, which has been said
            if failed.column is not None:
                message = f"{column if value is None else repr(value)} is {message}"
            fix = hint(failed.rule, read.table.column(column), value)
            yield read.problem(failed.rule, i, column, value, message, fix)


def hint(rule: str, column: Column, value: str | None) -> str | None:
    """What to write instead of a value that its column does not allow, where that can be said."""
    if rule == "category" and value is not None:
        return did_you_mean(value, column.categories)
    if rule == "pattern":
        return f"{first_sentence(column.description)}. For example: {column.example}"
    return None


def in_reading_order(package: Package, problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file as the descriptor lists them, line, column; the same one once."""
    files = {file: i for i, file in enumerate([package.file, *(table.path for table in package.tables)])}
    places = {(t.path, name): i for t in package.tables for i, name in enumerate(t.column_names)}

    def key(problem: Problem) -> tuple[int, str, int, int, str]:
        column = places.get((problem.file, problem.column or ""), -1)
        file = files.get(problem.file, len(files))
        return file, problem.file, problem.line or 0, column, problem.rule

    return sorted(dict.fromkeys(problems), key=key)
