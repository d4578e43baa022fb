"""Each question: explained, whole, and right on the frozen package by values counted by eye.

Of the record, each question is answered with rows and within its budget, and the ten hardest are computed a
second time from the CSV files.
"""

import csv
import io
import re
import sqlite3
from contextlib import closing

import pytest
import yaml
from conftest import ROOT
from expected_answers import COMPARED, COUNTED
from independent import answers

METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
QUERIES = METADATA["databases"]["sister_cities"]["queries"]
NAMED = re.compile(r":([a-z]+)")
# A tenth of sql_time_limit_ms is 100 ms. SQLite does some ten million and more of its instructions a second
# on a slow core, so that this many take no more than half of that.
INSTRUCTIONS = 500_000
STEP = 100
HARDEST = sorted(answers())


def parameters(name):
    return dict.fromkeys(NAMED.findall(QUERIES[name]["sql"]), "")


async def rows(site, name, **given):
    response = await site.client.get(f"/sister_cities/{name}.json", params={"_shape": "array", **given})
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture(scope="module")
def db(record):
    """The database of the record, with nothing that Datasette adds."""
    with closing(sqlite3.connect(f"file:{record / 'sister_cities.db'}?mode=ro", uri=True)) as connection:
        yield connection


def plain(cell):
    """A cell of either side: numbers are equal as numbers, and nothing is nothing."""
    missing = cell is None or cell == "" or cell != cell  # NaN is not itself
    return None if missing else cell if isinstance(cell, str) else float(cell)


@pytest.mark.parametrize(("name", "given", "where", "column", "values"), COUNTED)
async def test_answer_is_what_was_counted(site, name, given, where, column, values):
    found = await rows(site, name, **given)
    meant = [row for row in found if all(row[key] == value for key, value in where.items())]
    assert [row[column] for row in meant] == values


def test_there_are_twenty_questions_and_more():
    assert len(QUERIES) >= 20


def test_every_query_has_a_counted_value():
    assert {name for name, *_ in COUNTED} == QUERIES.keys()


@pytest.mark.data
@pytest.mark.parametrize(("name", "given"), [*((name, {}) for name in HARDEST), *COMPARED])
def test_answer_is_that_of_a_computation_from_the_files(db, name, given):
    found = db.execute(QUERIES[name]["sql"], {**parameters(name), **given})
    again = answers()[name](**given).itertuples(index=False)
    assert [tuple(map(plain, row)) for row in found] == [tuple(map(plain, row)) for row in again]


@pytest.mark.data
@pytest.mark.parametrize("name", QUERIES)
def test_question_is_answered_within_its_budget(db, name):
    steps = []
    db.set_progress_handler(lambda: steps.append(STEP), STEP)
    found = db.execute(QUERIES[name]["sql"], parameters(name)).fetchall()
    db.set_progress_handler(None, 0)
    assert (bool(found), sum(steps) <= INSTRUCTIONS) == (True, True)


@pytest.mark.data
@pytest.mark.parametrize("name", QUERIES)
def test_order_of_an_answer_does_not_depend_on_how_sqlite_reads(db, name):
    ways = []
    for reverse in (0, 1):
        db.execute(f"PRAGMA reverse_unordered_selects = {reverse}")
        ways.append(db.execute(QUERIES[name]["sql"], parameters(name)).fetchall())
    assert ways[0] == ways[1]


# Days that are bounds, so that none of them is known to its month only.
BOUNDS = ["day", "earliest", "valid_from", "valid_to", "first_day", "last_day", "casualties_to", "ends_by"]
BOUNDS += ["effective_on"]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@pytest.mark.data
@pytest.mark.parametrize("name", QUERIES)
def test_date_has_its_precision_beside_it(db, name):
    cursor = db.execute(QUERIES[name]["sql"], parameters(name))
    names = [column[0] for column in cursor.description]
    days = {names[place] for row in cursor for place, cell in enumerate(row) if DAY.fullmatch(str(cell))}
    known = {column for column in names if f"{column}_precision" in names or column in BOUNDS}
    of_a_row = {"value", "other_value"} if "column_name" in names else set()  # that row says how far
    as_text = {"first_on", "last_on"} if name == "speakers_heard_most" else set()  # cut to what is known
    assert days - known - of_a_row - as_text == set()


@pytest.mark.parametrize("name", QUERIES)
async def test_empty_parameters_are_as_none(site, name):
    assert await rows(site, name, **parameters(name)) == await rows(site, name)


@pytest.mark.parametrize("name", QUERIES)
async def test_query_is_whole_as_json_and_csv(site, name):
    as_json = (await site.client.get(f"/sister_cities/{name}.json")).json()
    as_csv = (await site.client.get(f"/sister_cities/{name}.csv")).text
    lines = list(csv.reader(io.StringIO(as_csv)))
    assert (as_json["truncated"], len(lines)) == (False, len(as_json["rows"]) + 1)


@pytest.mark.parametrize("name", QUERIES)
async def test_query_has_a_question_as_title_and_a_page(site, name):
    page = await site.client.get(f"/sister_cities/{name}")
    assert page.status_code == 200 and QUERIES[name]["title"].endswith("?")


@pytest.mark.parametrize("name", QUERIES)
def test_every_parameter_is_described(name):
    described = [parameter["name"] for parameter in QUERIES[name].get("parameters", [])]
    assert sorted(described) == sorted(parameters(name))


DEFAULTS = [
    (name, parameter["name"], parameter["default"])
    for name, query in QUERIES.items()
    for parameter in query.get("parameters", [])
    if "default" in parameter
]


@pytest.mark.parametrize(("name", "parameter", "default"), DEFAULTS)
async def test_empty_value_stands_for_the_default_that_is_described(site, name, parameter, default):
    assert await rows(site, name) == await rows(site, name, **{parameter: default})


CHOICES = [
    (name, parameter["name"])
    for name, query in QUERIES.items()
    for parameter in query.get("parameters", [])
    if parameter["type"] == "choice"
]


@pytest.mark.parametrize(("name", "parameter"), CHOICES)
async def test_choice_is_offered_with_labels(site, name, parameter):
    text = (await site.client.get(f"/sister_cities/{name}")).text
    (select,) = re.findall(rf'<select [^>]*name="{parameter}".*?</select>', text, re.DOTALL)
    assert select.count("<option") > 1


def test_no_query_hides_a_table_or_view(db):
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    assert names & QUERIES.keys() == set()


@pytest.mark.parametrize(("table", "status"), [("pairs", 200), ("pair_events", 400), ("who_said_what", 400)])
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
async def test_search_is_refused_where_there_is_none(site, table, status, form):
    response = await site.client.get(f"/sister_cities/{table}{form}?_search=Chicago")
    assert (response.status_code, "_search is not asked here" in response.text) == (status, status == 400)


async def test_search_survives_punctuation(site):
    response = await site.client.get("/sister_cities/pairs.json", params={"_search": 'a-b "c* (d'})
    assert response.status_code == 200
