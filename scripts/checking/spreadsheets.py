"""What a spreadsheet does to a CSV file when it saves it: what can be undone, and what only a person can."""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Table
from schemas.formats import mask
from schemas.pandera_schemas import whole
from schemas.problems import Problem
from scripts.checking.reading import TextTable

FORMS = [
    r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}",  # 3/1/2022, 1.3.2022
    r"\d{1,2}[- ][A-Za-z]{3,9}\.?(?:[- ]\d{2,4})?",  # 9-Jan, 14 May 2024
    r"[A-Za-z]{3,9}\.?[- ](?:\d{1,2},? )?\d{2,4}",  # Oct-00, May 14, 2024
]
ISO = r"\d{4}-\d\d-\d\d"
BOOLEANS = ["TRUE", "FALSE", "True", "False"]


WHOLE = {"separator", "dates-respelled"}  # what was done to a whole file, and causes its other problems


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
    first = data.split(b"\n", 1)[0].rstrip(b"\r")
    if not first.endswith((b",", b',""')):
        return data
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return data
    header = rows[0]
    while header and not header[-1]:
        header = header[:-1]
    if any(row and (len(row) != len(rows[0]) or any(row[len(header) :])) for row in rows):
        return data
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(row[: len(header)] for row in rows)
    return text.getvalue().encode()


def lower_booleans(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """TRUE and FALSE in small letters, as a spreadsheet does not write them."""
    return pc.if_else(pc.is_in(cells, pa.array(BOOLEANS)), pc.utf8_lower(cells), cells)
