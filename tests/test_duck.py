"""The load that the benchmark measures: DuckDB refuses what breaks the contract's columns and keys."""

import duckdb
import pytest

from benchmarks.duck import load


def test_duckdb_loads_a_valid_package(tiny):
    assert load(tiny) is None


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pairs", ",friendship,", ",twins,"),
        ("pairs", ",friendship,", ",,"),
        ("pairs", ",weekly-2022-06-06-essay,", ",nowhere,"),
        ("places", ",RU-MOW,", ",RU/MOW,"),
        ("places", ",55.75", ",155.75"),
    ],
)
def test_duckdb_refuses_a_broken_row(tiny, file, old, new):
    path = tiny.parent / "data" / f"{file}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(duckdb.Error):
        load(tiny)
