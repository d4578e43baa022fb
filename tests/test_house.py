"""The house: who may import whom, and that no two modules share a name."""

import ast
import re
from collections import Counter

import pytest
from conftest import ROOT

MAY_IMPORT = {"schemas": {"schemas"}, "scripts": {"schemas", "scripts"}, "site": set()}
PARTS = {*MAY_IMPORT, "benchmarks", "deploy", "tests"}
MODULES = [path.relative_to(ROOT) for part in MAY_IMPORT for path in sorted((ROOT / part).rglob("*.py"))]
SHARED = {  # names that two modules bear with one meaning
    "cells": "the cells of a table: what they may hold, how they are shown",
}


def imported(path):
    """The parts of the house that a module imports from."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (name.split(".")[0] for name in names)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_go_one_way(path):
    assert PARTS & set(imported(path)) <= MAY_IMPORT[path.parts[0]]


def test_no_two_modules_share_a_name_with_different_meanings():
    count = Counter(path.stem for path in MODULES if path.stem != "__init__")
    assert {name for name, times in count.items() if times > 1} == set(SHARED)


@pytest.mark.parametrize("part", ["schemas", "scripts"])
def test_first_floor_is_small(part):
    assert len(list((ROOT / part).glob("*.py"))) <= 16


def test_readme_says_in_few_lines_where_everything_is():
    readme = (ROOT / "README.md").read_text("utf-8")
    where = readme.split("## Where is what")[1].split("\nThe data are")[0]
    paths = [path for path in re.findall(r"`([a-z_/.]+)`", where) if "/" in path]
    assert len(where.splitlines()) <= 25 and [path for path in paths if not (ROOT / path).exists()] == []
