"""Changes after a release: what they demand, what is refused, and what an earlier version said."""

import json
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing

import pytest
import yaml
from conftest import ROOT, TINY, composed

from scripts.build import build
from scripts.checking.validator import check
from scripts.diff import main
from scripts.release import main as release

QUERIES = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["sister_cities"]["queries"]
AUTHOR = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
SOURCES, PLACES, PAIRS = "data/sources.csv", "data/places.csv", "data/pairs.csv"
EVENTS, CITATIONS, CORRECTIONS = "data/pair_events.csv", "data/citations.csv", "data/corrections.csv"
UNRELEASED = "unreleased"
FILLED = "V--us-il-dixon--population,V,places,us-il-dixon,population,,15733,better_source,,Counted."
RECOUNTED = (
    "V--us-il-chicago--population,V,places,us-il-chicago,population,2664452,2664453,better_source,,Counted."
)
WRONG_VALUE = RECOUNTED.replace("2664453", "2664454")
REMOVED = "V--us-il-dixon--ua-63-kharkiv,V,pairs,us-il-dixon--ua-63-kharkiv,,us-il-dixon--ua-63-kharkiv,"
WITHDRAWN = "V--ru-mow-moscow--population,V,places,ru-mow-moscow,population,,,withdrawn,,Taken away."
IDLE = "V--us-il-dixon--notes,V,places,us-il-dixon,notes,,No.,better_source,,Nothing of the sort."
MOSCOW = "V--ru-mow-moscow,V,places,ru-mow-moscow,,ru-mow-moscow,ru-mow-moskva,identity,,Renamed."
SUSPENDED, ENDED = (f"us-il-chicago--ru-mow-moscow--{event}" for event in ("suspended", "ended"))


def of(line, version=UNRELEASED):
    """A line of corrections as one of a version."""
    return line.replace("V--", version.replace(".", "-") + "--").replace(",V,", f",{version},")


def edit(descriptor, file, old, new):
    path = descriptor.parent / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def append(descriptor, line):
    path = descriptor.parent / CORRECTIONS
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")


def version(descriptor, number, heading=None):
    told = json.loads(descriptor.read_text("utf-8"))
    told["version"] = number
    descriptor.unlink()
    descriptor.write_text(json.dumps(told), "utf-8")
    text = f"# Changes\n\n## {heading or number} (2026-11-21)\n\n- A change.\n"
    (descriptor.parent / "CHANGELOG.md").write_text(text, "utf-8")


def populated(descriptor):
    """Give Dixon, of which no population is recorded, one."""
    edit(descriptor, PLACES, "4889959,,,,", "4889959,,15733,,")


def recounted(descriptor):
    """Change the population of Chicago."""
    edit(descriptor, PLACES, "Q1297,2664452,", "Q1297,2664453,")


def ended(descriptor):
    """Say that Chicago ended what it suspended, in the event and in its citation."""
    edit(descriptor, EVENTS, f"{SUSPENDED},us-il-chicago--ru-mow-moscow,suspended,",
         f"{ENDED},us-il-chicago--ru-mow-moscow,ended,")  # fmt: skip
    edit(descriptor, CITATIONS, SUSPENDED, ENDED)
    for path in (descriptor.parent / EVENTS, descriptor.parent / CITATIONS):
        header, *lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join([header, *sorted(lines)]), "utf-8")


def merged(descriptor):
    """Take away the list, which is the same as the report, and cite the report in its place."""
    edit(descriptor, SOURCES, "list-2021-ties,list,[List of ties],The Chamber,,2021-01-01,year,,,,en,,,"
         "inferred,Named by The Daily; not found.\n", "")  # fmt: skip
    edit(descriptor, CITATIONS, "list-2021-ties", "daily-2022-03-02-report")


def annotated(descriptor):
    """Fill every empty note on a place."""
    path = descriptor.parent / PLACES
    lines = path.read_text("utf-8").splitlines()
    path.write_text(
        "".join(f"{line}Noted.\n" if line.endswith(",") else f"{line}\n" for line in lines), "utf-8"
    )


def emptied(descriptor):
    """Take away the population of Moscow."""
    edit(descriptor, PLACES, "Q649,10381222,", "Q649,,")


def another(descriptor):
    """Add a place that nothing but a statement is about."""
    path = descriptor.parent / PLACES
    row = "us-il-elgin,Elgin,,city,US,US-IL,Illinois,42.0373,-88.2812,,,,,GeoNames,stated,\n"
    path.write_text(path.read_text("utf-8") + row, "utf-8")


@pytest.fixture(scope="session")
def archive(tiny_dist):
    """The zip of version 1.0.0 of the tiny package."""
    return next(tiny_dist.glob("*.zip"))


def released_in(folder, archive):
    """The descriptor of a copy of the tiny package of which 1.0.0 was released."""
    descriptor = composed(TINY, folder / "tiny")
    (descriptor.parent / "releases").mkdir()
    shutil.copyfile(archive, descriptor.parent / "releases" / "1.0.0.zip")
    version(descriptor, "1.0.0")
    return descriptor


@pytest.fixture
def released(tmp_path, archive):
    return released_in(tmp_path, archive)


def fill_in(descriptor, capsys):
    """Add the corrections that the command prints, as a contributor would."""
    capsys.readouterr()
    main([str(descriptor)])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    for text in lines:
        append(descriptor, text.replace("REASON,SOURCE,NOTE", "identity,,Renamed."))
    return len(lines)


def judged(descriptor, capsys):
    capsys.readouterr()
    status = main([str(descriptor), "--format", "json"])
    return status, json.loads(capsys.readouterr().out)


# What is done to the released package, its version, its new corrections; the bump, and how many requirements
# are not met.
CASES = {
    "nothing": ([], "1.0.0", [], "none", 0),
    "a version without a change": ([], "1.0.1", [], "none", 1),
    "an empty cell filled": ([populated], "1.0.0", [], "minor", 0),
    "many empty cells filled": ([annotated], "1.0.0", [], "minor", 0),
    "an empty cell filled and told": ([populated], "1.0.0", [of(FILLED)], "minor", 0),
    "a value without a correction": ([recounted], "1.0.0", [], "patch", 1),
    "a value with its correction": ([recounted], "1.0.0", [of(RECOUNTED)], "patch", 0),
    "a correction to another value": ([recounted], "1.0.0", [of(WRONG_VALUE)], "patch", 2),
    "a correction of no change": ([recounted], "1.0.0", [of(RECOUNTED), of(IDLE)], "patch", 1),
    "a correction of the released version": ([recounted], "1.0.0", [of(RECOUNTED, "1.0.0")], "patch", 1),
    "a correction before its version": ([recounted], "1.0.0", [of(RECOUNTED, "1.0.1")], "patch", 1),
    "a value that is withdrawn": ([emptied], "1.0.0", [of(WITHDRAWN)], "patch", 0),
    "a row added": ([another], "1.0.0", [], "minor", 0),
    "a release": ([recounted], "1.0.1", [of(RECOUNTED, "1.0.1")], "patch", 0),
    "a release with a correction left open": ([recounted], "1.0.1", [of(RECOUNTED)], "patch", 1),
    "too small a version": ([another], "1.0.1", [], "minor", 2),
    "too great a version": ([another], "2.0.0", [], "minor", 2),
    "a release of a row and a value": ([another, recounted], "1.1.0", [of(RECOUNTED, "1.1.0")], "minor", 0),
    "a version that grew": ([another, recounted], "1.1.0", [of(RECOUNTED, "1.0.1")], "minor", 1),
}  # fmt: skip


@pytest.mark.parametrize(("edits", "number", "lines", "bump", "unmet"), CASES.values(), ids=CASES)
def test_change_of_a_release_demands(released, capsys, edits, number, lines, bump, unmet):
    for one in edits:
        one(released)
    for text in lines:
        append(released, text)
    version(released, number)
    status, told = judged(released, capsys)
    assert (status, told["bump"], len(told["unmet"])) == (int(unmet > 0), bump, unmet)


def test_changelog_must_begin_with_the_version(released, capsys):
    another(released)
    version(released, "1.1.0", heading="1.0.0")
    status, told = judged(released, capsys)
    assert (status, "CHANGELOG.md does not begin with 1.1.0" in told["unmet"][0]) == (1, True)


@pytest.mark.parametrize("number", ["unreleased", "1.0.1"])
def test_missing_correction_is_printed_ready_to_fill_in(released, capsys, number):
    recounted(released)
    version(released, "1.0.0" if number == UNRELEASED else number)
    main([str(released)])
    expected = of(RECOUNTED, number).replace("better_source,,Counted.", "REASON,SOURCE,NOTE")
    assert expected in capsys.readouterr().out


# What is done to the released package, and the correction that it asks for, filled in.
ASKED = {
    "the kind of an event": (
        [ended],
        f"V--{SUSPENDED},V,pair_events,{SUSPENDED},,{SUSPENDED},{ENDED},better_source,,It ended.",
    ),
    "a duplicate source": (
        [merged],
        "V--list-2021-ties,V,sources,list-2021-ties,,list-2021-ties,daily-2022-03-02-report,"
        "split_or_merged,,A copy.",
    ),
    "both, and many empty cells": (
        [ended, annotated],
        f"V--{SUSPENDED},V,pair_events,{SUSPENDED},,{SUSPENDED},{ENDED},better_source,,It ended.",
    ),
}


@pytest.mark.parametrize(("edits", "line"), ASKED.values(), ids=ASKED)
def test_retired_key_is_minor_and_asks_for_one_correction(released, capsys, edits, line):
    for one in edits:
        one(released)
    append(released, of(line))
    assert check(released).problems == []
    status, told = judged(released, capsys)
    assert (status, told["bump"], told["unmet"]) == (0, "minor", [])


def test_kind_of_an_event_is_seen_as_a_new_key(released, capsys):
    ended(released)
    told = judged(released, capsys)[1]
    assert (told["renamed"], len(told["unmet"])) == ({"pair_events": {SUSPENDED: ENDED}}, 1)


@pytest.mark.parametrize(
    ("new", "said"),
    [("ru-mow-moskva", "places ru-mow-moscow was renamed without"), ("", "places ru-mow-moscow was removed")],
)
def test_row_that_lost_its_key_is_said_to_be_renamed_or_removed(released, capsys, new, said):
    path = released.parent / PLACES
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line.replace("ru-mow-moscow", new) for line in lines if new or "ru-mow-moscow" not in line]
    path.write_text("".join(kept), "utf-8")
    assert any(text.startswith(said) for text in judged(released, capsys)[1]["unmet"])


def test_released_correction_is_not_rewritten(released, capsys):
    edit(released, CORRECTIONS, "Digit mistyped.", "Somebody mistyped.")
    version(released, "1.0.1")
    assert any("released correction" in text for text in judged(released, capsys)[1]["unmet"])


def test_removed_row_is_minor_and_leads_nowhere(released, capsys):
    edit(released, PAIRS, "us-il-dixon--ua-63-kharkiv,us-il-dixon,ua-63-kharkiv,friendship,Dixon,Kharkiv,,"
         "weekly-2022-06-06-essay,stated,\n", "")  # fmt: skip
    append(released, of(REMOVED) + ",identity,,No such tie.")
    status, told = judged(released, capsys)
    assert (status, told["removed"]) == (0, {"pairs": ["us-il-dixon--ua-63-kharkiv"]})


@pytest.fixture
def renamed(released):
    """The released package in which Moscow's key was renamed wherever it stood."""
    for path in (released.parent / "data").glob("*.csv"):
        path.write_text(path.read_text("utf-8").replace("ru-mow-moscow", "ru-mow-moskva"), "utf-8")
    return released


def test_renamed_key_is_followed_wherever_it_leads(renamed, capsys):
    told = judged(renamed, capsys)[1]
    assert (told["renamed"]["places"], told["renamed"]["pairs"], told["changed"], told["removed"]) == (
        {"ru-mow-moscow": "ru-mow-moskva"},
        {
            "us-ca-santa-clara-county--ru-mow-moscow": "us-ca-santa-clara-county--ru-mow-moskva",
            "us-il-chicago--ru-mow-moscow": "us-il-chicago--ru-mow-moskva",
        },
        [],
        {},
    )


def test_corrections_that_are_printed_are_those_that_are_demanded(renamed, capsys):
    assert (fill_in(renamed, capsys) > 3, judged(renamed, capsys)[0]) == (True, 0)


# What is done to the released package, and the rule that its validator then names.
BROKEN = {
    "another value than the cell's": ([recounted], [of(WRONG_VALUE)], "newest-correction-holds"),
    "a row that is not there": (
        [],
        [of(FILLED.replace("us-il-dixon", "us-il-dixn"))],
        "corrected-row-is-known",
    ),
    "a retired key in use": ([], [of(MOSCOW)], "retired-key-stays-retired"),
    "a successor that is not there": ([], [of(MOSCOW)], "successor-exists"),
}


@pytest.mark.parametrize(("edits", "lines", "rule"), BROKEN.values(), ids=BROKEN)
def test_correction_that_does_not_hold_is_found(released, edits, lines, rule):
    for one in edits:
        one(released)
    for text in lines:
        append(released, text)
    assert rule in {problem.rule for problem in check(released).problems}


def test_negative_number_is_no_formula(released):
    edit(released, PLACES, "41.85,-87.65", "41.85,-87.64")
    line = "V--us-il-chicago--longitude,V,places,us-il-chicago,longitude,-87.65,-87.64,better_source,,Nearer."
    append(released, of(line))
    assert check(released).problems == []


@pytest.fixture(scope="module", params=["1.1.0", UNRELEASED])
def said(request, archive, tmp_path_factory):
    """A function that asks what a version said, with the later one released or not; and the later one."""
    later, folder = request.param, tmp_path_factory.mktemp("said")
    released = released_in(folder, archive)
    populated(released)
    append(released, of(WITHDRAWN, later))
    emptied(released)
    append(released, of(FILLED, later))
    another(released)
    version(released, "1.0.0" if later == UNRELEASED else later)
    report = check(released)
    report.problems = [problem for problem in report.problems if problem.rule != "place-is-used"]
    assert report.problems == []
    build(report, folder / "build", lambda step: None)

    def ask(number, row, column=""):
        given = {"version": number, "table": "places", "row": row, "column": column}
        with closing(sqlite3.connect(folder / "build" / "sister_cities.db")) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(QUERIES["what_did_a_version_say"]["sql"], given)]

    return ask, later


LATER = "the later version"
SAID = [
    ("1.0.0", "us-il-dixon", "population", [(None, LATER, "Counted.")]),
    (LATER, "us-il-dixon", "population", [("15733", None, None)]),
    ("", "us-il-dixon", "population", [("15733", None, None)]),
    ("1.0.0", "us-il-chicago", "population", [("2664452", None, None)]),
    ("1.0.0", "ru-mow-moscow", "population", [(None, LATER, "Taken away.")]),
    ("1.0.0", "us-il-elgin", "name", []),
    (LATER, "us-il-elgin", "name", [("Elgin", None, None)]),
    ("9.9.9", "us-il-dixon", "population", []),
]


@pytest.mark.parametrize(("number", "row", "column", "answer"), SAID)
def test_version_says_what_it_said(said, number, row, column, answer):
    ask, later = said
    found = [
        (one["value"], one["changed_in"], one["note"])
        for one in ask(number.replace(LATER, later), row, column)
    ]
    assert found == [(value, changed and later, note) for value, changed, note in answer]


LISTED = {
    "the released state": ([], "1.0.0", ["1.0.0"], "1.0.0"),
    "a changed cell": ([recounted], "1.0.0", ["1.0.0", UNRELEASED], "1.0.0 with unreleased changes"),
    "a version in the making": ([recounted], "1.0.1", ["1.0.0", "1.0.1"], "1.0.1"),
}


@pytest.mark.parametrize(("edits", "number", "listed", "called"), LISTED.values(), ids=LISTED)
def test_state_is_unreleased_once_it_differs_from_its_version(
    released, tmp_path, edits, number, listed, called
):
    for one in edits:
        one(released)
    version(released, number)
    build(check(released), tmp_path / "build", lambda step: None)
    with closing(sqlite3.connect(tmp_path / "build" / "sister_cities.db")) as db:
        found = [v for (v,) in db.execute("SELECT version FROM releases ORDER BY position")]
        ((name,),) = db.execute("SELECT version FROM package")
    assert (found, name) == (listed, called)


def test_column_that_a_later_version_added_was_not_there_before(released, tmp_path):
    told = json.loads(released.read_text("utf-8"))
    (places,) = [resource for resource in told["resources"] if resource["name"] == "places"]
    flag = {"name": "twinned", "type": "boolean", "description": "Whether it is.", "example": "true"}
    places["schema"]["fields"].append({**places["schema"]["fields"][-1], **flag})
    released.write_text(json.dumps(told), "utf-8")
    path = released.parent / PLACES
    header, *lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([f"{header},twinned", *(f"{line},true" for line in lines), ""]), "utf-8")
    version(released, "1.1.0")
    report = check(released)
    assert report.problems == []
    build(report, tmp_path / "build", lambda step: None)
    given = {"table": "places", "row": "us-il-dixon", "column": "twinned"}
    with closing(sqlite3.connect(tmp_path / "build" / "sister_cities.db")) as db:
        sql = QUERIES["what_did_a_version_say"]["sql"]
        said = [db.execute(sql, given | {"version": v}).fetchall() for v in ("1.0.0", "1.1.0")]
    assert [[row[4:6] for row in rows] for rows in said] == [[], [("true", "1.1.0")]]


def test_renamed_row_is_found_by_either_key(renamed, tmp_path, capsys):
    fill_in(renamed, capsys)
    build(check(renamed), tmp_path / "build", lambda step: None)
    given = {"version": "1.0.0", "table": "pairs", "column": "pair_id"}
    with closing(sqlite3.connect(tmp_path / "build" / "sister_cities.db")) as db:
        found = [
            db.execute(QUERIES["what_did_a_version_say"]["sql"], given | {"row": row}).fetchone()[2]
            for row in ("us-il-chicago--ru-mow-moscow", "us-il-chicago--ru-mow-moskva")
        ]
        successor = db.execute("SELECT successor FROM retired_keys WHERE row_id = 'ru-mow-moscow'").fetchone()
    assert (found, successor) == (["us-il-chicago--ru-mow-moscow"] * 2, ("ru-mow-moskva",))


def test_before_the_first_release_there_is_nothing_to_compare(tiny, capsys):
    assert (main([str(tiny)]), "Nothing was released" in capsys.readouterr().out) == (0, True)


@pytest.mark.parametrize("kind", ["zip", "folder", "revision"])
def test_any_state_can_be_the_base(released, tmp_path, capsys, kind):
    base = {
        "zip": released.parent / "releases" / "1.0.0.zip",
        "folder": tmp_path / "base",
        "revision": "HEAD",
    }[kind]
    if kind == "folder":
        shutil.copytree(released.parent, base)
    if kind == "revision":
        for command in (["init", "--quiet"], ["add", "--all"], [*AUTHOR, "commit", "--quiet", "-m", "A"]):
            subprocess.run(["git", *command], cwd=released.parent, check=True)
    recounted(released)
    main([str(released), "--base", str(base), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["before"], [(cell["row"], cell["before"], cell["after"]) for cell in told["changed"]]) == (
        "1.0.0",
        [("us-il-chicago", "2664452", "2664453")],
    )


@pytest.mark.parametrize("base", ["nowhere", "folder", "file"])
def test_base_that_is_no_package_exits_2_with_one_line(tiny, tmp_path, capsys, base):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("no zip")
    status = main([str(tiny), "--base", str(tmp_path / base) if base != "nowhere" else base])
    assert (status, capsys.readouterr().err.count("\n")) == (2, 1)


def test_notes_of_a_release_show_what_changed_since_the_one_before(released, tmp_path):
    recounted(released)
    append(released, of(RECOUNTED, "1.0.1"))
    version(released, "1.0.1")
    status = release([str(released), "--out", str(tmp_path / "dist")])
    notes, rows = (
        (tmp_path / "dist" / f"{name}.md").read_text("utf-8") for name in ("RELEASE_NOTES", "CHANGES")
    )
    assert (status, "| `places` | changed | 1 |" in notes) == (0, True)
    assert "| `us-il-chicago` | population | 2664452 | 2664453 |" in rows


def test_damaged_archive_is_refused_in_one_line(released, capsys):
    path = released.parent / "releases" / "1.0.0.zip"
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("data/places.csv").header_offset + 60
    data = bytearray(path.read_bytes())
    data[start : start + 20] = b"U" * 20
    path.write_bytes(data)
    assert (main([str(released)]), capsys.readouterr().err.count("\n")) == (2, 1)


def test_archive_that_is_not_named_for_a_version_is_refused(released, capsys):
    archive = released.parent / "releases" / "1.0.0.zip"
    archive.rename(archive.with_name("newest.zip"))
    status = main([str(released)])
    assert (status, "newest.zip is not named for a version" in capsys.readouterr().err) == (2, True)


def test_markdown_shows_rows_and_requirements(released, capsys):
    recounted(released)
    main([str(released), "--format", "markdown"])
    out = capsys.readouterr().out
    assert "| `us-il-chicago` | population | 2664452 | 2664453 |" in out and "**Not yet right:**" in out


def test_every_change_of_the_last_release_has_its_correction(capsys):
    assert (main([]), capsys.readouterr().out.count("error")) == (0, 0)
