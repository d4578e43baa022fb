"""The form of cells: characters that cannot be seen, do not belong or do harm; order of rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Column
from schemas.formats import Mask, mask
from schemas.problems import Kind, Problem, kind
from scripts.checking.buffers import Bytes, bounded_by, holding
from scripts.checking.reading import TextTable

INVISIBLE_CHARACTERS = (
    r"\x{00a0}\x{00ad}\x{034f}\x{061c}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180e}\x{2000}-\x{200f}"
    r"\x{2028}-\x{202f}\x{205f}-\x{206f}\x{3000}\x{3164}\x{feff}\x{fff9}-\x{fffd}"
)
FORMS: list[tuple[Kind, str]] = [
    (
        kind(
            "control-character",
            "A cell holds no control characters.",
            "Remove the character; a tab becomes a blank.",
        ),
        r"[\x00-\x09\x0b-\x1f\x7f-\x{9f}]",
    ),
    (kind("blank-at-end", "A cell has no blanks at its ends.", fixable=True), r"\A[\s\pZ]|[\s\pZ]\z"),
    (
        kind(
            "invisible-character",
            "A cell holds no no-break, zero-width or other invisible characters.",
            "Write an ordinary blank, or nothing.",
        ),
        f"[{INVISIBLE_CHARACTERS}]",
    ),
    (
        kind(
            "mixed-script",
            "No word mixes Latin letters with look-alikes of another script.",
            "Type the word anew in one script.",
        ),
        r"\p{Latin}[\p{Cyrillic}\p{Greek}\p{Armenian}]|[\p{Cyrillic}\p{Greek}\p{Armenian}]\p{Latin}",
    ),
]
FORMULA = kind(
    "formula",
    "No text begins with =, +, - or @, which a spreadsheet would run; a plain negative number may.",
    "Begin with another character, for example a word or a quotation mark.",
)
FORMULA_FORM = r"\A[=+@]|\A-(?:[^0-9]|\z)|\A-[0-9.]+[^0-9.]"
LONG = kind(
    "cell-length",
    "A cell holds at most 32,767 characters, as many as one of a spreadsheet.",
    "Shorten the text, or divide it between two columns.",
)
LONGEST = 32_767
NFC = kind("not-nfc", "Text is in Unicode normalisation form C.", fixable=True)
ROW_ORDER = kind("row-order", "Rows are sorted by primary key, in code point order.", fixable=True)

# One cheap pass that lets nearly every cell go: only what it catches is looked at closely.
SUSPICIOUS_FIRST = np.frombuffer(b" =+-@", np.uint8)
SUSPICIOUS_LAST = np.frombuffer(b" ", np.uint8)


def cell_problems(read: TextTable, bad: dict[str, Mask]) -> Iterator[Problem]:
    """Every problem of the form of a cell; `bad` marks the cells that are no values of their type."""
    for column in read.columns:
        yield from column_problems(read, column, bad[column.name])


def suspicious(values: pa.ChunkedArray, column: Column, bad: Mask) -> Mask:
    """The cells to look at closely; a value of a type or an enumeration is of good form by itself."""
    if column.type != "string":
        return bad
    if column.categories:
        return mask(pc.invert(pc.is_in(values, pa.array(column.categories)))) & mask(values.is_valid())
    caught = [
        holding(cells, beyond_printable_ascii) | bounded_by(cells, SUSPICIOUS_FIRST, SUSPICIOUS_LAST)
        for cells in values.chunks
    ]
    return np.concatenate(caught) if caught else np.zeros(0, dtype=bool)


def beyond_printable_ascii(data: Bytes) -> Mask:
    """Bytes outside the blank to the tilde; subtraction wraps around, so that one comparison will do."""
    found: Mask = data - np.uint8(0x20) > np.uint8(0x5E)
    return found


def column_problems(read: TextTable, column: Column, bad: Mask) -> Iterator[Problem]:
    """The problems of the cells of one column."""
    values = read.text[column.name]
    for i in np.flatnonzero(mask(pc.greater(pc.utf8_length(values), LONGEST))):
        yield LONG.at(read.table.path, int(read.lines[i]), column.name, values[int(i)].as_py()[:100])
    suspects = np.flatnonzero(suspicious(values, column, bad))
    if not len(suspects):
        return
    cells = values.take(pa.array(suspects))
    found = [(kind, mask(pc.match_substring_regex(cells, form))) for kind, form in FORMS]
    if column.type == "string":
        found.append((FORMULA, mask(pc.match_substring_regex(cells, FORMULA_FORM))))
    found.append((NFC, mask(pc.not_equal(pc.utf8_normalize(cells, "NFC"), cells))))
    for rule, broken in found:
        for i in np.flatnonzero(broken):
            value = cells[int(i)].as_py()
            message = f"{rule.sentence} Here: {named}" if (named := unseen(value)) else None
            yield rule.at(read.table.path, int(read.lines[suspects[i]]), column.name, value, message)


def unseen(value: str) -> str:
    """The characters of a text that cannot be seen, by number and name."""
    found = dict.fromkeys(c for c in value if not c.isprintable())
    return ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'control')}" for c in found)


def order_problems(read: TextTable) -> Iterator[Problem]:
    """Rows that stand after a row with a greater primary key."""
    columns = read.table.primary_key
    if set(columns) & read.absent or read.rows < 2:
        return
    keys = joined_key(read, columns)
    earlier = mask(pc.less(keys.slice(1), keys.slice(0, read.rows - 1)))
    for i in np.flatnonzero(earlier):
        key = ", ".join(str(read.text[name][int(i) + 1].as_py()) for name in columns)
        message = f"{key!r} sorts before the row above it"
        yield ROW_ORDER.at(read.table.path, int(read.lines[i + 1]), columns[0], key, message)


def joined_key(read: TextTable, columns: tuple[str, ...]) -> pa.Array:
    """The values of a key as one column that sorts and compares as the key does; null if all are."""
    cells = [read.text[name] for name in columns]
    if len(cells) == 1:
        return cells[0].combine_chunks()
    # U+0000 sorts before every other character, so that the first column decides.
    return pc.binary_join_element_wise(*cells, "\0", null_handling="emit_null").combine_chunks()


def repeated(keys: pa.Array) -> Mask:
    """True for each non-null key that stood in an earlier row."""
    counted: Mask = keys.to_pandas().duplicated().to_numpy() & mask(keys.is_valid())
    return counted
