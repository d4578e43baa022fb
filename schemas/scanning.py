"""The slow, exact reader for a CSV file that is not in canonical form: every deviation by its line."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from schemas.problems import Kind, Problem, kind

FORMAT = "Run `make format`, which writes it so without changing a value."

ENCODING = kind(
    "encoding", "A table is encoded in UTF-8.", "Save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')."
)
BINARY = kind("binary", "A table is a text file.", "Restore the CSV file from the last commit.")
BOM = kind("byte-order-mark", "A table starts with its header, not with a byte order mark.", FORMAT)
EMPTY = kind("empty-file", "A table has at least its header.", "Write the header line; it may stand alone.")
LINE_ENDS = kind("line-ends", "Lines end in LF alone.", FORMAT)
LAST_LINE = kind("last-line", "The last line ends in LF like all others.", FORMAT)
BLANK_ROW = kind("blank-row", "There are no blank lines.", FORMAT)
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
NEEDLESS_QUOTES = kind("needless-quotes", "Only cells with a comma or a quotation mark are quoted.", FORMAT)
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
COLUMN_ORDER = kind("column-order", "The columns stand in the order of the contract.", FORMAT)

QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=,|\Z)')
LINES_IN_A_CELL = 50  # how far a quoted cell is followed before its quote counts as a stray one
UNKNOWN_NAMED = 1000  # more unknown columns than this are one problem: it is not this table


def windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 as Windows-1252 has them."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", windows_1252)


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
    """The records of a file as far as they can be told, and every problem of its form."""
    scanned = Scanned()
    lines = physical_lines(data, file, scanned.problems)
    if not lines:
        return scanned
    reader = Lines(lines, file, scanned.problems)
    at = 0
    while at < len(lines) - 1 and not lines[at].strip(" \t"):
        scanned.problems.append(BLANK_ROW.at(file, at + 1))
        at += 1
    scanned.header, at = reader.record(at, len(expected), limit=None)
    check_header(scanned.header, expected, file, scanned.problems)
    width = len(scanned.header)
    rows: list[list[str | None]] = []
    while at < len(lines):
        if not lines[at].strip(" \t"):
            scanned.problems.append(BLANK_ROW.at(file, at + 1))
            at += 1
            continue
        cells, after = reader.record(at, width, limit=width)
        scanned.lines.append(at + 1)
        scanned.ragged.append(len(cells) != width)
        if len(cells) != width:
            count = f"{len(cells)}" if len(cells) <= width else f"more than {width}"
            message = f"the row has {count} cells, the header has {width}"
            scanned.problems.append(RAGGED.at(file, at + 1, None, lines[at], message))
        rows.append([cell or None for cell in cells[:width]] + [None] * (width - len(cells)))
        at = after
    scanned.columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
    return scanned


def physical_lines(data: bytes, file: str, problems: list[Problem]) -> list[str]:
    """The lines of a file without their ends, after its encoding and line ends were looked at."""
    if not data:
        problems.append(EMPTY.at(file, 1))
        return []
    if any(data[:64][i::2].count(0) > 8 for i in (0, 1)):
        problems.append(ENCODING.at(file, 1, message="the file is UTF-16, not UTF-8"))
        return []
    for mark in (b"\xff\xfe", b"\xfe\xff"):
        if data.startswith(mark):
            problems.append(ENCODING.at(file, 1, message="the file is UTF-16, not UTF-8"))
            return []
    if b"\0" in data[:8192]:
        problems.append(BINARY.at(file, data[: data.index(b"\0")].count(b"\n") + 1))
        return []
    if data.startswith(b"\xef\xbb\xbf"):
        problems.append(BOM.at(file, 1))
        data = data[3:]
    if b"\r" in data and b"\n" not in data:
        problems.append(LINE_ENDS.at(file, 1, message="every line ends in CR"))
        data = data.replace(b"\r", b"\n")
    lines = decoded_lines(data, file, problems)
    if lines[-1] == "":
        lines.pop()
    else:
        problems.append(LAST_LINE.at(file, len(lines)))
    ends = [i for i, line in enumerate(lines) if line.endswith("\r")]
    if len(ends) == len(lines) > 1:
        problems.append(LINE_ENDS.at(file, 1, message="every line ends in CR LF"))
    else:
        problems.extend(LINE_ENDS.at(file, i + 1, message="the line ends in CR LF") for i in ends)
    return [line.removesuffix("\r") for line in lines] if ends else lines


def decoded_lines(data: bytes, file: str, problems: list[Problem]) -> list[str]:
    """The lines as text; one that is not UTF-8 is reported and read as Latin-1."""
    try:
        return data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        pass
    lines = []
    for number, raw in enumerate(data.split(b"\n"), 1):
        try:
            lines.append(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            line = raw.decode("utf-8", "windows-1252")
            message = f"byte 0x{raw[error.start]:02x} is not UTF-8; the line looks like Latin-1"
            problems.append(ENCODING.at(file, number, None, line, message))
            lines.append(line)
    return lines


@dataclass
class Lines:
    """The physical lines of a file, cut into records."""

    lines: list[str]
    file: str
    problems: list[Problem]

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
                    cells.append(self.unquoted(match[1], at))
                    start = match.end() + 1
                    if start > len(line):
                        break
                    continue
            end = line.find(",", start)
            cell = line[start:] if end < 0 else line[start:end]
            if '"' in cell:
                self.problems.append(BARE_QUOTE.at(self.file, at + 1, None, cell))
            cells.append(cell)
            if end < 0:
                break
            start = end + 1
        return cells, after

    def joined(self, line: str, start: int, after: int) -> tuple[str | None, int]:
        """The record with the lines that close the quote opened at `start`, if some do soon."""
        for end in range(after, min(after + LINES_IN_A_CELL, len(self.lines))):
            line = f"{line}\n{self.lines[end]}"
            if '"' in self.lines[end]:
                return (line, end + 1) if QUOTED.match(line, start) else (None, after)
        return None, after

    def unquoted(self, content: str, at: int) -> str:
        """The value of a quoted cell; says where quotes were not needed or a line breaks."""
        value = content.replace('""', '"')
        if "\n" in value:
            self.problems.append(LINE_BREAK.at(self.file, at + 1, None, value))
        elif '"' not in value and "," not in value and "\r" not in value:
            self.problems.append(NEEDLESS_QUOTES.at(self.file, at + 1, None, value))
        return value


def check_header(header: list[str], expected: list[str], file: str, problems: list[Problem]) -> None:
    """Missing, unknown, repeated and reordered columns."""

    def say(sort: Kind, name: str | None, message: str, mend: str | None = None) -> None:
        problems.append(sort.at(file, 1, name, name, message, mend))

    known = set(expected)
    unknown = [name for name in header if name not in known]
    for name in expected:
        if name not in header:
            say(COLUMN_MISSING, name, f"the column {name} is missing")
    if len(unknown) > UNKNOWN_NAMED:
        say(COLUMN_UNKNOWN, None, f"{len(unknown)} of {len(header)} columns are not in the contract")
    else:
        for name in unknown:
            near = get_close_matches(name, sorted(known - set(header)), 1)
            hint = f"Did you mean {near[0]}?" if near else None
            say(COLUMN_UNKNOWN, name, f"the contract has no column {name!r}", hint)
    for name in {name for name in header if name in known and header.count(name) > 1}:
        say(COLUMN_TWICE, name, f"the column {name} stands twice")
    ours = [name for name in dict.fromkeys(header) if name in known]
    if ours != [name for name in expected if name in set(ours)]:
        say(COLUMN_ORDER, None, f"the columns stand in the order {', '.join(ours)}")
