"""Preparing a release: version, day and documents follow from the data, and nobody writes them by hand."""

import json
import re
import shutil

import pytest
from conftest import ROOT, VERSION, edited

from scripts.diff import main as diff
from scripts.release import main

DAY = "2026-12-01"
UNRELEASED = """# Changes

## Unreleased

- One value.

## 1.0.0 (2026-11-22)

- The first release.
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, package):
    """The frozen package with a corrected value and a filled cell, prepared for its next release."""
    folder = tmp_path_factory.mktemp("prepared") / "package"
    shutil.copytree(package, folder)
    for name in ("README.md", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "CHANGELOG.md").write_text(UNRELEASED, "utf-8")
    descriptor = folder / "datapackage.json"
    edited(descriptor, "places", [{"place_id": "us-ak-juneau", "population": "31556"}])
    with (folder / "data" / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(
            "unreleased--us-ak-juneau--population,unreleased,places,us-ak-juneau,population,31555,31556,"
        )
        file.write("better_source,,A later count.\n")
    assert main([str(descriptor), "--prepare", "--day", DAY]) == 0
    return descriptor


def test_descriptor_has_the_version_that_the_changes_make_and_the_day(prepared):
    told = json.loads(prepared.read_text("utf-8"))
    assert (told["version"], told["created"]) == ("1.0.1", f"{DAY}T00:00:00Z")


def test_corrections_are_of_the_version(prepared):
    lines = (prepared.parent / "data" / "corrections.csv").read_text("utf-8").splitlines()
    assert lines[1].startswith("1-0-1--us-ak-juneau--population,1.0.1,")


def test_nothing_is_missing_of_the_release(prepared, capsys):
    assert (diff([str(prepared)]), "error" in capsys.readouterr().out) == (0, False)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("CHANGELOG.md", rf"^## 1\.0\.1 \({DAY}\)$"),
        ("README.md", r"^\| `pairs` \| .* \| 32 \|$"),
        ("pyproject.toml", r'^version = "1\.0\.1"$'),
        ("CITATION.cff", r"^version: .?1\.0\.1"),
        (".zenodo.json", r'"version": "1\.0\.1"'),
        ("docs/coverage.md", r"1\.0\.1"),
        ("catalogue/dcat.jsonld", r"1\.0\.1"),
    ],
)
def test_document_speaks_of_the_release(prepared, name, pattern):
    assert re.search(pattern, (prepared.parent / name).read_text("utf-8"), re.M)


def test_prepared_twice_is_prepared_once(prepared, capsys):
    status = main([str(prepared), "--prepare", "--day", DAY])
    assert (status, capsys.readouterr().out) == (0, "prepared version 1.0.1\n")


def test_version_set_by_hand_is_put_right_by_the_command_that_is_named(prepared, capsys):
    right = prepared.read_text("utf-8")
    prepared.write_text(right.replace('"version": "1.0.1"', '"version": "2.0.0"'), "utf-8")
    diff([str(prepared)])
    told = capsys.readouterr().out
    main([str(prepared), "--prepare", "--day", DAY])
    said = "requires 1.0.1: python -m scripts.release --prepare writes it"
    assert (said in told, prepared.read_text("utf-8")) == (True, right)


def test_frozen_package_was_released(package):
    assert [path.stem for path in (package / "releases").iterdir()] == [VERSION]


def test_day_that_is_none_is_refused(frozen):
    before = frozen.read_bytes()
    with pytest.raises(SystemExit):
        main([str(frozen), "--prepare", "--day", "tomorrow"])
    assert frozen.read_bytes() == before
