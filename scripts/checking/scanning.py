"""The slow, exact reader for a CSV file that is not in canonical form: every deviation by its line."""

import codecs
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.problems import Problem, did_you_mean

QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=,|\Z)')
CELL = re.compile(f"{QUOTED.pattern}|[^,]*")
OPEN = re.compile(r'"(?:[^"]|"")*\Z')  # a quoted cell that no quote ends on this line
CONFLICT = re.compile(r"(<|=|>|\|)\1{6}( |\Z)")  # what Git writes between two versions of lines
LINES_IN_A_CELL = 50  # how far a quoted cell is followed before its quote counts as a stray one
UNKNOWN_NAMED = 1000  # more unknown columns than this are one problem: it is not this table


def windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 as Windows-1252 has them."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", windows_1252)


def no_text(data: bytes, file: str, expected: list[str]) -> Problem | None:
    """Why a file cannot be read at all: it is empty, in UTF-16 with or without its mark, or binary.

    A NUL in a table that begins with its header is the problem of one cell.
    """
    if not data:
        return Problem.of("empty-file", file, 1)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or any(data[:64][i::2].count(0) > 8 for i in (0, 1)):
        return Problem.of("encoding", file, 1, message="the file is UTF-16, not UTF-8")
    if b"\0" in data[:8192] and not data.startswith(tuple(name.encode() for name in expected)):
        return Problem.of("binary", file, data[: data.index(b"\0")].count(b"\n") + 1)
    return None


def physical_lines(data: bytes, file: str, expected: list[str], problems: list[Problem]) -> list[str]:
    """The lines of a file without their ends, after its encoding and line ends were looked at."""
    if problem := no_text(data, file, expected):
        problems.append(problem)
        return []
    if data.startswith(b"\xef\xbb\xbf"):
        problems.append(Problem.of("byte-order-mark", file, 1))
        data = data[3:]
    if b"\r" in data and b"\n" not in data:
        problems.append(Problem.of("line-ends", file, 1, message="every line ends in CR"))
        data = data.replace(b"\r", b"\n")
    lines = data.decode("utf-8", "windows-1252").split("\n")
    written = zip(lines, data.split(b"\n"), strict=True)
    if wrong := [i for i, (line, raw) in enumerate(written) if line.encode() != raw]:
        more = f" and in {len(wrong) - 1} lines below" if len(wrong) > 1 else ""
        message = f"what stands here{more} is not UTF-8; it looks like Latin-1"
        problems.append(Problem.of("encoding", file, wrong[0] + 1, None, lines[wrong[0]], message))
    if lines[-1] == "":
        lines.pop()
    else:
        problems.append(Problem.of("last-line", file, len(lines)))
    ends = [i for i, line in enumerate(lines) if line.endswith("\r")]
    if len(ends) == len(lines) > 1:
        problems.append(Problem.of("line-ends", file, 1, message="every line ends in CR LF"))
    else:
        problems.extend(Problem.of("line-ends", file, i + 1, message="the line ends in CR LF") for i in ends)
    return [line.removesuffix("\r") for line in lines]


@dataclass
class Scanner:
    """A file cut into records: its physical lines, and what was read of them so far.

    That is the header, the `rows` below it with their `lines`, and every problem of their form.
    """

    file: str
    text: list[str]
    problems: list[Problem]
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def scan(self, expected: list[str]) -> None:
        """Read all; `expected` are the columns of the contract."""
        at = self.past_blanks(0, len(self.text) - 1)
        self.header, at = self.record(at, sys.maxsize)
        self.problems += header_problems(self.header, expected, self.file)
        width = len(self.header)
        while (at := self.past_blanks(at, len(self.text))) < len(self.text):
            cells, after = self.record(at, width)
            if len(cells) != width:
                count = f"{len(cells)}" if len(cells) <= width else f"more than {width}"
                rule, message = "ragged-row", f"the row has {count} cells, the header has {width}"
                if CONFLICT.match(self.text[at]):
                    rule, message = "merge-conflict", "Git left a conflict here"
                self.problems.append(Problem.of(rule, self.file, at + 1, None, self.text[at], message))
            self.rows.append(cells)
            self.lines.append(at + 1)
            at = after

    def past_blanks(self, at: int, end: int) -> int:
        """The index of the next line before `end` that is not blank, or `end`; reports blank ones."""
        while at < end and not self.text[at].strip(" \t"):
            self.problems.append(Problem.of("blank-row", self.file, at + 1))
            at += 1
        return at

    def record(self, at: int, limit: int) -> tuple[list[str], int]:
        """The cells of the record that starts at index `at`, and the index after it.

        No more than `limit` + 1 cells are cut, so that a broken line cannot fill the memory.
        """
        line, start, after = self.text[at], 0, at + 1
        if '"' not in line:
            return line.split(",", limit), after
        cells: list[str] = []
        while start <= len(line) and len(cells) <= limit:
            if OPEN.match(line, start):
                line, after = self.joined(line, start, after)
            cell = CELL.match(line, start)
            assert cell is not None  # an empty cell matches
            cells.append(self.value(cell, at, len(cells)))
            start = cell.end() + 1
        return cells, after

    def joined(self, line: str, start: int, after: int) -> tuple[str, int]:
        """The record with the lines that close the quote opened at `start`, if some do soon."""
        for end in range(after, min(after + LINES_IN_A_CELL, len(self.text))):
            if '"' in self.text[end]:
                whole = "\n".join([line, *self.text[after : end + 1]])
                closed = QUOTED.match(whole, start)
                return (whole, end + 1) if closed else (line, after)
        return line, after

    def value(self, cell: re.Match[str], at: int, position: int) -> str:
        """The value of a cell of the record at index `at`; says what is wrong with its quotes."""
        quoted = cell[1] is not None
        value = cell[1].replace('""', '"') if quoted else cell[0]
        broken = None
        if quoted and "\n" in value:
            broken = "line-break-in-cell"
        elif quoted and not re.search('[",\r]', value):
            broken = "needless-quotes"
        elif not quoted and '"' in value:
            broken = "bare-quote"
        last = self.problems[-1] if self.problems else None
        said = last and broken == "needless-quotes" and (last.rule, last.line) == (broken, at + 1)
        if broken and not said:  # once in a line is enough
            column = self.header[position] if position < len(self.header) else None
            self.problems.append(Problem.of(broken, self.file, at + 1, column, value))
        return value


def scan(data: bytes, file: str, expected: list[str]) -> Scanner:
    """The records of a file as far as they can be read, and every problem of its form."""
    problems: list[Problem] = []
    scanner = Scanner(file, physical_lines(data, file, expected, problems), problems)
    if scanner.text:
        scanner.scan(expected)
    return scanner


def header_problems(header: list[str], expected: list[str], file: str) -> Iterator[Problem]:
    """Missing, unknown, repeated and reordered columns."""
    count, ours = Counter(header), set(expected)
    unknown = [name for name in header if name not in ours]
    for name in expected:
        if name not in count:
            yield Problem.of("column-missing", file, 1, name, name, f"the column {name} is missing")
        elif count[name] > 1:
            yield Problem.of("column-twice", file, 1, name, name, f"the column {name} stands twice")
    if len(unknown) > UNKNOWN_NAMED:
        message = f"{len(unknown)} of {len(header)} columns are not in the contract"
        yield Problem.of("column-unknown", file, 1, message=message)
    for name in unknown if len(unknown) <= UNKNOWN_NAMED else []:
        hint = did_you_mean(name, sorted(ours - set(header)))
        yield Problem.of("column-unknown", file, 1, name, name, f"the contract has no column {name!r}", hint)
    present = [name for name in count if name in ours]
    if present != [name for name in expected if name in count]:
        message = f"the columns stand in the order {', '.join(present)}"
        yield Problem.of("column-order", file, 1, message=message)
