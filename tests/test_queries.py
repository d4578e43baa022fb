"""Each canned query through Datasette's own client and on its database: a question, explained, whole, cheap
and right, by values counted by hand and by a second computation from the CSV files."""

import csv
import io
import re
import sqlite3
from contextlib import closing

import pytest
import yaml
from conftest import ROOT
from datasette.utils import escape_fts
from expected_answers import COLUMNS, COMPARED, COUNTED, MAY_READ_WHOLE
from independent import answers

METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
QUERIES = METADATA["databases"]["sister_cities"]["queries"]
NAMED = re.compile(r":([a-z]+)")
# A tenth of sql_time_limit_ms is 100 ms. SQLite does some ten million and more of its instructions a second
# on a slow core, so that this many take no more than half of that.
INSTRUCTIONS = 500_000
STEP = 100


def parameters(name):
    return dict.fromkeys(NAMED.findall(QUERIES[name]["sql"]), "")


async def rows(site, name, **given):
    response = await site.client.get(f"/sister_cities/{name}.json", params={"_shape": "array", **given})
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture(scope="module")
def db(database):
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.create_function("escape_fts", 1, escape_fts)
        yield connection


def tables_read_whole(db, sql, given):
    """The tables that a statement goes through from end to end, or an index of theirs.

    Read from the program that SQLite makes of it (https://sqlite.org/opcode.html): a cursor that is set to
    its first or last entry and then moved on. EXPLAIN QUERY PLAN would name aliases instead of tables.
    """
    names = dict(db.execute("SELECT rootpage, tbl_name FROM sqlite_master WHERE rootpage > 0"))
    opened, begun, moved = {}, set(), set()
    for _, code, cursor, root, *_ in db.execute(f"EXPLAIN {sql}", given):
        if code == "OpenRead":
            opened[cursor] = names[root]
        elif code in ("Rewind", "Last"):
            begun.add(cursor)
        elif code in ("Next", "Prev"):
            moved.add(cursor)
    return {opened[cursor] for cursor in begun & moved & opened.keys()}


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


@pytest.mark.parametrize(("name", "given"), [*((name, {}) for name in QUERIES), *COMPARED])
def test_answer_is_that_of_a_computation_from_the_files(db, name, given):
    found = db.execute(QUERIES[name]["sql"], {**parameters(name), **given})
    again = answers()[name](**given).itertuples(index=False)
    assert [tuple(map(plain, row)) for row in found] == [tuple(map(plain, row)) for row in again]


def test_every_query_is_computed_twice():
    assert answers().keys() == QUERIES.keys()


@pytest.mark.parametrize("name", [name for name in QUERIES if parameters(name)])
def test_every_parameter_of_a_query_is_compared(name):
    given = {parameter for compared, chosen in COMPARED if compared == name for parameter in chosen}
    assert given == parameters(name).keys()


@pytest.mark.parametrize("name", QUERIES)
async def test_answer_has_rows_and_its_columns(site, name):
    answer = (await site.client.get(f"/sister_cities/{name}.json")).json()
    assert (answer["columns"], bool(answer["rows"])) == (COLUMNS[name].split(), True)


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
def test_description_explains_each_parameter_in_a_sentence(name):
    explained = re.findall(r"(?:^|\. )([a-z]+): [^.]+\bempty for [^.]+", QUERIES[name]["description"])
    assert sorted(explained) == sorted(parameters(name))


def test_no_query_hides_a_table_or_view(db):
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    assert names & QUERIES.keys() == set()


@pytest.mark.parametrize("name", QUERIES)
def test_query_reads_whole_only_the_tables_that_it_must(db, name):
    allowed = {table for _, tables, names in MAY_READ_WHOLE if name in names for table in tables}
    assert tables_read_whole(db, QUERIES[name]["sql"], parameters(name)) <= allowed


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("select * from pairs where notes = :tie", {"pairs"}),
        ("select count(*) from pairs as p join places as q on q.name > p.pair_id", {"pairs", "places"}),
        ("select * from pairs where pair_id = :tie", set()),
        ("select * from places where name = :tie collate nocase", set()),
        ("select * from pairs_fts where pairs_fts match :tie", set()),
    ],
)
def test_reading_whole_is_told_from_looking_up(db, sql, tables):
    assert tables_read_whole(db, sql, {"tie": ""}) == tables


@pytest.mark.parametrize(("name", "given"), [*((name, {}) for name in QUERIES), *COMPARED])
def test_query_takes_few_instructions(db, name, given):
    steps = []
    db.set_progress_handler(lambda: steps.append(STEP), STEP)
    db.execute(QUERIES[name]["sql"], {**parameters(name), **given}).fetchall()
    db.set_progress_handler(None, 0)
    assert sum(steps) <= INSTRUCTIONS


@pytest.mark.parametrize("name", QUERIES)
async def test_query_cannot_write(site, name):
    response = await site.client.post(f"/sister_cities/{name}", data={})
    assert response.status_code == 405 or "write" not in QUERIES[name]


async def test_search_survives_punctuation(site):
    response = await site.client.get("/sister_cities/pairs.json", params={"_search": 'a-b "c* (d'})
    assert response.status_code == 200
