"""The examples in docstrings give what they say."""

import doctest
from importlib import import_module

import pytest
from conftest import ROOT

MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for folder in ("schemas", "scripts")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("module", MODULES)
def test_examples_are_right(module, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(import_module(module)).failed == 0
