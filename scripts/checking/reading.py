"""A table's bytes as columns of text.

A file in canonical form is parsed by Arrow. Any other file goes to the slow scanner, which says what is
wrong and on which line.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from schemas.contract import Column, Table
from schemas.formats import Mask, mask
from schemas.problems import Problem
from scripts.checking.scanning import scan

CELL = r'(?:[^",]*|"(?:[^"]|"")*(?:,|"")(?:[^"]|"")*")'  # quoted if it holds a comma or a quotation mark
CANONICAL = rf"\A{CELL}(?:,{CELL})*\z"  # a line


@dataclass
class TextTable:
    """The cells of one file as text: columns as the contract names them, null for an empty cell.

    `lines` holds the physical line of each row, `ragged` marks rows with a wrong number of cells,
    `absent` names columns that the file lacks, `problems` is what reading found.
    """

    table: Table
    text: pa.Table
    lines: npt.NDArray[np.int64]
    ragged: Mask
    absent: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)

    @property
    def columns(self) -> list[Column]:
        """The columns of the contract that the file has."""
        return [column for column in self.table.columns if column.name not in self.absent]

    @property
    def rows(self) -> int:
        """The number of rows below the header."""
        return int(self.text.num_rows)

    def problem(self, rule: str, row: int | np.integer, *said: str | None) -> Problem:
        """A problem of the row with that index; `said`: column, value, message and fix, as in Problem.of."""
        return Problem.of(rule, self.table.path, int(self.lines[row]), *said)


def read_table(table: Table, data: bytes) -> TextTable:
    """The text of a table from the bytes of its file, with every lexical problem of its lines."""
    text = read_canonical(table, data)
    if text is None:
        return without_empty_rows(read_slowly(table, data))
    rows = text.num_rows
    return without_empty_rows(TextTable(table, text, np.arange(2, rows + 2), np.zeros(rows, dtype=bool)))


def without_empty_rows(read: TextTable) -> TextTable:
    """The table with its rows of empty cells marked as ragged, so that nothing else is said of them."""
    if read.rows and read.text[read.table.column_names[0]].null_count:
        empty = np.all([mask(column.is_null()) for column in read.text.columns], axis=0)
        read.ragged |= empty
        message = "the row has only empty cells"
        read.problems += [read.problem("blank-row", i, None, None, message) for i in np.flatnonzero(empty)]
    return read


def read_canonical(table: Table, data: bytes) -> pa.Table | None:
    """The text of a file in canonical form, or None where the bytes are anything else."""
    names = table.column_names
    header = (",".join(names) + "\n").encode()
    if not data.startswith(header):
        return None
    if len(data) == len(header):
        return pa.table({name: pa.array([], pa.string()) for name in names})
    if not data.endswith(b"\n"):
        return None
    try:
        text = pacsv.read_csv(
            pa.BufferReader(data),
            pacsv.ReadOptions(column_names=names, skip_rows=1),
            pacsv.ParseOptions(ignore_empty_lines=False),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return None
    # Arrow takes CR for a line end and a blank line for a row, and lets quoted line breaks pass
    # within one of its blocks.
    if text.num_rows + 1 != data.count(b"\n") or b"\r" in data or b"\n\n" in data:
        return None
    if b'"' in data:  # without one there is one way only to write these cells
        lines = pc.split_pattern(pa.array([data]), "\n").flatten()
        if not pc.all(pc.match_substring_regex(lines, CANONICAL)).as_py():
            return None
    return text


def read_slowly(table: Table, data: bytes) -> TextTable:
    """The text of any file; columns are found by their names in the header, and lacking cells are empty."""
    scanned = scan(data, table.path, table.column_names)
    position = {name: i for i, name in reversed(list(enumerate(scanned.header)))}
    columns = {}
    for name in table.column_names:
        i = position.get(name, len(scanned.header))
        cells = [row[i] or None if i < min(len(row), len(scanned.header)) else None for row in scanned.rows]
        columns[name] = pa.chunked_array([pa.array(cells, pa.string())])
    return TextTable(
        table,
        pa.table(columns),
        np.array(scanned.lines, dtype=np.int64),
        np.array([len(row) != len(scanned.header) for row in scanned.rows], dtype=bool),
        frozenset(set(table.column_names) - set(position)),
        scanned.problems,
    )
