"""The pages of a tie, a place and a source show all that the files have of them; tables show names."""

import html
import re

import pytest
import yaml
from conftest import ROOT, rows_of

SHOWN = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["sister_cities"]["tables"]
DALLAS = "us-tx-dallas--ru-sar-saratov"
AUDACY = "audacy-2022-06-zelensky-urges-us-mayors-end"
CHICAGO = "us-il-chicago"


def keys(table, key, **where):
    return {
        row[key] for row in rows_of(table) if all(row[column] == value for column, value in where.items())
    }


def links(text, table):
    """The rows of a table to which a page leads before it shows the row itself."""
    return set(re.findall(rf'href="/sister_cities/{table}/([^".]+)"', text.partition('class="whole-row"')[0]))


async def page(site, table, key):
    return (await site.client.get(f"/sister_cities/{table}/{key}")).text


@pytest.mark.parametrize(
    ("table", "column"), [("pair_events", "event_id"), ("statement_pairs", "statement_id")]
)
async def test_dossier_has_every_event_and_statement(site, table, column):
    leads_to = {"event_id": "pair_events", "statement_id": "statements"}[column]
    assert links(await page(site, "pairs", DALLAS), leads_to) == keys(table, column, pair_id=DALLAS)


async def test_dossier_has_the_source_of_every_event(site):
    meant = keys("pair_events", "source_id", pair_id=DALLAS)
    assert meant - links(await page(site, "pairs", DALLAS), "sources") == set()


async def test_dossier_has_every_vote(site):
    text = html.unescape(await page(site, "pairs", DALLAS))
    meant = keys("pair_events", "vote", pair_id=DALLAS) - {""}
    assert meant and all(f"ote {vote}." in text for vote in meant)


@pytest.mark.parametrize(
    "pattern",
    [
        r'<p class="name"><a href="/sister_cities/places/us-tx-dallas">Dallas',
        r'<p class="name"><a href="/sister_cities/places/ru-sar-saratov">Saratov',
        r'class="map small-map"><svg .*?class="tie" data-status="\w+"><path ',
        r'class="chart strip".*?class="band status-suspended"',
        r'<ol class="intervals">\s*<li>',
    ],
    ids=["U.S. place", "partner", "map", "strip", "intervals"],
)
async def test_dossier_has_the_part(site, pattern):
    assert re.search(pattern, await page(site, "pairs", DALLAS), re.DOTALL)


async def test_dossier_sets_every_disagreement_side_by_side(site):
    text = html.unescape(await page(site, "pairs", DALLAS))
    rows = {DALLAS, *keys("pair_events", "event_id", pair_id=DALLAS)}
    rows |= keys("statement_pairs", "statement_id", pair_id=DALLAS)
    meant = [row for row in rows_of("citations") if row["verdict"] == "contradicts" and row["row_id"] in rows]
    side_by_side = r'We record, with <a .*?sources/([^"]+)">[^<]*</a> says.*?stands:</strong> (.*?)</p>'
    told = re.findall(side_by_side, text, re.DOTALL)
    assert meant and sorted(told) == sorted((row["source_id"], row["note"]) for row in meant)


@pytest.mark.parametrize(
    ("table", "column"),
    [("pairs", "pair_id"), ("pair_events", "event_id"), ("statements", "statement_id")],
)
async def test_source_page_has_everything_taken_from_it(site, table, column):
    meant = keys(table, column, source_id=AUDACY)
    assert meant and meant - links(await page(site, "sources", AUDACY), table) == set()


async def test_place_page_has_its_ties_and_statements(site):
    text = await page(site, "places", CHICAGO)
    ties = keys("pairs", "pair_id", us_place_id=CHICAGO)
    statements = keys("statement_places", "statement_id", place_id=CHICAGO)
    assert (ties - links(text, "pairs"), statements - links(text, "statements"), len(ties)) == (
        set(),
        set(),
        2,
    )


async def test_state_page_has_its_ties_laws_and_places(site):
    text = (await site.client.get("/state/TX")).text
    places = keys("places", "place_id", admin1_code="US-TX")
    ties = {row["pair_id"] for row in rows_of("pairs") if row["us_place_id"] in places}
    laws = {row["law_id"] for row in rows_of("laws") if row["place_id"] in places}
    found = [links(text, table) for table in ("pairs", "laws", "places")]
    assert (found, bool(ties)) == ([ties, laws, places], True)


@pytest.mark.parametrize(
    "page",
    [
        "/",
        f"/sister_cities/pairs/{DALLAS}",
        "/sister_cities/places/us-tx-dallas",
        "/sister_cities/find_a_tie?q=Texas",
        "/sister_cities/pairs_overview?us_division=Texas",
        "/sitemap.xml",
    ],
)
async def test_page_leads_to_the_page_of_the_state(site, page):
    assert "/state/TX" in (await site.client.get(page)).text


async def test_state_without_a_place_has_no_page(site):
    assert (await site.client.get("/state/ZZ")).status_code == 404


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("pairs", ">Anchorage</a>"),
        ("pair_events", "– "),
        ("statement_pairs", ">Chicago – Moscow</a>"),
        ("casualty_statistics", ">Ukraine</a>"),
        ("citations", f"/sources/{AUDACY}"),
    ],
)
async def test_foreign_keys_are_shown_by_name(site, table, name):
    assert name in (await site.client.get(f"/sister_cities/{table}?_size=max")).text


@pytest.mark.parametrize(
    ("table", "facet"), [(table, facet) for table, told in SHOWN.items() for facet in told.get("facets", [])]
)
async def test_table_offers_its_facets(site, table, facet):
    assert f'id="facet-{facet}"' in (await site.client.get(f"/sister_cities/{table}")).text


EMPTY = "/sister_cities/pair_events.json?_facet=occurred_on_precision&_size=1"


async def test_facet_counts_every_row(site):
    told = (await site.client.get(EMPTY)).json()
    counts = [value["count"] for value in told["facet_results"]["occurred_on_precision"]["results"]]
    assert sum(counts) == told["filtered_table_rows_count"] > counts[-1] > 0


async def test_facet_leads_to_the_empty_cells_and_back(site):
    *_, empty = (await site.client.get(EMPTY)).json()["facet_results"]["occurred_on_precision"]["results"]
    told = (await site.client.get(empty["toggle_url"].removeprefix("http://localhost"))).json()
    *_, chosen = told["facet_results"]["occurred_on_precision"]["results"]
    back = chosen["toggle_url"].partition("?")[2]
    assert (empty["value"], empty["selected"], chosen["selected"]) == (None, False, True)
    assert (told["filtered_table_rows_count"], back) == (empty["count"], EMPTY.partition("?")[2])


async def test_no_time_goes_into_suggesting_facets(site):
    told = (await site.client.get("/sister_cities/pairs.json")).json()
    assert (site.setting("suggest_facets"), told["suggested_facets"]) == (False, [])
