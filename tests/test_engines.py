"""Another engine over the Parquet files answers the canned questions as SQLite does."""

import sqlite3
from contextlib import closing
from datetime import date

import duckdb
import pytest

from benchmarks.questions import DAY, QUESTIONS, TABLES, canned, history_view, question

DAYS = [date(1990, 1, 1), date(2022, 2, 24), date(2022, 3, 1), date(2022, 6, 4), date(2026, 1, 1)]


@pytest.fixture(scope="session")
def duck(dist):
    """DuckDB over the released Parquet files, with the status view that SQLite has."""
    engine = duckdb.connect()
    for name in TABLES:
        engine.execute(f"CREATE VIEW {name} AS SELECT * FROM '{dist / 'parquet' / name}.parquet'")
    engine.execute(history_view("CREATE VIEW"))
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


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_asks_for_a_day(name):
    assert canned(name).count(DAY) == 2
