"""The contract says enough of every table and column, and what it says is true of its examples."""

import json

import pytest
from conftest import ROOT, rows_of

from schemas.contract import table_of
from schemas.derived import derived_tables
from schemas.formats import spelled

DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
TABLES = [*map(table_of, DESCRIPTOR["resources"]), *derived_tables(DESCRIPTOR)]
COLUMNS = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in TABLES
    for column in table.columns
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_example_is_a_value_of_its_column(table, column):
    assert spelled(column.type, column.example) and (
        not column.categories or column.example in column.categories
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_description_is_long_enough_for_catalogues(table):
    assert len(table.description) >= 50


def keys():
    """The columns that are keys or lead to one, each with the table and column whose values it holds."""
    for table in map(table_of, DESCRIPTOR["resources"]):
        leads = {key.columns[0]: (key.table, key.references[0]) for key in table.foreign_keys}
        own = {name: (table.name, name) for name in table.primary_key}
        for name, target in (own | leads).items():
            if name != "correction_id":  # which a release renames
                yield pytest.param(table.column(name).example, *target, id=f"{table.name}.{name}")


@pytest.mark.parametrize(("example", "table", "column"), [*keys()])
def test_example_of_a_key_is_that_of_a_row(example, table, column):
    there = {row[column] for row in rows_of(table, ROOT)}
    assert example in there or not there


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_description_says_what_empty_means_or_the_column_is_required(table, column):
    needed = column.required or column.name in table.primary_key
    assert needed or "Empty" in column.description


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_description_says_what_one_row_is(table):
    assert table.description.startswith("One row ")


@pytest.mark.parametrize("text", [resource["path"] for resource in DESCRIPTOR["resources"]])
def test_table_file_is_named_after_its_table(text):
    assert text == f"data/{text[5:-4]}.csv" and text[5:-4] in {table.name for table in TABLES}


def test_version_is_that_of_the_project():
    assert f'version = "{DESCRIPTOR["version"]}"' in (ROOT / "pyproject.toml").read_text("utf-8")
