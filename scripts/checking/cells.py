"""Cells by themselves: their type, characters that do not belong, are not seen or do harm; order of rows."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contract import Column
from schemas.formats import Mask, mask, respelled
from schemas.problems import KINDS, Problem
from scripts.checking.reading import TextTable

INVISIBLE_CHARACTERS = (
    r"\x{00a0}\x{00ad}\x{034f}\x{061c}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180e}\x{2000}-\x{200f}"
    r"\x{2028}-\x{202f}\x{205f}-\x{206f}\x{3000}\x{3164}\x{feff}\x{fff9}-\x{fffd}"
)
LOOK_ALIKE = r"[\p{Cyrillic}\p{Greek}\p{Armenian}]"
FORMS = {
    "control-character": r"[\x00-\x09\x0b-\x1f\x7f-\x{9f}]",
    "blank-at-end": r"\A[\s\pZ]|[\s\pZ]\z",
    "invisible-character": f"[{INVISIBLE_CHARACTERS}]",
    "mixed-script": rf"\p{{Latin}}{LOOK_ALIKE}|{LOOK_ALIKE}\p{{Latin}}",
}
FORMULA_FORM = r"\A[=+@]|\A-(?:[^0-9]|\z)|\A-[0-9.]+[^0-9.]"
GARBLED_FORM = (
    r"(?i)#(?:REF|NAME|VALUE|NUM|NULL|SPILL|CALC|DIV/0)[!?]|#N/A|&(?:#[0-9]+|#x[0-9a-f]+|[a-z]{2,8});"
    r"|_x[0-9a-f]{4}_|</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|\?{4,}"
)
MISREAD_FORM = r"[\x{c2}-\x{f4}][^\x00-\x7f]"  # the first bytes of UTF-8 as letters of Windows-1252
LONGEST = 5000  # characters

BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
# One cheap pass that lets nearly every cell go: only what it catches is looked at closely.
SUSPICIOUS = rf"[^ -~]|\A[ =+@-]| \z|{GARBLED_FORM}"


def cell_problems(read: TextTable, bad: dict[str, Mask]) -> Iterator[Problem]:
    """Every problem of a cell by itself; `bad` marks the cells that are no values of their type."""
    for column in read.columns:
        yield from column_problems(read, column, bad[column.name])
        for i in np.flatnonzero(bad[column.name]):
            value = read.text[column.name][int(i)].as_py()
            right = respelled(column.type, value)
            fix = f"Write {right}, if that is what is meant." if right else None
            message = f"{value!r} is no {column.type}"
            yield read.problem(f"type-{column.type}", i, column.name, value, message, fix)


def suspicious(values: pa.ChunkedArray, column: Column, bad: Mask) -> Mask:
    """The cells to look at closely; a value of a type or an enumeration is of good form by itself."""
    if column.type != "string":
        return bad
    if column.categories:
        return mask(pc.invert(pc.is_in(values, pa.array(column.categories)))) & mask(values.is_valid())
    return mask(pc.or_(pc.match_substring_regex(values, SUSPICIOUS), too_long(values)))


def too_long(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether each text is longer than any may be."""
    return pc.greater(pc.utf8_length(cells), LONGEST)


def misread(text: str | None) -> bool:
    """Whether part of a text is UTF-8 that was read as Windows-1252, so that it gets shorter when read anew.

    >>> misread("donâ€™t"), misread("Ð¥Ð°Ñ€"), misread("JosÃ©"), misread("José"), misread("Харків")
    (True, True, True, False, False)
    """
    for run in BEYOND_ASCII.findall(text or ""):
        with suppress(UnicodeError):
            if len(run.encode("cp1252").decode("utf-8")) < len(run):
                return True
    return False


def column_problems(read: TextTable, column: Column, bad: Mask) -> Iterator[Problem]:
    """The problems of the cells of one column."""
    values = read.text[column.name]
    suspects = np.flatnonzero(suspicious(values, column, bad))
    if not len(suspects):
        return
    cells = values.take(pa.array(suspects))
    judged = [(rule, mask(pc.match_substring_regex(cells, form))) for rule, form in FORMS.items()]
    if column.type == "string":
        judged.append(("formula", mask(pc.match_substring_regex(cells, FORMULA_FORM))))
        judged.append(("garbled", mask(pc.match_substring_regex(cells, GARBLED_FORM)) | misread_cells(cells)))
        judged.append(("too-long", mask(too_long(cells))))
    judged.append(("not-nfc", mask(pc.not_equal(pc.utf8_normalize(cells, "NFC"), cells))))
    for rule, broken in judged:
        for i in np.flatnonzero(broken):
            value = cells[int(i)].as_py()
            message = f"{KINDS[rule].sentence} Here: {named}" if (named := unseen(value)) else None
            yield read.problem(rule, suspects[i], column.name, value, message)


def misread_cells(cells: pa.ChunkedArray) -> Mask:
    """The cells of which a part was read in a wrong encoding."""
    suspects = mask(pc.match_substring_regex(cells, MISREAD_FORM))
    for i in np.flatnonzero(suspects):
        suspects[i] = misread(cells[int(i)].as_py())
    return suspects


def unseen(value: str) -> str:
    """The characters of a text that cannot be seen, by number and name; of its first, if it is too long."""
    hidden = dict.fromkeys(c for c in value[:LONGEST] if not c.isprintable())
    return ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'control')}" for c in hidden)


def order_problems(read: TextTable) -> Iterator[Problem]:
    """Rows that stand after a row with a greater primary key."""
    columns = read.table.primary_key
    if not columns or set(columns) & read.absent or read.rows < 2:
        return
    keys = joined_key(read, columns)
    earlier = mask(pc.less(keys.slice(1), keys.slice(0, read.rows - 1)))
    for i in np.flatnonzero(earlier):
        key = ", ".join(str(read.text[name][int(i) + 1].as_py()) for name in columns)
        message = f"{key!r} sorts before the row above it"
        yield read.problem("row-order", i + 1, columns[0], key, message)


def joined_key(read: TextTable, columns: tuple[str, ...], nulls: str = "emit_null") -> pa.Array:
    """The values of a key as one column that sorts and compares as the key does.

    It is null where a part is; with `nulls="replace"` such a part is an empty text.
    """
    cells = [read.text[name] for name in columns]
    if len(cells) == 1:
        return (pc.fill_null(cells[0], "") if nulls == "replace" else cells[0]).combine_chunks()
    # U+0000 sorts before every other character, so that the first column decides.
    return pc.binary_join_element_wise(*cells, "\0", null_handling=nulls).combine_chunks()
