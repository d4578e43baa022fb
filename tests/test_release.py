"""The release: the same bytes wherever it is made, valid as released, and alike in every format."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import datetime

import duckdb
import frictionless
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import CREATED, FROZEN, ROOT, VERSION, composed, rows_of

from schemas.contract import table_of
from schemas.derived import derived_tables
from scripts.checking.validator import check
from scripts.database.geometry import distance_km
from scripts.documents.citing import cite_as
from scripts.release import main
from scripts.releasing.archive import unlinked, write_package
from scripts.releasing.geojson import crossing, geometry
from scripts.releasing.verify import differing
from scripts.releasing.workbook import write_workbook

DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
NAME = f"{DESCRIPTOR['name']}-{VERSION}"
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
RECORDED = sorted((ROOT / "releases").glob("*.zip"))
TABLES = [resource["name"] for resource in DESCRIPTOR["resources"]]
TABLES += [table.name for table in derived_tables(DESCRIPTOR)]
# A machine as far from this one as one can make it: zone, language, order of hashes.
ELSEWHERE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "PYTHONUTF8": "0"}


@pytest.fixture(scope="session")
def tables(unzipped):
    """The tables of the released package by name."""
    resources = json.loads((unzipped / "datapackage.json").read_text("utf-8"))["resources"]
    return {resource["name"]: table_of(resource) for resource in resources}


def contents(folder):
    """The bytes of every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.slow
def test_release_is_the_same_wherever_and_whenever_it_is_made(dist, tmp_path):
    descriptor = composed(FROZEN, tmp_path / "package")
    for path in descriptor.parent.rglob("*"):
        os.utime(path, (10**8, 10**8))
    command = [sys.executable, "-m", "scripts.release", str(descriptor), "--out", str(tmp_path / "dist")]
    environment = os.environ | ELSEWHERE | {"PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert contents(tmp_path / "dist") == contents(dist)


def test_sums_are_those_of_every_file(dist):
    listed = dict(line.split("  ")[::-1] for line in (dist / "SHA256SUMS").read_text("utf-8").splitlines())
    files = {path.relative_to(dist).as_posix(): path for path in dist.rglob("*") if path.is_file()}
    files.pop("SHA256SUMS")
    assert listed == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def test_notes_tell_version_citation_and_rows(dist):
    notes = (dist / "RELEASE_NOTES.md").read_text("utf-8")
    told = [f"# {DESCRIPTOR['title']} {VERSION}", "Cite as: ", f"| `pairs` | {len(rows_of('pairs'))} |"]
    assert [text for text in told if text not in notes] == []


def test_released_package_passes_our_validator(unzipped):
    assert check(unzipped / "datapackage.json").problems == []


def test_released_package_passes_frictionless(unzipped, monkeypatch):
    monkeypatch.chdir("/")
    report = frictionless.Package(unzipped / "datapackage.json").validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []


def test_released_tables_are_the_bytes_of_the_package(unzipped, package):
    assert {path.name: path.read_bytes() for path in (unzipped / "data").iterdir()} == {
        path.name: path.read_bytes() for path in (package / "data").iterdir()
    }


@pytest.mark.parametrize("name", TABLES)
def test_descriptor_tells_hash_size_and_rows(unzipped, name):
    resources = json.loads((unzipped / "datapackage.json").read_text("utf-8"))["resources"]
    (told,) = [resource for resource in resources if resource["name"] == name]
    data = (unzipped / told["path"]).read_bytes()
    assert (told["hash"], told["bytes"], told["rows"]) == (
        f"sha256:{hashlib.sha256(data).hexdigest()}",
        len(data),
        data.count(b"\n") - 1,
    )


@pytest.mark.parametrize("name", TABLES)
def test_every_format_says_what_the_csv_says(dist, unzipped, tables, name):
    assert differing(dist, unzipped, NAME, [tables[name]]) == []


@pytest.mark.parametrize(("kind", "table"), [("ties", "pairs"), ("places", "places")])
def test_geojson_has_every_tie_and_place(dist, kind, table):
    features = json.loads((dist / f"{NAME}-{kind}.geojson").read_text("utf-8"))["features"]
    assert [feature["id"] for feature in features] == [next(iter(row.values())) for row in rows_of(table)]


@pytest.mark.parametrize("name", TABLES)
def test_parquet_has_types_and_descriptions(dist, tables, name):
    schema = pq.read_schema(dist / "parquet" / f"{name}.parquet")
    types = {"string": "string", "integer": "int64", "number": "double", "boolean": "bool",
             "date": "date32[day]", "year": "int32"}  # fmt: skip
    coded = types | {"string": "dictionary<values=string, indices=int32, ordered=0>"}
    assert [
        (field.name, str(field.type), field.nullable, field.metadata[b"description"].decode())
        for field in schema
    ] == [
        (
            c.name,
            (coded if c.categories else types)[c.type],
            not c.required,
            c.description,
        )
        for c in tables[name].columns
    ]


@pytest.mark.parametrize("name", TABLES)
def test_duckdb_sees_the_description_of_each_column(dist, tables, name):
    query = "select decode(key) as k, decode(value) from parquet_kv_metadata(?) where k like 'column.%'"
    told = duckdb.execute(query, [str(dist / "parquet" / f"{name}.parquet")]).fetchall()
    assert dict(told) == {f"column.{column.name}": column.description for column in tables[name].columns}


def test_workbook_has_real_dates_and_numbers(dist):
    sheet = openpyxl.load_workbook(dist / f"{NAME}.xlsx")["pairs_overview"]
    header = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "us-il-chicago--ru-mow-moscow")
    cells = dict(zip(header, row, strict=True))
    since, distance = cells["status_since"], cells["distance_km"]
    assert (since.value, since.number_format, type(distance.value)) == (
        datetime(2022, 3, 1),
        "yyyy-mm-dd",
        int,
    )


def test_workbook_has_a_codebook_of_every_column(dist, tables):
    sheet = openpyxl.load_workbook(dist / f"{NAME}.xlsx")["codebook"]
    assert [row[:2] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        (table.name, column.name) for table in tables.values() for column in table.columns
    ]


def test_workbook_opens_on_what_it_is_and_how_to_cite_it(dist):
    book = openpyxl.load_workbook(dist / f"{NAME}.xlsx")
    first = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    descriptor = DESCRIPTOR | {"version": VERSION, "created": CREATED}
    assert (book.sheetnames[0], first["cite as"]) == ("about", cite_as(descriptor))


def test_workbook_leads_to_every_sheet(dist):
    book = openpyxl.load_workbook(dist / f"{NAME}.xlsx")
    links = [cell.hyperlink.location for (cell,) in book["about"].iter_rows(max_col=1) if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames if name != "about"]


def test_addresses_in_the_workbook_are_links(dist):
    sheet = openpyxl.load_workbook(dist / f"{NAME}.xlsx")["sources"]
    (column,) = (i for i, cell in enumerate(sheet[1], 1) if cell.value == "url")
    (cells,) = sheet.iter_cols(min_row=2, min_col=column, max_col=column)
    filled = [cell for cell in cells if cell.value]
    assert filled and all(cell.hyperlink.target == cell.value for cell in filled)


@pytest.fixture(scope="module")
def documented(database, tmp_path_factory):
    """The folder of a released package that has documents, before it is zipped."""
    folder = tmp_path_factory.mktemp("documented")
    descriptor = composed(FROZEN, folder / "package")
    for name in ("docs", "CHANGELOG.md", "LICENSE-DATA.md", "SECURITY.md"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(
            ROOT / name, descriptor.parent / name
        )
    write_package(check(descriptor).package, database, folder / "written")
    return folder / "written"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "README.md",
            "datapackage.json",
            "croissant.json",
            "CITATION.cff",
            "CHANGELOG.md",
            "LICENSE-DATA.md",
        ),
        *(f"docs/{name}.md" for name in ("methodology", "coverage", "omissions", "data-policy", "codebook")),
        *("docs/examples.md", "docs/traced/state_laws.csv"),
    ],
)
def test_zip_has_what_one_needs_to_judge_and_cite_it(documented, name):
    assert (documented / name).stat().st_size > 0


def test_links_of_the_zip_lead_to_its_files(documented):
    links = [
        (path, link)
        for path in documented.rglob("*.md")
        for link in re.findall(r"\]\(((?!https?:|#)[^)#]+)", path.read_text("utf-8"))
    ]
    assert links and [link for path, link in links if not (path.parent / link).exists()] == []


def test_link_out_of_the_zip_is_a_text():
    text = b"[the policy](data-policy.md), [a form](../SECURITY.md), [us](https://data.example)"
    kept = b"[the policy](data-policy.md), a form, [us](https://data.example)"
    assert unlinked("docs/one.md", text, {"docs/data-policy.md"}) == kept


def card(unzipped):
    """The head of the README as the Hugging Face Hub reads it."""
    return yaml.safe_load((unzipped / "README.md").read_text("utf-8").split("---\n")[1])


def test_dataset_card_has_a_configuration_a_table(unzipped):
    files = {one["config_name"]: one["data_files"] for one in card(unzipped)["configs"]}
    assert [name for name, path in files.items() if not (unzipped / path).is_file()] == []
    assert list(files) == TABLES


def test_dataset_card_says_licence_language_and_name(unzipped):
    told = card(unzipped)
    assert (told["license"], told["language"], told["pretty_name"]) == (
        "cc-by-4.0",
        ["en"],
        DESCRIPTOR["title"],
    )


def test_readme_of_the_zip_tells_how_to_cite_and_how_to_open_it_in_excel(unzipped):
    text = (unzipped / "README.md").read_text("utf-8")
    assert ("@misc{" in text, "65001: Unicode (UTF-8)" in text) == (True, True)


def test_frictionless_reads_the_zip_itself(dist):
    report = frictionless.Package(str(dist / f"{NAME}.zip")).validate()
    assert (len(report.tasks), report.flatten(["title", "note"])) == (len(TABLES), [])


def spoil_parquet(dist):
    path = dist / "parquet" / "pairs.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)


def spoil_geojson(dist):
    path = dist / f"{NAME}-ties.geojson"
    path.write_text(path.read_text("utf-8").replace("suspended", "ended", 1), "utf-8")


def spoil_places(dist):
    path = dist / f"{NAME}-places.geojson"
    path.write_text(path.read_text("utf-8").replace("Moscow", "Moskow", 1), "utf-8")


def spoil_database(dist):
    with closing(sqlite3.connect(dist / "sister_cities.db")) as db, db:
        db.execute("UPDATE votes SET votes_for = votes_for + 1")


def spoil_workbook(dist):
    path = dist / f"{NAME}.xlsx"
    book = openpyxl.load_workbook(path)
    book["sources"]["C2"] = "Another title"
    book.save(path)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (spoil_parquet, "parquet/pairs.parquet"),
        (spoil_geojson, f"{NAME}-ties.geojson"),
        (spoil_places, f"{NAME}-places.geojson"),
        (spoil_database, "sister_cities.db: votes"),
        (spoil_workbook, f"{NAME}.xlsx: sources"),
    ],
)
def test_file_that_says_something_else_is_named(dist, unzipped, tables, tmp_path, spoil, named):
    copy = tmp_path / "dist"
    shutil.copytree(dist, copy)
    spoil(copy)
    assert differing(copy, unzipped, NAME, tables.values()) == [named]


def test_data_with_problems_is_not_released(tiny, tmp_path, capsys):
    file = tiny.parent / "data" / "pairs.csv"
    file.write_text(file.read_text("utf-8").replace("sister_city", "twin"), "utf-8")
    assert (main([str(tiny), "--out", str(tmp_path / "dist")]), (tmp_path / "dist").exists()) == (1, False)


@pytest.mark.slow
def test_progress_is_shown_on_a_terminal(tiny, tmp_path):
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "scripts.release", str(tiny), "--out", str(tmp_path / "dist")]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=theirs, stdout=subprocess.DEVNULL, env=os.environ | {"TERM": "xterm"}
    ) as release:
        os.close(theirs)
        shown = b"".join(iter(lambda: read_terminal(ours), b""))
    os.close(ours)
    assert (release.returncode, b"releasing: " in shown) == (0, True)


def read_terminal(descriptor):
    """What was written to a terminal; nothing once nobody holds its other end, which Linux calls an error."""
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


def test_failed_release_leaves_the_last_one(tiny, tiny_dist, tmp_path, monkeypatch):
    out = shutil.copytree(tiny_dist, tmp_path / "dist")
    before = (out / "SHA256SUMS").read_bytes()
    monkeypatch.setattr("scripts.release.geojson", lambda *_: '{"features": []}')
    status = main([str(tiny), "--out", str(out)])
    assert (status, (out / "SHA256SUMS").read_bytes(), len(list(tmp_path.glob(".dist*")))) == (1, before, 0)


def test_recorded_release_changes_nothing_of_itself(tiny, tiny_dist, tmp_path):
    (tiny.parent / "releases").mkdir()
    shutil.copyfile(tiny_dist / f"{NAME}.zip", tiny.parent / "releases" / f"{VERSION}.zip")
    main([str(tiny), "--out", str(tmp_path / "dist")])
    assert (tmp_path / "dist" / "SHA256SUMS").read_bytes() == (tiny_dist / "SHA256SUMS").read_bytes()


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_release_is_what_it_was(path):
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read("datapackage.json"))
        changed = [
            resource["name"]
            for resource in told["resources"]
            if resource["hash"] != f"sha256:{hashlib.sha256(archive.read(resource['path'])).hexdigest()}"
        ]
    assert (told["version"], changed) == (path.stem, [])


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_recorded_release_has_its_dated_heading_in_the_changelog(path):
    assert re.search(rf"^## {re.escape(path.stem)} \(\d{{4}}-\d\d-\d\d\)$", CHANGELOG, re.M)


COUNTED = {
    "ties": "pairs",
    "events": "pair_events",
    "statements": "statements",
    "casualty numbers": "casualty_statistics",
    "other figures": "reported_figures",
    "sources": "sources",
    "citations": "citations",
}


@pytest.mark.parametrize(("what", "table"), COUNTED.items(), ids=COUNTED)
def test_changelog_counts_the_rows_of_the_first_release(what, table):
    (section,) = re.findall(r"^## 1\.0\.0 .*?(?=^## |\Z)", CHANGELOG, re.M | re.S)
    (told,) = re.findall(rf"\b(\d+)\s+{what}\b", section)
    with zipfile.ZipFile(ROOT / "releases" / "1.0.0.zip") as archive:
        resources = json.loads(archive.read("datapackage.json"))["resources"]
    assert int(told) == next(resource["rows"] for resource in resources if resource["name"] == table)


@pytest.mark.parametrize(("day", "type_of_cell"), [("1836-05-01", "s"), ("1900-03-01", "d")])
def test_date_that_excel_miscounts_is_kept_as_text(tables, tmp_path, day, type_of_cell):
    table = tables["corrections"]
    dated = replace(table, columns=(replace(table.columns[0], name="day", type="date"),))
    write_workbook([dated], {table.name: pd.DataFrame({"day": [day]})}, DESCRIPTOR, tmp_path / "one.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "one.xlsx")[table.name]["A2"]
    assert (str(cell.value)[:10], cell.data_type) == (day, type_of_cell)


def test_line_follows_the_great_circle():
    # A quarter of the equator in steps of two degrees.
    way = geometry([0.0, 0.0, 90.0, 0.0])["coordinates"]
    assert (len(way), way[15], {latitude for _, latitude in way}) == (46, (30.0, 0.0), {0.0})


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((-121.768, 37.6819), (60.7325, 56.085)),
        ((60.7325, 56.085), (-121.768, 37.6819)),
        ((-170, -10), (160, -50)),
    ],
)
def test_cut_lies_on_the_great_circle(start, end):
    middle = crossing(start, end)
    both = distance_km(start, (180, middle)) + distance_km((180, middle), end)
    assert both == pytest.approx(distance_km(start, end), abs=0.02)


def test_database_says_what_it_is_and_of_which_version(dist):
    with closing(sqlite3.connect(dist / "sister_cities.db")) as db:
        told = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    assert told == [int.from_bytes(b"SCiW", "big"), 10_000]


def test_database_cites_the_package_in_the_one_wording(dist):
    with closing(sqlite3.connect(dist / "sister_cities.db")) as db:
        ((told,),) = db.execute("SELECT citation FROM package")
    assert told == cite_as(DESCRIPTOR | {"version": VERSION, "created": CREATED})


def test_line_is_cut_at_the_antimeridian():
    told = geometry([-170.0, 60.0, 170.0, 60.0])
    (first, second) = told["coordinates"]
    assert (told["type"], first[-1][0], second[0][0], first[-1][1]) == (
        "MultiLineString",
        -180.0,
        180.0,
        second[0][1],
    )


def test_tie_without_a_point_has_no_line():
    assert geometry([None, None, 37.6, 55.8]) is None
