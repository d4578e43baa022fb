"""The home page says what the files say, leads to every question and download, and tells how to cite."""

import html
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
import yaml
from conftest import CREATED, ROOT, VERSION, rows_of
from sister_pages.context import context_of
from sister_pages.home_page import read_home

PACKAGE = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
DECIDING = ("kept", "limited", "suspended", "ended", "reinstated")
QUERIES = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["sister_cities"]["queries"]


@pytest.fixture(scope="module")
def db(database):
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.fixture
def home(db, site):
    context = context_of(site)
    return read_home(db, context, context.as_of)


@pytest.fixture
async def text(site):
    return (await site.client.get("/")).text


def part(text, name):
    """One section of the page."""
    return re.search(rf'<section[^>]* id="{name}".*?</section>', text, re.DOTALL)[0]


def test_home_counts_the_statuses_that_the_database_has(db, home):
    found = db.execute("SELECT partner_country, status, count(*) FROM pairs_overview GROUP BY 1, 2")
    assert {(country, status): ties for country, status, ties in found} == dict(home["counts"])


async def test_share_is_that_of_the_question_about_it(site, text):
    answer = await site.client.get("/sister_cities/share_suspended_or_ended.json?_shape=array")
    (told,) = (row for row in answer.json() if row["partner_country"] == "RU")
    assert f"{told['at_least']} of {told['ties']}" in text


def test_casualties_are_the_last_firm_ones(db, home):
    rows = db.execute(
        "SELECT latest, killed, injured FROM casualties_timeline WHERE reported_by = 'OHCHR' "
        "AND certainty <> 'doubtful' AND period_end_precision = 'day' "
        "AND killed IS NOT NULL AND injured IS NOT NULL"
    )
    assert tuple(home["casualties"][name] for name in ("latest", "killed", "injured")) == max(rows)


async def test_casualties_are_told_with_date_and_reporter(text, home):
    notes = re.findall(r'<dd class="note">(\w+), up to (\d+ \w+ \d{4}); the true number is higher</dd>', text)
    assert [reporter for reporter, _ in notes] == [home["casualties"]["reported_by"]] * 2


def test_timeline_counts_every_decision_whose_month_is_known(home):
    told = Counter()
    for row in home["months"].values():
        told.update({kind: row.get(kind, 0) for kind in DECIDING})
    meant = Counter(
        row["event"]
        for row in rows_of("pair_events")
        if row["event"] in DECIDING
        and row["occurred_on"] >= "2022-02"
        and row["occurred_on_precision"] != "year"
    )
    assert +told == meant


async def test_figures_are_as_of_the_day_that_is_asked_for(site):
    assert "In figures, as of 4 June 2022<" in (await site.client.get("/?date=2022-06-04")).text


async def test_day_to_come_is_that_of_the_data(site):
    pages = [(await site.client.get(address)).text for address in ("/", "/?date=2099-01-01")]
    figures = [page[page.index("In figures") : page.index('id="map-heading"')] for page in pages]
    assert figures[0] == figures[1]


async def test_timeline_and_its_table_stand_side_by_side(text):
    section = part(text, "timeline")
    assert (section.count("<svg "), "Civilians killed and injured" in section, "<table " in section) == (
        2,
        True,
        True,
    )


async def test_map_replays_from_february_2022_to_today(text):
    assert re.findall(r'data-first="([\d-]+)" data-last="([\d-]+)"', text) == [("2022-02-01", CREATED[:10])]


@pytest.mark.parametrize("name", QUERIES)
async def test_every_question_is_on_the_list_and_some_at_home(site, text, name):
    listed = (await site.client.get("/sister_cities")).text
    link = f'<a href="/sister_cities/{name}">{html.escape(QUERIES[name]["title"], quote=False)}</a>'
    assert link in part(listed, "questions")
    assert (link in part(text, "questions")) == ("on_home" in QUERIES[name])


async def test_every_table_and_the_database_can_be_taken_along(site, text):
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', part(text, "downloads"))]
    statuses = {(await site.client.get(link)).status_code for link in links}
    assert (len(links), statuses) == (len(PACKAGE["resources"]) + 1, {200})


async def test_citation_names_title_version_and_year(text):
    wanted = rf"\({CREATED[:4]}\)\. {PACKAGE['title']} \(version {re.escape(VERSION)}\)"
    assert re.search(wanted, part(text, "cite"))


def test_basemap_is_shipped_with_its_licence(built):
    text = (built / "static" / "basemap.LICENCE.md").read_text("utf-8")
    assert re.search(r"Natural Earth.*public domain", text, re.DOTALL)
