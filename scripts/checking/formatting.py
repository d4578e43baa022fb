"""A table in canonical form, and what a spreadsheet does to it that only a person can undo.

The form: sorted by key, in the contract's order of columns, quoted where needed.
"""

import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Column, Table
from schemas.formats import mask
from schemas.pandera_schemas import whole
from schemas.problems import KINDS, Problem
from scripts.checking.cells import joined_key
from scripts.checking.reading import TextTable, read_table

FORMS = [
    r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}",  # 3/1/2022, 1.3.2022
    r"\d{1,2}[- ][A-Za-z]{3,9}\.?(?:[- ]\d{2,4})?",  # 9-Jan, 14 May 2024
    r"[A-Za-z]{3,9}\.?[- ](?:\d{1,2},? )?\d{2,4}",  # Oct-00, May 14, 2024
]
ISO = r"\d{4}-\d\d-\d\d"
BOOLEANS = ["TRUE", "FALSE", "True", "False"]
WHOLE = {"separator", "dates-respelled"}  # what was done to a whole file, and causes its other problems


class NotFormattedError(Exception):
    """The file cannot be formatted without a change of meaning; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def formatted(table: Table, data: bytes) -> bytes:
    """The bytes of a table in canonical form, of the same meaning as those given.

    Raises NotFormattedError where only a person can tell what is meant: ragged rows, stray quotes, line
    breaks, other encodings, missing or unknown columns, keys that would become one.
    """
    read = read_table(table, without_empty_columns(data))
    refused = [problem for problem in read.problems if not KINDS[problem.rule].fixable]
    if refused := [*spoilt(table, data)] or [*rewritten(read)] or refused:
        raise NotFormattedError(refused)
    filled = pa.array(~read.ragged)  # what is left of ragged rows are those in which every cell is empty
    columns = {column.name: normalised(read.text[column.name], column) for column in table.columns}
    plain = pa.table(columns).filter(filled)
    clean = TextTable(table, plain, read.lines[~read.ragged], read.ragged[~read.ragged])
    keys = joined_key(clean, table.primary_key)
    if repeated(keys) > repeated(joined_key(read, table.primary_key)):
        raise NotFormattedError([Problem.of("format-merges-keys", table.path, 1, table.primary_key[0])])
    rows = plain.take(pc.sort_indices(keys))
    cells = (map(quoted, column.to_pylist()) for column in rows.columns)
    lines = map(",".join, [table.column_names, *zip(*cells, strict=True)])
    return "".join(f"{line}\n" for line in lines).encode()


def repeated(keys: pa.Array) -> int:
    """How many keys, of those that are not null, stood in an earlier row."""
    given = keys.drop_null()
    return len(given) - len(given.unique())


def quoted(cell: str | None) -> str:
    """A cell as it stands in the file: in quotation marks only if it holds one, a comma or a line end."""
    if cell and re.search('[",\r\n]', cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell or ""


def normalised(cells: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    """Cells in NFC without blanks at their ends; one that held nothing else is empty."""
    trimmed = pc.utf8_normalize(pc.utf8_trim_whitespace(cells), "NFC")
    if column.type == "boolean":  # which a spreadsheet writes in capitals
        trimmed = pc.if_else(pc.is_in(trimmed, pa.array(BOOLEANS)), pc.utf8_lower(trimmed), trimmed)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def spoilt(table: Table, data: bytes) -> Iterator[Problem]:
    """One problem where the cells are separated by something else than commas."""
    header = data.split(b"\n", 1)[0].decode("utf-8", "replace")
    width = len(table.columns) - 1
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if header.count(sign) >= width > header.count(","):
            message = f"the cells are separated by {name}, not by commas"
            yield Problem.of("separator", table.path, 1, message=message)


def rewritten(read: TextTable) -> Iterator[Problem]:
    """One problem where several dates, or any vote, look as a spreadsheet writes dates."""
    written = []
    for column in read.columns:
        if column.name == "vote" or column.type == "date":
            form = "|".join([*FORMS, ISO] if column.name == "vote" else FORMS)
            fits = mask(pc.match_substring_regex(read.text[column.name], whole(form)))
            written += [(i, column.name) for i in np.flatnonzero(fits)]
    if len(written) > 1 or any(name == "vote" for _, name in written):
        row, name = written[0]
        line, cell = read.lines[row], read.text[name][int(row)].as_py()
        message = f"a spreadsheet has made dates of its own of {len(written)} cells, the first in line {line}"
        yield Problem.of("dates-respelled", read.table.path, 1, name, cell, message)


def without_empty_columns(data: bytes) -> bytes:
    """A file without columns at its right that have neither a name nor a cell."""
    header = re.match(rb'[^\r\n]*?((?:,(?:"")?)+)\r?(?:\n|\Z)', data)
    if not header:
        return data
    empty = rb'(?:,(?:"")?){%d}(?=\r?$)' % header[1].count(b",")
    shorter, lines = re.subn(empty, b"", data, flags=re.M)
    return shorter if lines == sum(map(bool, data.splitlines())) else data
