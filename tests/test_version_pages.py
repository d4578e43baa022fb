"""The pages of a released version: every row under its key, no dead link, the same bytes again, and small."""

import csv
import gzip
import io
import json
import posixpath
import re
import sqlite3
import zipfile
from contextlib import closing
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT

from scripts.publishing.version import IN_ARCHIVE_ONLY, write_version
from scripts.versions.snapshots import releases

ARCHIVES = {"frozen": None} | {path.stem: path for path in releases(ROOT).values()}


class Page(HTMLParser):
    """The ids and the addresses of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src"):
                self.links.append(value)


@pytest.fixture(scope="module", params=ARCHIVES)
def version(request, package, tmp_path_factory):
    """An archive and the folder of its pages."""
    archive = ARCHIVES[request.param] or package / "releases" / "1.0.0.zip"
    out = tmp_path_factory.mktemp("v") / request.param
    write_version(archive, out)
    return archive, out


@pytest.fixture(scope="module")
def database(version):
    """A connection to the database of a version."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(gzip.decompress((version[1] / "sister_cities.db.gz").read_bytes()))
        yield db


@pytest.fixture(scope="module")
def pages(version):
    """The pages by their path."""
    _, out = version
    return {
        path.relative_to(out).as_posix(): Page(path.read_text("utf-8"))
        for path in sorted(out.rglob("*.html"))
    }


def tables_of(archive):
    """The tables of an archive: resource descriptor and rows."""
    with zipfile.ZipFile(archive) as packed:
        for resource in json.loads(packed.read("datapackage.json"))["resources"]:
            text = packed.read(resource["path"]).decode()
            yield resource, list(csv.DictReader(io.StringIO(text, newline="")))


def keys(resource, rows):
    """The keys of a table's rows."""
    return ["--".join(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]


def test_every_row_that_was_entered_is_under_its_key(version, pages):
    missing = {
        resource["name"]: set(keys(resource, rows)) - set(pages[f"{resource['name']}.html"].ids)
        for resource, rows in tables_of(version[0])
        if resource["path"].startswith("data/")
    }
    assert not any(missing.values())


def test_an_id_stands_once_on_a_page(pages):
    assert [name for name, page in pages.items() if len(page.ids) != len(set(page.ids))] == []


def test_no_link_within_a_version_is_dead(version, pages):
    dead = []
    for name, page in pages.items():
        for link in page.links:
            url = urlsplit(link)
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), url.path)) if url.path else name
            )
            if url.scheme or target == "../..":
                continue
            known = pages[target].ids if target in pages else []
            if not (version[1] / target).is_file() or (url.fragment and unquote(url.fragment) not in known):
                dead.append((name, link))
    assert dead == []


def with_what_they_load(paths, folder, every):
    """Paths, and those whose names stand in quotes in a script among them."""
    reached, waiting = set(), paths
    while waiting:
        reached |= waiting
        text = "".join((folder / path).read_text("utf-8") for path in waiting if path.endswith(".js"))
        waiting = {path for path in every if f'{posixpath.basename(path)}"' in text} - reached
    return reached


def test_every_page_can_be_reached(version, pages):
    led = {
        posixpath.normpath(posixpath.join(posixpath.dirname(name), urlsplit(link).path))
        for name, page in pages.items()
        for link in page.links
    }
    every = {path.relative_to(version[1]).as_posix() for path in version[1].rglob("*") if path.is_file()}
    assert every - with_what_they_load(led, version[1], every) == set()


def test_its_database_holds_the_tables_of_the_archive(version, database):
    counts = {
        resource["name"]: database.execute(f"SELECT count(*) FROM {resource['name']}").fetchone()[0]
        - len(rows)
        for resource, rows in tables_of(version[0])
        if resource["name"] != IN_ARCHIVE_ONLY
    }
    assert (set(counts.values()), database.execute("PRAGMA foreign_key_check").fetchall()) == ({0}, [])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT DISTINCT typeof(value) FROM casualty_statistics WHERE value IS NOT NULL", "integer"),
        ("SELECT DISTINCT typeof(cumulative) FROM casualty_statistics", "integer"),
        ("SELECT DISTINCT typeof(notes) FROM casualty_statistics WHERE coalesce(notes, '') = ''", "null"),
        ("SELECT DISTINCT typeof(latitude) FROM places WHERE latitude IS NOT NULL", "real"),
    ],
)
def test_values_are_typed_and_an_empty_cell_is_null(database, query, expected):
    assert database.execute(query).fetchall() == [(expected,)]


def test_the_same_archive_gives_the_same_bytes(version, tmp_path):
    archive, out = version
    write_version(archive, tmp_path / "again")
    differing = [
        path
        for path in out.rglob("*")
        if path.is_file() and path.read_bytes() != (tmp_path / "again" / path.relative_to(out)).read_bytes()
    ]
    assert differing == []


def test_a_version_is_small(version):
    assert sum(path.stat().st_size for path in version[1].rglob("*") if path.is_file()) <= 8_000_000


def test_it_needs_no_script_and_says_how_to_cite(version, pages):
    index = (version[1] / "index.html").read_text("utf-8")
    assert ("<script" in index, re.findall(r'class="citation">[^<]*\(version 1\.', index) != []) == (
        False,
        True,
    )


def test_what_is_wide_stands_in_a_box_that_scrolls(version):
    index = (version[1] / "index.html").read_text("utf-8").replace("\n", "")
    before = re.findall(r"(.{13})<(?:pre|table)\b", index)
    assert set(before) == {'tabindex="0">'}
