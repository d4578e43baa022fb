"""Another engine over the Parquet files answers the canned questions as SQLite does."""

import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest
from conftest import ROOT

from benchmarks.partitioned import write_synthetic
from benchmarks.questions import ASKED, QUESTIONS, TABLES, canned, question, views

DAYS = [date(1990, 1, 1), date(2022, 2, 24), date(2022, 3, 1), date(2022, 6, 4), date(2026, 1, 1)]


@pytest.fixture(scope="session")
def duck(dist):
    """DuckDB over the released Parquet files, with the views that SQLite has."""
    engine = duckdb.connect()
    for name in TABLES:
        engine.execute(f"CREATE VIEW {name} AS SELECT * FROM '{dist / 'parquet' / name}.parquet'")
    for view in views("CREATE VIEW"):
        engine.execute(view)
    yield engine
    engine.close()


def plain(rows):
    """Rows with dates as text and sums as plain numbers."""
    return [
        tuple(str(v) if isinstance(v, date) else float(v) if isinstance(v, float) else v for v in row)
        for row in rows
    ]


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("name", QUESTIONS)
def test_duckdb_over_parquet_answers_as_sqlite_does(duck, dist, name, day):
    with closing(sqlite3.connect(dist / "sister_cities.db")) as db:
        right = db.execute(canned(name), {"date": str(day), "tie": ""}).fetchall()
    assert plain(duck.execute(question(name, day)).fetchall()) == right


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """A made-up package of a few intervals, as the benchmark makes one of ten million."""
    folder = tmp_path_factory.mktemp("made") / "up"
    write_synthetic(folder, 400)
    return folder


@pytest.mark.parametrize(("name", "file"), [(name, f"{name}.parquet") for name in TABLES])
def test_made_up_table_has_the_types_of_the_released_one(dist, made_up, name, file):
    made = made_up / file if (made_up / file).exists() else min(made_up.glob(f"{name}/*/*.parquet"))
    types = [[(f.name, f.type) for f in pq.read_schema(path)] for path in (made, dist / "parquet" / file)]
    assert types[0] == types[1]


def test_made_up_intervals_lie_in_the_folders_of_their_years(made_up):
    files = f"read_parquet('{made_up}/pair_status_history/*/*.parquet', hive_partitioning = true)"
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT count(*), count_if(year(valid_from) = year) FROM {files}").fetchone()
    assert found == (400, 400)


def test_command_of_the_document_answers_in_the_folder_of_a_release(dist):
    text = (ROOT / "docs" / "larger-than-one-machine.md").read_text("utf-8")
    (command,) = re.findall(r"^python (-c .*)$", text, re.M)
    done = subprocess.run(
        [sys.executable, *shlex.split(command)], cwd=dist, capture_output=True, text=True, check=True
    )
    assert {"suspended", "listed"} <= set(done.stdout.split())


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_asks_for_a_day(name):
    assert len(ASKED.findall(canned(name))) == 1
