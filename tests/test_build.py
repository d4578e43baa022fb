"""The build: the contract in SQLite, the same bytes each time, and never half a directory."""

import json
import sqlite3
from contextlib import closing

import pytest
from conftest import ROOT, VERSION

from schemas.contract import table_of
from schemas.derived import derived_tables, views
from scripts.build import main
from scripts.database.geometry import distance_km

DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
TABLES = [table_of(resource) for resource in DESCRIPTOR["resources"]]
DERIVED = derived_tables(DESCRIPTOR)
BY_NAME = {"argvalues": TABLES, "ids": [table.name for table in TABLES]}


@pytest.fixture
def db(database):
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        yield connection


def test_same_input_gives_the_same_bytes(frozen, tmp_path, database):
    main([str(frozen), "--out", str(tmp_path / "again")])
    assert (tmp_path / "again" / database.name).read_bytes() == database.read_bytes()


@pytest.mark.parametrize("table", **BY_NAME)
def test_table_has_every_row_of_its_file(db, package, table):
    (rows,) = db.execute(f"SELECT count(*) FROM {table.name}").fetchone()
    assert rows == (package / table.path).read_text("utf-8").count("\n") - 1


@pytest.mark.parametrize("table", **BY_NAME)
def test_table_has_the_columns_and_keys_of_the_contract(db, table):
    columns = db.execute(f"PRAGMA table_info({table.name})").fetchall()
    keys = {(c[3], c[2], c[4]) for c in db.execute(f"PRAGMA foreign_key_list({table.name})")}
    assert (
        [c[1] for c in columns],
        [c[1] for c in columns if c[3]],
        tuple(c[1] for c in sorted(columns, key=lambda c: c[5]) if c[5]),
        keys,
    ) == (
        table.column_names,
        [column.name for column in table.columns if column.required],
        table.primary_key,
        {(key.columns[0], key.table, key.references[0]) for key in table.foreign_keys},
    )


@pytest.mark.parametrize("table", **BY_NAME)
def test_every_foreign_key_has_an_index(db, table):
    first = {
        db.execute(f"PRAGMA index_info({index[1]})").fetchone()[2]
        for index in db.execute(f"PRAGMA index_list({table.name})").fetchall()
    }
    assert {key.columns[0] for key in table.foreign_keys} <= first


def test_no_foreign_key_is_broken(db):
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE pairs SET tie_kind = 'twin'",
        "UPDATE pairs SET source_id = NULL",
        "UPDATE places SET latitude = 91 WHERE place_id = 'us-il-chicago'",
        "UPDATE pair_events SET occurred_on = '2022-02-30'",
        "UPDATE casualty_statistics SET cumulative = 2",
        "UPDATE casualty_statistics SET value = 'many'",
    ],
)
def test_database_itself_refuses_what_the_contract_forbids(tmp_path, database, change):
    (tmp_path / "copy.db").write_bytes(database.read_bytes())
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy, pytest.raises(sqlite3.IntegrityError):
        copy.execute(change)


def test_package_table_tells_version_and_licence(db):
    assert db.execute("SELECT name, version, licence FROM package").fetchall() == [
        (DESCRIPTOR["name"], VERSION, "CC-BY-4.0")
    ]


@pytest.mark.parametrize(
    ("search", "words", "count"),
    [
        ("pairs", "vladivostok", 2),
        ("pairs", "moskva", 0),
        ("pairs", "grinnel", 1),
        ("sources", "newsweek", 2),
    ],
)
def test_search_finds_names_as_written_and_as_printed(db, search, words, count):
    found = db.execute(f"SELECT count(*) FROM {search}_fts WHERE {search}_fts MATCH ?", [words])
    assert found.fetchone()[0] == count


def test_distance_is_that_of_the_great_circle():
    # A quarter of a meridian of a sphere with the Earth's mean radius.
    assert distance_km((0, 0), (0, 90)) == pytest.approx(10007.557, abs=0.001)


def test_every_tie_has_exactly_one_current_status(db):
    ties = db.execute("SELECT count(*) FROM pairs").fetchone()
    current = "SELECT count(*) FROM pair_status_history WHERE is_current"
    assert (
        db.execute(current).fetchone() == ties == db.execute("SELECT count(*) FROM pairs_overview").fetchone()
    )


def test_data_with_problems_is_not_built(tiny, tmp_path, capsys):
    file = tiny.parent / "data" / "pairs.csv"
    file.write_text(file.read_text("utf-8").replace("sister_city", "twin"), "utf-8")
    status = main([str(tiny), "--out", str(tmp_path / "out")])
    assert (status, (tmp_path / "out").exists(), "category" in capsys.readouterr().out) == (1, False, True)


def test_failed_build_leaves_the_last_one(tiny, tmp_path, monkeypatch):
    out = tmp_path / "out"
    main([str(tiny), "--out", str(out)])
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    monkeypatch.setattr("scripts.database.load.cell_values", lambda package: "CREATE nonsense")
    assert main([str(tiny), "--out", str(out)]) == 2
    after = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    assert (after, [p.name for p in tmp_path.iterdir() if p.name.startswith(".out")]) == (before, [])


def test_what_is_no_build_is_not_replaced(tiny, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    status = main([str(tiny), "--out", str(tmp_path / "mine")])
    assert (status, (tmp_path / "mine" / "thesis.txt").read_text()) == (2, "precious")


def test_column_descriptions_reach_datasette(built):
    metadata = json.loads((built / "datasette/metadata.json").read_text("utf-8"))
    tables = metadata["databases"]["sister_cities"]["tables"]
    assert {
        (table.name, column.name): column.description
        for table in (*TABLES, *DERIVED)
        for column in table.columns
    } == {
        (name, column): text
        for name, shown in tables.items()
        if name in {table.name for table in (*TABLES, *DERIVED)}
        for column, text in shown["columns"].items()
    }


@pytest.mark.parametrize("view", views(DESCRIPTOR), ids=lambda view: view.name)
def test_view_has_the_columns_that_are_described(db, view):
    assert [c[1] for c in db.execute(f"PRAGMA table_info({view.name})")] == view.column_names


def test_every_view_is_described(db):
    found = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")}
    assert found == {view.name for view in views(DESCRIPTOR)}


@pytest.mark.parametrize("table", DERIVED, ids=[table.name for table in DERIVED])
def test_derived_table_has_the_columns_that_are_described(db, table):
    assert [c[1] for c in db.execute(f"PRAGMA table_info({table.name})")] == table.column_names


@pytest.mark.parametrize("table", DERIVED, ids=[table.name for table in DERIVED])
def test_derived_table_is_stored_with_its_key_and_no_foreign_key(db, table):
    (kind,) = db.execute("SELECT type FROM sqlite_master WHERE name = ?", [table.name]).fetchone()
    columns = db.execute(f"PRAGMA table_info({table.name})").fetchall()
    key = tuple(c[1] for c in sorted(columns, key=lambda c: c[5]) if c[5])
    foreign = db.execute(f"PRAGMA foreign_key_list({table.name})").fetchall()
    assert (kind, key, foreign) == ("table", table.primary_key, [])
