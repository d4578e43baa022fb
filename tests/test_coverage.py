"""The document of coverage says the same as the database, which counts by other means."""

import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from scripts.checking.check import check
from scripts.documents.coverage import ties


@pytest.fixture(scope="module")
def found(package):
    return ties(check(package / "datapackage.json"))


@pytest.mark.parametrize(
    ("column", "view"), [("status", "status"), ("state", "us_division"), ("sources", "sources")]
)
def test_ties_are_counted_as_in_the_database(found, database, column, view):
    with closing(sqlite3.connect(database)) as db:
        counted = dict(db.execute(f"SELECT {view}, count(*) FROM pairs_overview GROUP BY 1"))
    assert Counter(found[column].tolist()) == counted
