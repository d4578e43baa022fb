"""A table's bytes as columns of text.

A file in canonical form is parsed by Arrow, written again and compared byte by byte, which proves in
one stroke its encoding, line ends, header, field counts and quoting. Any other file goes to the slow
scanner, which says what is wrong and on which line.
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
from scripts.checking.buffers import Bytes, holding
from scripts.checking.scanning import BLANK_ROW, Scanned, scan


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


def read_table(table: Table, data: bytes) -> TextTable:
    """The text of a table from the bytes of its file, with every lexical problem of its lines."""
    text = read_canonical(table, data)
    if text is None:
        return without_empty_rows(laid_out(table, scan(data, table.path, table.column_names)))
    rows = text.num_rows
    return without_empty_rows(TextTable(table, text, np.arange(2, rows + 2), np.zeros(rows, dtype=bool)))


def without_empty_rows(read: TextTable) -> TextTable:
    """The table with its rows of empty cells marked as ragged, so that nothing else is said of them."""
    if read.rows and read.text[read.table.column_names[0]].null_count:
        empty = np.ones(read.rows, dtype=bool)
        for name in read.table.column_names:
            empty &= mask(read.text[name].is_null())
        read.ragged |= empty
        for line in read.lines[empty]:
            message = "the row has only empty cells"
            read.problems.append(BLANK_ROW.at(read.table.path, int(line), message=message))
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
    # Without a quotation mark there is one way only to write these cells, which Arrow has read.
    if b'"' not in data:
        return text
    return text if written_alike(text, pa.py_buffer(data).slice(len(header))) else None


def written_alike(text: pa.Table, body: pa.Buffer) -> bool:
    """Whether writing the rows canonically gives these bytes."""
    start = 0
    for batch in text.to_batches(max_chunksize=65_536):
        piece = canonical_rows(batch)
        # Buffers are compared by memcmp, memory views by one Python object a byte.
        if not piece.equals(body.slice(start, min(piece.size, body.size - start))):
            return False
        start += piece.size
    return start == int(body.size)


def canonical_rows(batch: pa.RecordBatch) -> pa.Buffer:
    """Rows of text as canonical CSV: commas, LF, quotes only around cells that need them."""
    cells = [quoted(column) for column in batch.columns]
    rows = pc.binary_join_element_wise(*cells, ",")
    ended = pc.binary_join_element_wise(rows, "", "\n")
    _, offsets, values = ended.buffers()
    if values is None:
        return pa.py_buffer(b"")
    ends = np.frombuffer(offsets, dtype=np.int32)
    start = int(ends[ended.offset])
    return values.slice(start, int(ends[ended.offset + len(ended)]) - start)


def quoted(column: pa.Array) -> pa.Array:
    """The cells as they stand in canonical CSV."""
    cells = pc.fill_null(column, "")
    needs = holding(cells, breaking)
    if not needs.any():
        return cells
    marked = pc.binary_join_element_wise('"', pc.replace_substring(cells, '"', '""'), '"', "")
    return pc.if_else(pa.array(needs), marked, cells)


def breaking(data: Bytes) -> Mask:
    """Bytes for which a cell must be quoted: quotation mark, comma, LF, CR."""
    found: Mask = (data == 0x22) | (data == 0x2C) | (data == 0x0A) | (data == 0x0D)
    return found


def laid_out(table: Table, scanned: Scanned) -> TextTable:
    """Scanned records in the columns of the contract, found by their names in the header."""
    position = {name: i for i, name in reversed(list(enumerate(scanned.header)))}
    columns = {}
    for name in table.column_names:
        cells = scanned.columns[position[name]] if name in position else [None] * scanned.rows
        columns[name] = pa.chunked_array([pa.array(cells, pa.string())])
    return TextTable(
        table,
        pa.table(columns),
        np.array(scanned.lines, dtype=np.int64),
        np.array(scanned.ragged, dtype=bool),
        frozenset(set(table.column_names) - set(position)),
        scanned.problems,
    )
