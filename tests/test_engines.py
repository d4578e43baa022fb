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

from benchmarks.engines import ASKED, QUESTIONS, canned, question, views, write_multiplied

DAYS = [date(1990, 1, 1), date(2022, 2, 24), date(2022, 3, 1), date(2022, 6, 4), date(2026, 1, 1)]


@pytest.fixture(scope="session")
def duck(dist):
    """DuckDB over the released Parquet files, with the views that SQLite has."""
    engine = duckdb.connect()
    for view in views(f"'{dist}/parquet/{{}}.parquet'"):
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
def multiplied(dist, tmp_path_factory):
    """The released ties ten times over, as the benchmark writes them for ten million intervals."""
    folder = tmp_path_factory.mktemp("multiplied")
    once = pq.read_metadata(dist / "parquet" / "pair_status_history.parquet").num_rows
    return folder, write_multiplied(dist / "parquet", folder, 10 * once), once


def test_multiplied_ties_are_other_ties(multiplied):
    folder, rows, _ = multiplied
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT count(DISTINCT pair_id) FROM '{folder}/pairs/*.parquet'").fetchone()
    assert found == (rows["pairs"],)


def test_multiplied_intervals_lie_in_the_folders_of_their_years(multiplied):
    folder, _, once = multiplied
    files = f"read_parquet('{folder}/pair_status_history/*/*.parquet', hive_partitioning = true)"
    right = "count_if(year(valid_from) IS NOT DISTINCT FROM year)"
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT count(*), {right} FROM {files}").fetchone()
    assert found == (10 * once, 10 * once)


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
