"""What is open to machines: reading from other sites, addresses to crawl, a feed, a description, a policy."""

import csv
import json
import re
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from conftest import CREATED, ROOT, VERSION, rows_of

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
PAGES = ["/", "/sister_cities", "/sister_cities/pairs", "/sister_cities/who_said_what", "/-/policy"]
FILES = ["/sister_cities/pairs.json", "/sister_cities/pairs.csv", "/sister_cities.db", "/-/decisions.atom"]
OTHERS = ["/nothing", "/-/static/app.css", "/sister_cities.json?sql=nonsense", "/robots.txt", "/-/health"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("access-control-allow-origin", "*"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ],
)
@pytest.mark.parametrize("path", [*PAGES, *FILES, *OTHERS])
async def test_every_answer_has_the_header_once(site, path, header, value):
    assert (await site.client.get(path)).headers.get_list(header) == [value]


@pytest.mark.parametrize("path", [*PAGES, *FILES, *OTHERS])
async def test_no_answer_sets_a_cookie(site, path):
    assert "set-cookie" not in (await site.client.get(path)).headers


@pytest.mark.parametrize("path", ["/", "/sister_cities/pairs.json"])
async def test_preflight_is_granted_for_reading(site, path):
    response = await site.client.options(path, headers={"origin": "https://a.example"})
    assert (response.status_code, response.headers["access-control-allow-methods"]) == (
        204,
        "GET, HEAD, OPTIONS",
    )


@pytest.mark.parametrize(
    "path", [*PAGES, "/sister_cities?sql=select+1", "/sister_cities/pairs?_facet=tie_kind", "/-/plugins"]
)
async def test_no_script_runs_but_those_of_the_site(site, path):
    answer = await site.client.get(path)
    (policy,) = answer.headers.get_list("content-security-policy")
    inline = re.findall(r"<script>|<[^>]+\son\w+\s*=", answer.text)
    assert ("script-src 'self';" in policy, inline) == (True, [])


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/sister_cities/pairs", True),
        ("/sister_cities/pairs/us-il-chicago--ru-mow-moscow", True),
        ("/-/policy", True),
        ("/sister_cities?sql=select+1", False),
        ("/sister_cities/pairs?_facet=tie_kind", False),
        ("/?a", False),
    ],
)
async def test_robots_may_read_pages_and_no_queries(site, path, allowed):
    # Python's own parser does not know wildcards, so the rules are read by RFC 9309, 2.2.2 and 2.2.3.
    text = (await site.client.get("/robots.txt")).text
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", text, re.MULTILINE)
    matching = [
        (len(rule), kind == "Allow")
        for kind, rule in rules
        if re.match(re.escape(rule).replace(r"\*", ".*"), path)
    ]
    assert max(matching)[1] == allowed


async def test_robots_is_read_by_a_parser_and_names_the_sitemap(site):
    robots = RobotFileParser()
    robots.parse((await site.client.get("/robots.txt")).text.splitlines())
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]


@pytest.fixture
async def sitemap(site):
    root = ElementTree.fromstring((await site.client.get("/sitemap.xml")).content)
    return [urlsplit(element.text).path for element in root.iter(f"{SITEMAP}loc")]


async def test_sitemap_names_every_tie_place_and_source(sitemap):
    keys = {("pairs", "pair_id"), ("places", "place_id"), ("sources", "source_id")}
    rows = {f"/sister_cities/{table}/{row[key]}" for table, key in keys for row in rows_of(table)}
    assert rows - set(sitemap) == set()


async def test_sitemap_names_only_pages_that_exist_and_each_once(site, sitemap):
    wide = [path for path in sitemap if path.count("/") < 3] + sitemap[-3:]
    statuses = {path: (await site.client.get(path)).status_code for path in wide}
    assert (set(statuses.values()), len(sitemap)) == ({200}, len(set(sitemap)))


@pytest.fixture
async def feed(site):
    return ElementTree.fromstring((await site.client.get("/-/decisions.atom")).content)


async def test_feed_has_what_rfc_4287_requires(feed):
    required = {f"{ATOM}{name}" for name in ("id", "title", "updated")}
    missing = [e.tag for e in [feed, *feed.iter(f"{ATOM}entry")] if required - {child.tag for child in e}]
    assert (feed.tag, missing, feed.find(f"{ATOM}author/{ATOM}name") is not None) == (f"{ATOM}feed", [], True)


async def test_feed_tells_every_decision_since_the_invasion(feed):
    told = {"announced", "established", "kept", "limited", "suspended", "ended", "reinstated"}
    decisions = [e for e in rows_of("pair_events") if e["event"] in told and e["occurred_on"] >= "2022-02-24"]
    assert len(feed.findall(f"{ATOM}entry")) == min(len(decisions), 100) > 0


async def test_feed_ids_do_not_depend_on_the_address(site, feed):
    elsewhere = await site.client.get("/-/decisions.atom", headers={"host": "other.example"})
    ids = [
        [e.text for e in tree.iter(f"{ATOM}id")] for tree in (feed, ElementTree.fromstring(elsewhere.content))
    ]
    assert (ids[0] == ids[1], len(set(ids[0])) == len(ids[0]), ids[0][0].startswith("urn:uuid:")) == (
        True,
    ) * 3


ONCE = ("id", "title", "updated", "published", "summary", "subtitle", "rights")  # RFC 4287, 4.1.1 and 4.1.2


async def test_feed_is_what_the_feed_validator_of_w3c_asks_for(site, feed):
    answer = await site.client.get("/-/decisions.atom")
    parts = [feed, *feed.iter(f"{ATOM}entry")]
    tags = {child.tag.removeprefix(ATOM) for part in parts for child in part}
    links = [
        (part.tag, link.get("rel"), link.get("href")) for part in parts for link in part.iter(f"{ATOM}link")
    ]
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert answer.text.startswith("<?xml version='1.0' encoding='utf-8'?>")
    assert tags <= {*ONCE, "author", "link", "entry"}
    assert all(len(part.findall(ATOM + name)) <= 1 for part in parts for name in ONCE)
    assert all(len(part.findall(f"{ATOM}link[@rel='alternate']")) == 1 for part in parts)
    assert (f"{ATOM}feed", "self", "http://localhost/-/decisions.atom") in links
    assert [href for _, _, href in links if not re.match('https?://[^\\s<>"]+$', href)] == []
    assert not any(re.search("<|&\\w+;", element.text or "") for element in feed.iter())


@pytest.mark.parametrize("wanted", [r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"])
async def test_feed_dates_are_those_of_rfc_3339(feed, wanted):
    dates = [e.text for name in ("updated", "published") for e in feed.iter(f"{ATOM}{name}")]
    assert [date for date in dates if not re.match(wanted, date)] == []


@pytest.mark.parametrize("table", ["evidence", "tie_events"])
async def test_csv_without_further_words_is_the_whole_table(site, table):
    (count,) = (await site.get_database().execute(f"SELECT count(*) FROM {table}")).first()
    lines = csv.reader((await site.client.get(f"/sister_cities/{table}.csv")).text.splitlines(keepends=True))
    assert len(list(lines)) == count + 1 > site.setting("default_page_size")


@pytest.mark.parametrize("asked", ["", "?_stream=on", "?_stream=on&_size=1"])
async def test_whole_table_is_read_in_few_parts(site, monkeypatch, asked):
    database, parts = site.get_database(), []
    execute = database.execute

    async def counting(sql, *given, **options):
        parts.append(sql)
        return await execute(sql, *given, **options)

    monkeypatch.setattr(database, "execute", counting)
    lines = (await site.client.get(f"/sister_cities/cell_values.csv{asked}")).text.count("\r\n")
    assert len([sql for sql in parts if "limit" in sql]) <= lines / 1000 + 1 < lines / 100


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_part_of_a_table_says_where_the_next_is(site, form):
    first = await site.client.get(f"/sister_cities/places.{form}?_size=3")
    link = re.fullmatch('<http://localhost(.*)>; rel="next"', first.headers["link"])[1]
    second = await site.client.get(link)
    assert (second.status_code, first.text == second.text) == (200, False)


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize(
    ("asked", "parameters"),
    [
        ("share_suspended_or_ended.{}?date=2022-06-04", "date=2022-06-04"),
        ("share_suspended_or_ended.{}", f"date={CREATED[:10]}"),
        ("who_decided.{}?country=ukraine", "country=UA"),
    ],
)
async def test_file_of_a_question_says_what_it_answers(site, form, asked, parameters):
    headers = (await site.client.get(f"/sister_cities/{asked.format(form)}")).headers
    told = [headers[f"data-{name}"] for name in ("version", "as-of", "parameters")]
    assert told == [VERSION, CREATED[:10], parameters]


async def test_json_of_a_question_says_what_it_answers(site):
    told = (await site.client.get("/sister_cities/share_suspended_or_ended.json?date=2022-06-04")).json()
    answers = {"version": VERSION, "as_of": CREATED[:10], "parameters": {"date": "2022-06-04"}}
    assert (told["truncated"], told["answers"]) == (False, answers)


async def linked_data(site, path):
    text = (await site.client.get(path)).text
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return json.loads(found)


async def test_home_is_described_as_a_dataset(site):
    told = await linked_data(site, "/")
    assert (told["@context"], told["@type"], told["name"], told["version"], told["license"]) == (
        "https://schema.org/",
        "Dataset",
        DESCRIPTOR["title"],
        VERSION,
        DESCRIPTOR["licenses"][0]["path"],
    )


@pytest.mark.parametrize("resource", DESCRIPTOR["resources"], ids=lambda resource: resource["name"])
async def test_table_is_described_with_its_columns(site, resource):
    told = await linked_data(site, f"/sister_cities/{resource['name']}")
    columns = [field["name"] for field in resource["schema"]["fields"]]
    assert (told["name"], [variable["name"] for variable in told["variableMeasured"]]) == (
        resource["title"],
        columns,
    )


@pytest.mark.parametrize("name", ["temporalCoverage", "spatialCoverage", "license", "version"])
async def test_table_says_of_itself_what_holds_for_the_whole(site, name):
    assert (await linked_data(site, "/sister_cities/pairs"))[name] == (await linked_data(site, "/"))[name]


async def test_table_has_an_identifier_of_its_own(site):
    told = await linked_data(site, "/sister_cities/pairs")
    assert told["identifier"] == f"{DESCRIPTOR['name']}/pairs"


async def test_downloads_described_are_there(site):
    told = [*(await linked_data(site, "/"))["distribution"]]
    told += (await linked_data(site, "/sister_cities/pairs"))["distribution"]
    paths = [part["contentUrl"].removeprefix("http://localhost") for part in told]
    assert [(await site.client.get(path)).status_code for path in paths] == [200] * 3


@pytest.mark.parametrize("heading", ["disputed-facts", "living-persons", "objections"])
async def test_policy_says(site, heading):
    assert f'<h2 id="{heading}">' in (await site.client.get("/-/policy")).text


async def test_policy_cites_the_version_served(site):
    assert f"version {VERSION}, " in (await site.client.get("/-/policy")).text


async def test_health_tells_the_data_served(site):
    told = (await site.client.get("/-/health")).json()
    assert told == {"ok": True, "version": VERSION, "database": site.get_database().hash}


@pytest.mark.data
def test_largest_result_of_the_record_is_below_the_limit(record):
    limit = json.loads((record / "datasette/settings.json").read_text("utf-8"))["max_returned_rows"]
    with closing(sqlite3.connect(record / "sister_cities.db")) as db:
        found = db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        names = {name for (name,) in found}
        names -= {"cell_values", "cell_history"}  # a row a cell: asked for one row, or page by page
        names = {name for name in names if not name.startswith("search_")}  # looked up by word
        rows = [db.execute(f"SELECT count(*) FROM [{name}]").fetchone()[0] for name in names]
    assert max(rows) < limit
