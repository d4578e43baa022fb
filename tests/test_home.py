"""The home page says what the files say, leads to every question and download, and tells how to cite."""

import html
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date

import pytest
import yaml
from conftest import CREATED, ROOT, VERSION, rows_of
from sister_pages.home import DECISIONS, read_home

TODAY = date(2026, 11, 21)
PACKAGE = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
QUERIES = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["sister_cities"]["queries"]


@pytest.fixture(scope="module")
def db(database):
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.fixture(scope="module")
def home(db):
    return read_home(db, TODAY)


@pytest.fixture
async def text(site):
    return (await site.client.get("/")).text


def part(text, name):
    """One section of the page."""
    return re.search(rf'<section[^>]* id="{name}".*?</section>', text, re.DOTALL)[0]


def test_home_counts_the_statuses_that_the_database_has(db, home):
    found = db.execute("SELECT partner_country, status, count(*) FROM pairs_overview GROUP BY 1, 2")
    assert {(country, status): ties for country, status, ties in found} == dict(home.counts)


def test_share_is_that_of_the_question_about_it(db, home):
    found = db.execute(QUERIES["share_suspended_or_ended"]["sql"], {"date": TODAY.isoformat()})
    names = [column[0] for column in found.description]
    (told,) = (
        row for row in (dict(zip(names, row, strict=True)) for row in found) if row["partner_country"] == "RU"
    )
    assert (home.standing, home.stopped) == (told["ties"], told["suspended"] + told["ended"])


@pytest.mark.parametrize("outcome", ["killed", "injured"])
def test_casualties_are_the_latest_of_their_reporter(home, outcome):
    (told,) = (one for one in home.recorded if one.outcome == outcome)
    counted = [
        (row["period_end"], row["value"])
        for row in rows_of("casualty_statistics")
        if (row["outcome"], row["population"], row["demographic"]) == (outcome, "civilians", "all")
        and (row["place_id"], row["reported_by"], row["cumulative"]) == ("ua-ukraine", "OHCHR", "true")
        and row["period_start"] == "2022-02-24"
    ]
    assert (told.reported_by, (told.day, str(told.value))) == ("OHCHR", max(counted))


async def test_casualties_are_told_with_date_and_reporter(text, home):
    notes = re.findall(r'<dd class="note">(\w+), by (\d+ \w+ \d{4}); the true toll is higher</dd>', text)
    assert [reporter for reporter, _ in notes] == [one.reported_by for one in home.recorded]


def test_timeline_counts_every_decision_whose_month_is_known(home):
    told = Counter()
    for row in home.months:
        told.update({kind: row.get(kind, 0) for kind in DECISIONS})
    meant = Counter(
        row["event"]
        for row in rows_of("pair_events")
        if row["event"] in DECISIONS
        and row["occurred_on"] >= "2022-02"
        and row["occurred_on_precision"] != "year"
    )
    assert +told == meant


async def test_timeline_and_its_table_stand_side_by_side(text):
    section = part(text, "timeline")
    assert (section.count("<svg "), "Civilians killed and injured" in section, "<table " in section) == (
        2,
        True,
        True,
    )


async def test_map_replays_from_february_2022_to_today(text):
    assert re.findall(r'data-first="([\d-]+)" data-last="([\d-]+)"', text) == [
        ("2022-02-01", date.today().isoformat())
    ]


@pytest.mark.parametrize("name", QUERIES)
async def test_every_question_is_on_the_list(text, name):
    link = f'<a href="/sister_cities/{name}">{html.escape(QUERIES[name]["title"], quote=False)}</a>'
    assert link in part(text, "questions")


async def test_every_table_and_the_database_can_be_taken_along(site, text):
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', part(text, "downloads"))]
    statuses = {(await site.client.get(link)).status_code for link in links}
    assert (len(links), statuses) == (len(PACKAGE["resources"]) + 1, {200})


async def test_citation_names_title_version_and_year(text):
    wanted = rf"{PACKAGE['title']}</cite>, version {re.escape(VERSION)}, {CREATED[:4]} "
    assert re.search(wanted, part(text, "cite"))


def test_outlines_are_shipped_with_their_licence(built):
    (licence,) = built.glob("plugins/**/outlines.LICENCE.md")
    assert re.search(r"Natural Earth.*public domain", licence.read_text("utf-8"), re.DOTALL)
