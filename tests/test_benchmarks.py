"""What the benchmarks measure: a load that refuses as the contract does, packages that are valid, a site."""

import duckdb
import pytest

from benchmarks.duck import load
from benchmarks.serving import main as serving
from benchmarks.synthetic import write_package
from scripts.checking.validator import check


def test_duckdb_loads_a_valid_package(tiny):
    assert load(tiny) is None


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pairs", ",friendship,", ",twins,"),
        ("pairs", ",friendship,", ",,"),
        ("pairs", ",weekly-2022-06-06-essay,", ",nowhere,"),
        ("sources", "https://example.org/report?a=1", "https://example.org/letter"),
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


def test_made_up_package_is_valid_and_fills_every_table(tmp_path):
    report = check(write_package(tmp_path / "package", 200))
    assert (report.problems, [table for table, rows in report.rows.items() if not rows]) == ([], [])


def test_serving_without_a_build_is_refused(tmp_path, capsys):
    assert (serving(["--out", str(tmp_path)]), "is no build" in capsys.readouterr().err) == (2, True)
