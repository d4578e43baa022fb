"""The examples in docstrings give what they say."""

import doctest
from importlib import import_module

import pytest
from conftest import ROOT

PLUGINS = ROOT / "site" / "plugins"
MODULES = [
    ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    for root, folder in [
        (ROOT, "schemas"),
        (ROOT, "scripts"),
        (PLUGINS, "sandbox"),
        (PLUGINS, "sister_pages"),
    ]
    for path in sorted((root / folder).rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]


@pytest.mark.parametrize("module", MODULES)
def test_examples_are_right(module, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(import_module(module)).failed == 0
