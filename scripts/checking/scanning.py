"""The slow, exact reader for a CSV file that is not in canonical form: every deviation by its line."""

import re
from collections import Counter
from dataclasses import dataclass, field

from schemas.problems import Kind, Problem, did_you_mean, kind
from scripts.checking.lines import physical_lines

BLANK_ROW = kind("blank-row", "There are no blank lines.", fixable=True)
RAGGED = kind(
    "ragged-row",
    "Every row has as many cells as the header.",
    "Look for a missing or extra comma, or quote the cell that holds a comma.",
)
BARE_QUOTE = kind(
    "bare-quote",
    "A quotation mark inside a cell is doubled and the cell is quoted.",
    'Write the cell as "say ""so""" or remove the stray quotation mark.',
)
LINE_BREAK = kind("line-break-in-cell", "A cell holds no line break.", "Put the cell on one line.")
NEEDLESS_QUOTES = kind(
    "needless-quotes", "Only cells with a comma or a quotation mark are quoted.", fixable=True
)
COLUMN_MISSING = kind(
    "column-missing",
    "The header has every column of the contract.",
    "Add the column; its cells may be empty.",
)
COLUMN_UNKNOWN = kind(
    "column-unknown",
    "The header has only columns of the contract.",
    "Correct the name, or describe the column in datapackage.json first.",
)
COLUMN_TWICE = kind("column-twice", "The header has each column once.", "Remove one of the two columns.")
COLUMN_ORDER = kind("column-order", "The columns stand in the order of the contract.", fixable=True)

OPEN = re.compile(r'"(?:[^"]|"")*\Z')  # a quoted cell that no quote ends on this line
QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=,|\Z)')
LINES_IN_A_CELL = 50  # how far a quoted cell is followed before its quote counts as a stray one
CELLS_LACKED = 10_000_000  # when rows lack more cells than this in all, no more of them are read
UNKNOWN_NAMED = 1000  # more unknown columns than this are one problem: it is not this table


@dataclass
class Scanned:
    """What the scanner read: header, cells by position (None for empty), the line of each row."""

    header: list[str] = field(default_factory=list)
    columns: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    ragged: list[bool] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """The number of rows below the header."""
        return len(self.lines)


def scan(data: bytes, file: str, expected: list[str]) -> Scanned:
    """The records of a file as far as they can be read, and every problem of its form."""
    scanned = Scanned()
    lines = physical_lines(data, file, expected, scanned.problems)
    if not lines:
        return scanned
    reader = Lines(lines, file, scanned.problems)
    at = reader.past_blanks(0, len(lines) - 1)
    scanned.header, at = reader.record(at, len(expected), limit=None)
    check_header(scanned.header, expected, file, scanned.problems)
    reader.header = scanned.header
    width = len(scanned.header)
    rows: list[list[str | None]] = []
    lacked = 0
    while (at := reader.past_blanks(at, len(lines))) < len(lines):
        cells, after = reader.record(at, width, limit=width)
        if len(cells) != width:
            count = f"{len(cells)}" if len(cells) <= width else f"more than {width}"
            message = f"the row has {count} cells, the header has {width}"
            scanned.problems.append(RAGGED.at(file, at + 1, None, lines[at], message))
            lacked += max(0, width - len(cells))
        if lacked > CELLS_LACKED:
            message = f"the rows from here on are not read: {CELLS_LACKED:,} cells are lacking before them"
            scanned.problems.append(RAGGED.at(file, at + 1, message=message))
            break
        scanned.lines.append(at + 1)
        scanned.ragged.append(len(cells) != width)
        rows.append([cell or None for cell in cells[:width]] + [None] * (width - len(cells)))
        at = after
    scanned.columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
    return scanned


@dataclass
class Lines:
    """The physical lines of a file, cut into records."""

    lines: list[str]
    file: str
    problems: list[Problem]
    header: list[str] = field(default_factory=list)

    def say(self, kind: Kind, at: int, position: int, value: str) -> None:
        """Report the cell at a position of the record that starts at index `at`."""
        column = self.header[position] if position < len(self.header) else None
        self.problems.append(kind.at(self.file, at + 1, column, value))

    def said(self, kind: Kind, at: int) -> bool:
        """Whether the last problem is of this kind and of the same line, which once is enough to say."""
        last = self.problems[-1] if self.problems else None
        return last is not None and (last.rule, last.line) == (kind.rule, at + 1)

    def past_blanks(self, at: int, end: int) -> int:
        """The index of the next line before `end` that is not blank, or `end`; reports blank ones."""
        while at < end and not self.lines[at].strip(" \t"):
            self.problems.append(BLANK_ROW.at(self.file, at + 1))
            at += 1
        return at

    def record(self, at: int, width: int, limit: int | None) -> tuple[list[str], int]:
        """The cells of the record that starts at index `at`, and the index after it.

        No more than `limit` + 1 cells are cut, so that a broken line cannot fill the memory.
        """
        line = self.lines[at]
        if '"' not in line:
            return line.split(",") if limit is None else line.split(",", limit), at + 1
        cells: list[str] = []
        start, after = 0, at + 1
        while limit is None or len(cells) <= limit:
            if line.startswith('"', start):
                match = QUOTED.match(line, start)
                if match is None:
                    joined, after_joined = self.joined(line, start, after)
                    if joined is not None:
                        line, after = joined, after_joined
                        match = QUOTED.match(line, start)
                if match is not None:
                    cells.append(self.unquoted(match[1], at, len(cells)))
                    start = match.end() + 1
                    if start > len(line):
                        break
                    continue
            end = line.find(",", start)
            cell = line[start:] if end < 0 else line[start:end]
            if '"' in cell:
                self.say(BARE_QUOTE, at, len(cells), cell)
            cells.append(cell)
            if end < 0:
                break
            start = end + 1
        return cells, after

    def joined(self, line: str, start: int, after: int) -> tuple[str | None, int]:
        """The record with the lines that close the quote opened at `start`, if some do soon."""
        if OPEN.match(line, start):
            for end in range(after, min(after + LINES_IN_A_CELL, len(self.lines))):
                if '"' in self.lines[end]:
                    line = "\n".join([line, *self.lines[after : end + 1]])
                    return (line, end + 1) if QUOTED.match(line, start) else (None, after)
        return None, after

    def unquoted(self, content: str, at: int, position: int) -> str:
        """The value of a quoted cell; says where quotes were not needed or a line breaks."""
        value = content.replace('""', '"')
        if "\n" in value:
            self.say(LINE_BREAK, at, position, value)
        elif (
            '"' not in value and "," not in value and "\r" not in value and not self.said(NEEDLESS_QUOTES, at)
        ):
            self.say(NEEDLESS_QUOTES, at, position, value)
        return value


def check_header(header: list[str], expected: list[str], file: str, problems: list[Problem]) -> None:
    """Missing, unknown, repeated and reordered columns."""

    def say(kind: Kind, name: str | None, message: str, fix: str | None = None) -> None:
        problems.append(kind.at(file, 1, name, name, message, fix))

    ours = set(expected)
    unknown = [name for name in header if name not in ours]
    count = Counter(header)
    for name in expected:
        if name not in count:
            say(COLUMN_MISSING, name, f"the column {name} is missing")
    if len(unknown) > UNKNOWN_NAMED:
        say(COLUMN_UNKNOWN, None, f"{len(unknown)} of {len(header)} columns are not in the contract")
    else:
        for name in unknown:
            hint = did_you_mean(name, sorted(ours - set(header)))
            say(COLUMN_UNKNOWN, name, f"the contract has no column {name!r}", hint)
    for name in (name for name in expected if count[name] > 1):
        say(COLUMN_TWICE, name, f"the column {name} stands twice")
    present = [name for name in dict.fromkeys(header) if name in ours]
    if present != [name for name in expected if name in count]:
        say(COLUMN_ORDER, None, f"the columns stand in the order {', '.join(present)}")
