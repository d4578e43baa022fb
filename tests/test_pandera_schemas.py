"""The Pandera schemas by themselves, and how the validator runs the rules that they hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest
from conftest import ROOT
from pandera.errors import SchemaErrors

from schemas.contract import package_of
from schemas.pandera_schemas import frame_types, schema
from schemas.rules import EVERY, RULES
from scripts.checking.validator import check

TINY = ROOT / "tests" / "tiny"
TABLES = [table.name for table in package_of(ROOT / "datapackage.json").tables]


def read(name: str) -> pd.DataFrame:
    path = TINY / "data" / f"{name}.csv"
    return pd.read_csv(path, dtype=frame_types(name), keep_default_na=False, na_values=[""])


@pytest.fixture
def rules(monkeypatch):
    """A function that puts other functions in place of those of all rules."""

    def wrap(wrapped):
        whole = [replace(rule, function=wrapped(rule)) for rule in RULES]
        monkeypatch.setattr("schemas.pandera_schemas.RULES", whole)
        monkeypatch.setattr("scripts.checking.validator.RULES", whole)

    return wrap


@pytest.mark.parametrize("name", TABLES)
def test_schema_accepts_a_table_read_by_pandas(name):
    assert schema(name).validate(read(name), lazy=True).equals(read(name))


@pytest.mark.parametrize(
    ("table", "column", "value", "rule"),
    [
        ("pairs", "tie_kind", "twins", "category"),
        ("pairs", "pair_id", "us-il-chicago--moscow", "pair-id-is-composed"),
        ("places", "latitude", -87.65, "coordinates-in-country"),
        ("sources", "published_on_precision", pd.NA, "precision-with-date"),
    ],
)
def test_schema_names_the_broken_rule(table, column, value, rule):
    rows = read(table)
    rows.loc[0, column] = value
    with pytest.raises(SchemaErrors) as raised:
        schema(table).validate(rows, lazy=True)
    assert set(raised.value.failure_cases["check"]) == {rule}


def test_each_rule_is_run_once_for_each_table(rules, tiny):
    calls = Counter()

    def counted(rule):
        def function(*given):
            calls[rule.kind.rule, given[1].name if rule.table == EVERY else rule.table] += 1
            return rule.function(*given)

        return function

    rules(counted)
    filled = [name for name, rows in check(tiny).rows.items() if rows]
    assert calls == {
        (rule.kind.rule, name): 1 for rule in RULES for name in filled if rule.table in (EVERY, name)
    }


@pytest.mark.parametrize("name", ["pair-id-is-composed", "us-place-in-us", "place-is-used"])
@pytest.mark.parametrize("error", [KeyError("XX"), ZeroDivisionError("division by zero"), KeyError()])
def test_fault_of_a_rule_is_laid_to_the_rule(rules, tiny, name, error):
    def failing(rule):
        def function(*given):
            raise error

        return function if rule.kind.rule == name else rule.function

    rules(failing)
    found = check(tiny).problems
    assert [(problem.rule, problem.value) for problem in found] == [("rule-not-run", name)]


def test_fault_of_a_rule_is_said_beside_a_missing_column(rules, tiny):
    rules(lambda rule: {}.__getitem__ if rule.kind.rule == "pair-id-is-composed" else rule.function)
    file = tiny.parent / "data" / "places.csv"
    file.write_text(file.read_text("utf-8").replace("notes", "note", 1), "utf-8")
    found = {problem.rule for problem in check(tiny).problems}
    assert found == {"column-missing", "column-unknown", "rule-not-run"}
