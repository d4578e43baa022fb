"""Cells found by their bytes, compared with what a regular expression finds in each."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.checking.buffers import bounded_by, holding
from scripts.checking.cells import SUSPICIOUS_FIRST, SUSPICIOUS_LAST, beyond_printable_ascii
from scripts.checking.reading import breaking

CELLS = st.lists(st.none() | st.text(st.sampled_from('ab =+-@,"\n\r\t~é\x7fКиїв')), max_size=8)


def as_slice(cells: list[str | None]) -> pa.Array:
    """The cells as a slice out of a longer column, whose offsets do not begin at 0."""
    return pa.array(["before, ", *cells, None, " after"], pa.string()).slice(1, len(cells))


def matching(form: str, cells: list[str | None]) -> list[bool]:
    """Whether each cell matches; null does not."""
    return [cell is not None and re.search(form, cell) is not None for cell in cells]


@pytest.mark.parametrize(
    ("wanted", "form"),
    [(breaking, '[",\n\r]'), (beyond_printable_ascii, "[^ -~]")],
)
@given(cells=CELLS)
def test_a_byte_is_found_in_its_own_cell(wanted, form: str, cells: list[str | None]) -> None:
    assert holding(as_slice(cells), wanted).tolist() == matching(form, cells)


@given(cells=CELLS)
def test_the_first_and_last_bytes_of_a_cell_are_its_own(cells: list[str | None]) -> None:
    found = bounded_by(as_slice(cells), SUSPICIOUS_FIRST, SUSPICIOUS_LAST)
    assert found.tolist() == matching(r"\A[ =+@-]| \Z", cells)


def test_a_column_of_nothing_has_no_bytes() -> None:
    assert not holding(pa.nulls(3, pa.string()), breaking).any()


def test_what_bytes_a_null_has_does_not_count() -> None:
    offsets = np.array([0, 1, 2], np.int32)
    buffers = [pa.py_buffer(b"\x02"), pa.py_buffer(offsets.tobytes()), pa.py_buffer(b",,")]
    cells = pa.Array.from_buffers(pa.string(), 2, buffers)
    assert holding(cells, breaking).tolist() == [False, True]
