"""Whatever lies where a package should: each command says so in a sentence and in linear time."""

import io
import json
import os
import random
import subprocess
import time
import zipfile
import zlib

import pytest
from conftest import TINY, composed

from scripts.add import main as add
from scripts.build import main as build
from scripts.check import main as check
from scripts.diff import main as diff
from scripts.format import main as format_tables
from scripts.links import main as links
from scripts.release import main as release
from scripts.site import main as site
from scripts.validate import main as validate

BUG = "this command has a bug"
TABLE = "data/pairs.csv"


def described(descriptor, change):
    told = json.loads(descriptor.read_text("utf-8"))
    change(told)
    descriptor.write_text(json.dumps(told, indent=1), "utf-8")


def field(told):
    return told["resources"][0]["schema"]["fields"][0]


LARGE = {  # what took quadratic time or memory without bound, and a size that takes a second or so
    "objects in an enumeration": (
        8_000,
        lambda d, size: described(
            d, lambda t: field(t).update(constraints={"enum": [{"a": i} for i in range(size)]})
        ),
    ),
    "one column many times": (
        80_000,
        lambda d, size: (d.parent / TABLE).write_text(",".join(["pair_id"] * size) + "\n"),
    ),
    "stray quotes in the header": (
        80_000,
        lambda d, size: (d.parent / TABLE).write_text("x" + ',"a' * size + "\nb" * 200),
    ),
    "short rows under a wide header": (
        40_000,
        lambda d, size: (d.parent / TABLE).write_text("a" + ",a" * size + "\nb" * size),
    ),
    "empty resources": (100_000, lambda d, size: described(d, lambda t: t.update(resources=[{}] * size))),
}


def seconds(descriptor):
    """Seconds of the processor in which a package is found to have problems."""
    start = time.process_time()
    assert validate([str(descriptor), "--format", "json"]) == 1
    return time.process_time() - start


@pytest.mark.parametrize(("size", "spoil"), LARGE.values(), ids=LARGE)
def test_large_input_takes_linear_time(tiny, size, spoil, capsys):
    validate([str(tiny)])  # loads what is loaded once
    spoil(tiny, size // 4)
    quarter = seconds(tiny)
    spoil(tiny, size)
    assert seconds(tiny) < 10 * quarter  # linear is at most four times as long, quadratic sixteen


def test_table_of_eight_gigabytes_is_not_read(tiny, capsys):
    os.truncate(tiny.parent / TABLE, 8 * 10**9)
    assert (validate([str(tiny)]), "not a readable regular file of at most" in capsys.readouterr().out) == (
        1,
        True,
    )


@pytest.mark.parametrize("text", ["\ud800", "\udfff"])
def test_half_a_surrogate_pair_is_no_json(tiny, text, capsys):
    described(tiny, lambda told: told.update(description=text))
    assert (validate([str(tiny)]), "surrogates not allowed" in capsys.readouterr().err) == (2, True)


def archive(path, files, spoil=lambda data: data):
    """A zip of these files, spoilt as bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in files.items():
            whole.writestr(name, content)
    path.write_bytes(spoil(data.getvalue()))
    return str(path)


def encrypted(data):
    """The first entry of a zip marked as encrypted, in its own header and in the directory."""
    data = bytearray(data)
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def unknown_method(data):
    data = bytearray(data)
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 99
    return bytes(data)


RESOURCE = {"name": "a", "path": "data/a.csv", "schema": {"fields": [{"name": "a"}], "primaryKey": ["a"]}}
PACKAGE = {"datapackage.json": json.dumps({"version": "1.0.0", "resources": [RESOURCE]}), "data/a.csv": "a\n"}


def with_foreign_key(key):
    """The package with a foreign key."""
    resource = RESOURCE | {"schema": RESOURCE["schema"] | {"foreignKeys": [key]}}
    return PACKAGE | {"datapackage.json": json.dumps({"version": "1.0.0", "resources": [resource]})}


BASES = {
    "an encrypted entry": lambda p: archive(p, PACKAGE, encrypted),
    "an unknown method": lambda p: archive(p, PACKAGE, unknown_method),
    "half a zip": lambda p: archive(p, PACKAGE, lambda data: data[: len(data) // 2]),
    "corrupt data": lambda p: archive(p, PACKAGE, lambda data: data[:60] + b"\xff" * 20 + data[80:]),
    "nothing in it": lambda p: archive(p, {}),
    "no JSON": lambda p: archive(p, {"datapackage.json": "{"}),
    "nested JSON": lambda p: archive(p, {"datapackage.json": "[" * 100_000}),
    "a list": lambda p: archive(p, {"datapackage.json": "[1]"}),
    "a number for a path": lambda p: archive(
        p, {"datapackage.json": json.dumps({"resources": [RESOURCE | {"path": 5}]})}
    ),
    "a key of objects": lambda p: archive(
        p, with_foreign_key({"fields": [{}], "reference": {"fields": ["a"]}})
    ),
    "a cell of a megabyte": lambda p: archive(p, PACKAGE | {"data/a.csv": "a\n" + "x" * 10**6}),
    "no CSV": lambda p: archive(p, PACKAGE | {"data/a.csv": b"\xff\0"}),
    "an option of git": lambda p: f"--output={p}",
    "no revision": lambda p: "nowhere",
}


@pytest.mark.parametrize("base", BASES.values(), ids=BASES)
def test_base_that_is_none_is_refused_in_a_sentence(tiny, tmp_path, base, capsys):
    status = diff([str(tiny), f"--base={base(tmp_path / 'base')}"])
    error = capsys.readouterr().err
    assert (status, error.count("\n"), BUG in error) == (2, 1, False)


def test_bomb_is_refused_before_it_is_read(tiny, tmp_path, capsys):
    size, pressed = 2 * 10**9, zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join(pressed.compress(bytes(10**7)) for _ in range(3)) + pressed.flush()
    path = tmp_path / "bomb.zip"
    told = zipfile.ZipInfo("datapackage.json")
    archive(path, {"datapackage.json": body})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = size.to_bytes(4, "little")
    path.write_bytes(data)
    assert (diff([str(tiny), "--base", str(path)]), told.filename in capsys.readouterr().err) == (2, True)


SPECIAL = {
    "a pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link that leads out": lambda path: path.symlink_to("/etc/hostname"),
    "a folder": os.mkdir,
}


@pytest.mark.parametrize("name", ["datapackage.json", TABLE, "CHANGELOG.md"])
@pytest.mark.parametrize("make", SPECIAL.values(), ids=SPECIAL)
def test_folder_with_what_is_no_file_is_refused(tiny, tmp_path, make, name, capsys):
    base = composed(TINY, tmp_path / "base").parent
    (base / name).unlink(missing_ok=True)
    make(base / name)
    status = diff([str(tiny), "--base", str(base)])
    assert (status in (0, 2), BUG in capsys.readouterr().err) == (True, False)


def test_option_of_git_writes_nothing(tiny, tmp_path, capsys):
    subprocess.run(["git", "init", "--quiet"], cwd=tiny.parent, check=True)
    (tmp_path / "x:.").mkdir()
    status = diff([str(tiny), f"--base=--output={tmp_path}/x"])
    assert (status, list((tmp_path / "x:.").iterdir())) == (2, [])


def test_what_a_terminal_would_obey_is_written_as_an_escape(tiny, tmp_path, capsys):
    base = composed(TINY, tmp_path / "base")
    described(base, lambda told: told.update(version="x\x1b[31m"))
    diff([str(tiny), "--base", str(base.parent)])
    assert "\x1b" not in (told := capsys.readouterr().out) and r"x\x1b[31m" in told


def test_markdown_of_a_difference_holds_no_html_and_no_heading_of_a_name(tiny, tmp_path, capsys):
    base = composed(TINY, tmp_path / "base")
    described(base, lambda told: told["resources"][-1].update(name="a\n# heading <script>"))
    diff([str(tiny), "--base", str(base.parent), "--format", "markdown"])
    told = capsys.readouterr().out
    assert "heading" in told and "\n# heading" not in told and "<script>" not in told


SEEDS = range(int(os.environ.get("FUZZ", "12")))  # FUZZ=2000 for longer
COMMANDS = {
    "validate": lambda d, out: validate([str(d), "--format", "github"]),
    "format": lambda d, out: format_tables([str(d)]),
    "diff": lambda d, out: diff([str(d), "--base", str(d.parent / "base"), "--format", "markdown"]),
    "build": lambda d, out: build([str(d), "--out", str(out)]),
    "release": lambda d, out: release([str(d), "--out", str(out)]),
    "links": lambda d, out: links([str(d), "--out", str(out)]),
    "check": lambda d, out: check([str(d), "--base", str(d.parent / "base")]),
    "general": lambda d, out: validate([str(d), "--general"]),
    "add": lambda d, out: add(["citation", "--package", str(d), "--row", "us-il-chicago", "--source", "x"]),
    "prepare": lambda d, out: release([str(d), "--prepare"]),
}
if "FUZZ" in os.environ:  # it takes ten seconds where a package is in order
    COMMANDS["site"] = lambda d, out: site([str(d), "--out", str(out), "--dist", str(out / "none")])
VALUES = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    float("nan"),
    "",
    " ",
    "x",
    "a\nb",
    "\x1b[31m",
    "(",
    r"\Q",
    {},
    [],
    [[]],
]


def places(value, path=()):
    """Every place within a JSON value."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        yield (*path, name)
        yield from places(child, (*path, name))


def mutated(told, chance):
    """Put something else into one place of a descriptor, or take it away, or give it a name twice over."""
    *path, last = chance.choice(list(places(told)))
    for name in path:
        told = told[name]
    kind = chance.randrange(4)
    if kind == 0:
        del told[last]
    elif kind == 1 and isinstance(told, list):
        told.append(told[last])
    else:
        told[last] = chance.choice(VALUES)


def spoilt(data, chance):
    """Bytes with some of them replaced, left out or repeated."""
    at, length = chance.randrange(len(data) + 1), chance.randrange(40)
    new = chance.choice(
        [b"", b"\0", b"\xff", b'"', b",", b"\r\n", b"\n\n", b"\xef\xbb\xbf", b"x" * 300, b"9" * 30]
    )
    return chance.choice([data[:at] + new + data[at + length :], data[:at], data + data[at:], new + data])


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.parametrize("seed", SEEDS)
def test_no_command_falls_over_whatever_a_package_holds(tiny, tmp_path, seed, capsys, monkeypatch):
    async def answering(addresses, keep, *_):
        for url in addresses:
            keep(url, "answers", "", "")

    monkeypatch.setattr("scripts.links.check_addresses", answering)  # no network
    monkeypatch.setattr("sys.stdin", io.StringIO())
    chance = random.Random(seed)
    composed(TINY, tiny.parent / "base")
    for _ in range(chance.randrange(1, 4)):
        if chance.random() < 0.6:
            described(tiny, lambda told: mutated(told, chance))
        else:
            path = chance.choice([tiny, *sorted((tiny.parent / "data").iterdir())])
            path.write_bytes(spoilt(path.read_bytes(), chance))
            if path == tiny:
                break  # perhaps no JSON any more
    statuses = {name: run(tiny, tmp_path / name) for name, run in COMMANDS.items()}
    assert (set(statuses.values()) <= {0, 1, 2}, BUG in capsys.readouterr().err) == (True, False)
