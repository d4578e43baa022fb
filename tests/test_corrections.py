"""Changes after a release: what they demand, what is refused, and what an earlier version said."""

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pytest
import yaml
from conftest import ROOT, TINY, composed

from scripts.build import build
from scripts.checking.check import check
from scripts.diff import main
from scripts.release import main as release

QUERIES = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["sister_cities"]["queries"]
AUTHOR = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
PLACES, PAIRS, CORRECTIONS = "data/places.csv", "data/pairs.csv", "data/corrections.csv"
POPULATION = (
    "1-0-1--us-il-dixon--population,1.0.1,places,us-il-dixon,population,,15733,better_source,,Counted."
)
WRONG_VALUE = POPULATION.replace("15733", "15734")
REMOVED = (
    "2-0-0--us-il-dixon--ua-63-kharkiv,2.0.0,pairs,us-il-dixon--ua-63-kharkiv,,us-il-dixon--ua-63-kharkiv,"
)
WITHDRAWN = "1-0-1--ru-mow-moscow--population,1.0.1,places,ru-mow-moscow,population,,,withdrawn,,Taken away."
LATER, WITHDRAWN_LATER = (
    text.replace("1-0-1", "1-1-0").replace("1.0.1", "1.1.0") for text in (POPULATION, WITHDRAWN)
)
UNTIMELY = POPULATION.replace("1-0-1", "1-0-0").replace("1.0.1", "1.0.0")
IDLE = "1-0-1--us-il-dixon--notes,1.0.1,places,us-il-dixon,notes,,No.,better_source,,Nothing of the sort."
MOSCOW = "2-0-0--ru-mow-moscow,2.0.0,places,ru-mow-moscow,,ru-mow-moscow,ru-mow-moskva,identity,,Renamed."


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


def emptied(descriptor):
    """Take away the population of Moscow."""
    edit(descriptor, PLACES, "Q649,10381222,", "Q649,,")


def another(descriptor):
    """Add a place that nothing but a statement is about."""
    path = descriptor.parent / PLACES
    row = "us-il-elgin,Elgin,,city,US,US-IL,Illinois,42.0373,-88.2812,,,,,GeoNames,stated,\n"
    path.write_text(path.read_text("utf-8") + row, "utf-8")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The zip of version 1.0.0 of the tiny package."""
    folder = tmp_path_factory.mktemp("released")
    descriptor = composed(TINY, folder / "package")
    version(descriptor, "1.0.0")
    assert release([str(descriptor), "--out", str(folder / "dist")]) == 0
    return folder / "dist" / "sister-cities-in-wartime-1.0.0.zip"


@pytest.fixture
def released(tiny, archive):
    """The descriptor of a copy of the tiny package of which 1.0.0 was released."""
    (tiny.parent / "releases").mkdir()
    shutil.copyfile(archive, tiny.parent / "releases" / "1.0.0.zip")
    version(tiny, "1.0.0")
    return tiny


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


# What is done to the released package, its version, its new corrections; the bump, and how many demands are
# not met.
CASES = {
    "nothing": ([], "1.0.0", [], "none", 0),
    "a version without a change": ([], "1.0.1", [], "none", 1),
    "a value without a correction": ([populated], "1.0.1", [], "patch", 1),
    "a value with its correction": ([populated], "1.0.1", [POPULATION], "patch", 0),
    "a correction to another value": ([populated], "1.0.1", [WRONG_VALUE], "patch", 2),
    "a correction of no change": ([populated], "1.0.1", [POPULATION, IDLE], "patch", 1),
    "a value that is withdrawn": ([emptied], "1.0.1", [WITHDRAWN], "patch", 0),
    "too small a version": ([another], "1.0.1", [], "minor", 2),
    "too great a version": ([another], "2.0.0", [], "minor", 2),
    "a row added": ([another], "1.1.0", [], "minor", 0),
    "a row added and a value": ([another, populated], "1.1.0", [LATER], "minor", 0),
    "a correction of a version that grew": ([another, populated], "1.1.0", [POPULATION], "minor", 1),
    "a correction of the released version": ([populated], "1.0.1", [UNTIMELY], "patch", 1),
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


def test_missing_correction_is_printed_ready_to_fill_in(released, capsys):
    populated(released)
    version(released, "1.0.1")
    main([str(released)])
    assert POPULATION.replace("better_source,,Counted.", "REASON,SOURCE,NOTE") in capsys.readouterr().out


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


def test_removed_row_is_major_and_leads_nowhere(released, capsys):
    edit(released, PAIRS, "us-il-dixon--ua-63-kharkiv,us-il-dixon,ua-63-kharkiv,friendship,Dixon,Kharkiv,"
         "weekly-2022-06-06-essay,stated,\n", "")  # fmt: skip
    append(released, REMOVED + ",identity,,No such tie.")
    version(released, "2.0.0")
    status, told = judged(released, capsys)
    assert (status, told["removed"]) == (0, {"pairs": ["us-il-dixon--ua-63-kharkiv"]})


@pytest.fixture
def renamed(released):
    """The released package in which Moscow's key was renamed wherever it stood."""
    for path in (released.parent / "data").glob("*.csv"):
        path.write_text(path.read_text("utf-8").replace("ru-mow-moscow", "ru-mow-moskva"), "utf-8")
    version(released, "2.0.0")
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
    "another value than the cell's": ([populated], [WRONG_VALUE], "newest-correction-holds"),
    "a row that is not there": (
        [],
        [POPULATION.replace("us-il-dixon", "us-il-dixn")],
        "corrected-row-is-known",
    ),
    "a retired key in use": ([], [MOSCOW], "retired-key-stays-retired"),
    "a successor that is not there": ([], [MOSCOW], "successor-exists"),
}


@pytest.mark.parametrize(("edits", "lines", "rule"), BROKEN.values(), ids=BROKEN)
def test_correction_that_does_not_hold_is_found(released, edits, lines, rule):
    for one in edits:
        one(released)
    for text in lines:
        append(released, text)
    version(released, "2.0.0")
    assert rule in {problem.rule for problem in check(released).problems}


def test_negative_number_is_no_formula(released):
    edit(released, PLACES, "41.85,-87.65", "41.85,-87.64")
    append(released, "1-0-1--us-il-chicago--longitude,1.0.1,places,us-il-chicago,longitude,-87.65,-87.64,"
           "better_source,,A nearer point.")  # fmt: skip
    version(released, "1.0.1")
    assert check(released).problems == []


@pytest.fixture
def said(released, tmp_path):
    """A function that asks the built database what a version said."""
    populated(released)
    append(released, WITHDRAWN_LATER)
    emptied(released)
    append(released, LATER)
    another(released)
    version(released, "1.1.0")
    report = check(released)
    report.problems = [problem for problem in report.problems if problem.rule != "place-is-used"]
    assert report.problems == []
    build(report, tmp_path / "build", lambda step: None)

    def ask(number, row, column=""):
        given = {"version": number, "table": "places", "row": row, "column": column}
        with closing(sqlite3.connect(tmp_path / "build" / "sister_cities.db")) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(QUERIES["what_did_a_version_say"]["sql"], given)]

    return ask


SAID = [
    ("1.0.0", "us-il-dixon", "population", [(None, "1.1.0", "Counted.")]),
    ("1.1.0", "us-il-dixon", "population", [("15733", None, None)]),
    ("", "us-il-dixon", "population", [("15733", None, None)]),
    ("1.0.0", "us-il-chicago", "population", [("2664452", None, None)]),
    ("1.0.0", "ru-mow-moscow", "population", [(None, "1.1.0", "Taken away.")]),
    ("1.0.0", "us-il-elgin", "name", []),
    ("1.1.0", "us-il-elgin", "name", [("Elgin", None, None)]),
    ("9.9.9", "us-il-dixon", "population", []),
]


@pytest.mark.parametrize(("number", "row", "column", "answer"), SAID)
def test_version_says_what_it_said(said, number, row, column, answer):
    assert [(one["value"], one["changed_in"], one["note"]) for one in said(number, row, column)] == answer


def test_column_that_a_later_version_added_was_not_there_before(released, tmp_path):
    told = json.loads(released.read_text("utf-8"))
    (places,) = [resource for resource in told["resources"] if resource["name"] == "places"]
    flag = {"name": "twinned", "type": "boolean", "description": "Whether it is."}
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
    populated(released)
    main([str(released), "--base", str(base), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["before"], [tuple(cell.values()) for cell in told["changed"]]) == (
        "1.0.0",
        [("places", "us-il-dixon", "population", "", "15733")],
    )


@pytest.mark.parametrize("base", ["nowhere", "folder", "file"])
def test_base_that_is_no_package_exits_2_with_one_line(tiny, tmp_path, capsys, base):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("no zip")
    status = main([str(tiny), "--base", str(tmp_path / base) if base != "nowhere" else base])
    assert (status, capsys.readouterr().err.count("\n")) == (2, 1)


def test_notes_of_a_release_show_what_changed_since_the_one_before(released, tmp_path):
    populated(released)
    append(released, POPULATION)
    version(released, "1.0.1")
    status = release([str(released), "--out", str(tmp_path / "dist")])
    notes = (tmp_path / "dist" / "RELEASE_NOTES.md").read_text("utf-8")
    assert (status, "| `us-il-dixon` | population |  | 15733 |" in notes) == (0, True)


def test_archive_that_is_not_named_for_a_version_is_refused(released, capsys):
    archive = released.parent / "releases" / "1.0.0.zip"
    archive.rename(archive.with_name("newest.zip"))
    status = main([str(released)])
    assert (status, "newest.zip is not named for a version" in capsys.readouterr().err) == (2, True)


def test_markdown_shows_rows_and_demands(released, capsys):
    populated(released)
    main([str(released), "--format", "markdown"])
    out = capsys.readouterr().out
    assert "| `us-il-dixon` | population |  | 15733 |" in out and "**Not yet right:**" in out


def test_shipped_version_is_the_one_that_its_changes_demand(capsys):
    assert (main([]), capsys.readouterr().out.count("error")) == (0, 0)
