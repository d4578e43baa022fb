"""Whatever is done to a package, the validator says what is wrong where, and never falls over."""

import csv
import json
import re
import shutil
import tempfile
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from conftest import FROZEN, ROOT, TINY, composed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.checking.validator import check
from scripts.format import main as format_main
from scripts.validate import main

pytestmark = pytest.mark.no_cover  # which would take as long again, for lines that others reach
RESOURCES = {
    r["path"]: r["schema"] for r in json.loads((ROOT / "datapackage.json").read_text("utf-8"))["resources"]
}
# The same everywhere, also on a slow machine.
STEADY = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
WORDS = ["", "0", "-1", "007", "1_000", "NaN", "1e9", "true", "TRUE", "day", "month", "2022-02-30"]
WORDS += ["2020-1-5", "2031-01-01", "Q1", "us-il-chicago", "RU", "stated", "doubtful", "=1+1", " x", "x "]
WORDS += ["a,b", 'say "so"', "e\u0301", "\u200b", "Сhicago", "http://x", "unanimous", "5-4", "x" * 500]
VALUES = st.one_of(
    st.sampled_from(WORDS), st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8"), max_size=30)
)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def certainly_wrong(field, value, keys):
    """An independent reading of the contract: reasons why no cell of this column may hold this value.

    Written without the validator's code, with re, datetime and float instead of Arrow and Pandera.
    """
    limits = field.get("constraints", {})
    if value == "":
        return limits.get("required", False)
    if value != value.strip() or unicodedata.normalize("NFC", value) != value:
        return True
    if any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in value):
        return True
    allowed = [category["value"] for category in field.get("categories", [])]
    if allowed:
        return value not in allowed
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        return True
    if field["name"] in keys and value not in keys[field["name"]]:
        return True
    return not of_type(field["type"], value) or out_of_bounds(limits, value)


def of_type(name, value):
    if name == "date":
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    if name in ("integer", "year"):
        return value.isascii() and value.lstrip("-").isdigit() and str(int(value)) == value
    if name == "number":
        return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) is not None
    return name != "boolean" or value in ("true", "false")


def out_of_bounds(limits, value):
    low, high = limits.get("minimum"), limits.get("maximum")
    return (low is not None and float(value) < low) or (high is not None and float(value) > high)


def foreign_keys(path, package):
    """The values that each foreign key column may hold."""
    keys = {}
    for key in RESOURCES[path].get("foreignKeys", []):
        table = key["reference"].get("resource") or Path(path).stem  # none: the table itself
        rows = rows_of(package / "data" / f"{table}.csv")
        at = rows[0].index(key["reference"]["fields"][0])
        keys[key["fields"][0]] = {row[at] for row in rows[1:]}
    return keys


def mutated(package, choose):
    """Change one cell; returns the file, its line, the field and the keys that were allowed there."""
    path = choose(st.sampled_from([p for p in sorted(RESOURCES) if len(rows_of(package / p)) > 1]))
    rows = rows_of(package / path)
    fields = RESOURCES[path]["fields"]
    i, j = choose(st.integers(1, len(rows) - 1)), choose(st.integers(0, len(fields) - 1))
    keys = foreign_keys(path, package)
    rows[i][j] = choose(VALUES)
    with (package / path).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path, i + 1, certainly_wrong(fields[j], rows[i][j], keys)


@pytest.mark.parametrize(("package", "examples"), [(TINY, 60), (FROZEN, 12)], ids=["tiny", "frozen"])
def test_a_wrong_cell_is_reported_on_its_line(package, examples):
    @settings(STEADY, max_examples=examples)
    @given(st.data())
    def holds(data):
        with tempfile.TemporaryDirectory() as folder:
            descriptor = composed(package, Path(folder) / "package")
            path, line, wrong = mutated(descriptor.parent, data.draw)
            found = {(problem.file, problem.line) for problem in check(descriptor).problems}
            assert not wrong or (path, line) in found

    holds()


@settings(STEADY, max_examples=60)
@given(
    st.sampled_from(["datapackage.json", *sorted(RESOURCES)]),
    st.integers(0, 10**6),
    st.integers(0, 40),
    st.binary(max_size=12),
)
def test_any_change_of_bytes_ends_in_a_status(file, at, length, new):
    with tempfile.TemporaryDirectory() as folder:
        descriptor = composed(TINY, Path(folder) / "package")
        path = descriptor.parent / file
        data = path.read_bytes()
        at %= len(data) + 1
        path.write_bytes(data[:at] + new + data[at + length :])
        assert {main([str(descriptor)]), format_main([str(descriptor)])} <= {0, 1, 2}


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)


def places(value, path=()):
    """The path of every value in a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for name, each in inner:
        yield from places(each, (*path, name))


DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
PLACES = [path for path in places(DESCRIPTOR) if path and (len(path) < 2 or path[1] in (2, 3))]


@settings(STEADY, max_examples=60)
@given(st.sampled_from(PLACES), JSON)
def test_any_value_anywhere_in_the_descriptor_ends_in_a_status(path, value):
    descriptor = json.loads(json.dumps(DESCRIPTOR))
    inner = descriptor
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with tempfile.TemporaryDirectory() as folder:
        file = composed(TINY, Path(folder) / "package")
        file.write_text(json.dumps(descriptor), "utf-8")
        assert main([str(file)]) in (0, 1, 2)


def endless_line(path):
    path.write_bytes(path.read_bytes() + b"x" * 200_000_000)


def million_columns(path):
    path.write_text(",".join(map(str, range(1_000_000))) + "\n" + "," * 999_999 + "\n", "utf-8")


def unclosed_quote(path):
    path.write_bytes(path.read_bytes().replace(b"Moskow", b'"Moskow', 1) * 3)


def only_quotes(path):
    path.write_bytes(b'"' * 100_001)


def a_directory(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [endless_line, million_columns, unclosed_quote, only_quotes, a_directory],
    ids=lambda f: f.__name__,
)
def test_no_file_is_too_strange(tiny, spoil):
    spoil(tiny.parent / "data" / "pairs.csv")
    assert main([str(tiny), "--format", "json"]) == 1


def test_unreadable_descriptor_ends_in_status_2(tmp_path):
    shutil.copyfile("/dev/null", tmp_path / "datapackage.json")
    assert main([str(tmp_path / "datapackage.json")]) == 2
