"""A table in canonical form: sorted by key, in the contract's order of columns, quoted where needed."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Column, Table
from schemas.problems import KINDS, Problem
from scripts.checking.cells import joined_key, repeated
from scripts.checking.reading import TextTable, read_table
from scripts.checking.spreadsheets import lower_booleans, rewritten, spoilt, without_empty_columns


class RefusedError(Exception):
    """The file cannot be formatted without a change of meaning; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def formatted(table: Table, data: bytes) -> bytes:
    """The bytes of a table in canonical form, of the same meaning as those given.

    Raises RefusedError where only a person can tell what is meant: ragged rows, stray quotes, line
    breaks, other encodings, missing or unknown columns, keys that would become one.
    """
    read = read_table(table, without_empty_columns(data))
    refused = [problem for problem in read.problems if not KINDS[problem.rule].fixable]
    if refused := [*spoilt(table, data)] or [*rewritten(read)] or refused:
        raise RefusedError(refused)
    filled = pa.array(~read.ragged)  # what is left of ragged rows are those in which every cell is empty
    columns = {column.name: normalised(read.text[column.name], column) for column in table.columns}
    plain = pa.table(columns).filter(filled)
    clean = TextTable(table, plain, read.lines[~read.ragged], read.ragged[~read.ragged])
    keys = joined_key(clean, table.primary_key)
    if repeated(keys).sum() > repeated(joined_key(read, table.primary_key)).sum():
        raise RefusedError([Problem.of("format-merges-keys", table.path, 1, table.primary_key[0])])
    rows = plain.take(pc.sort_indices(keys))
    cells = (map(quoted, column.to_pylist()) for column in rows.columns)
    lines = map(",".join, [table.column_names, *zip(*cells, strict=True)])
    return "".join(f"{line}\n" for line in lines).encode()


def quoted(cell: str | None) -> str:
    """A cell as it stands in the file: in quotation marks only if it holds one, a comma or a line end."""
    if cell and re.search('[",\r\n]', cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell or ""


def normalised(cells: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    """Cells in NFC without blanks at their ends; one that held nothing else is empty."""
    trimmed = pc.utf8_normalize(pc.utf8_trim_whitespace(cells), "NFC")
    if column.type == "boolean":
        trimmed = lower_booleans(trimmed)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
