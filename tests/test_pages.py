"""The pages as Datasette's own client gets them: complete, in order, and text of the data stays text."""

import html
import re
import shutil
import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest
import yaml
from conftest import CREATED, ROOT, VERSION, opened, rows_of, site_contract
from datasette.utils import PrefixedUrlString
from sister_pages.cells import outward
from sister_pages.svg import element

from scripts.build import write_manifest

CONTRACT = site_contract()
SHOWN = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["sister_cities"]


def headings(table, columns):
    return [CONTRACT.heading(table, column, () if table else columns) for column in columns]


@pytest.mark.parametrize("table", sorted({table for table, _ in CONTRACT.fields}))
def test_no_two_columns_of_a_table_have_the_same_heading(table):
    told = headings(table, [column for of, column in CONTRACT.fields if of == table])
    assert sorted(set(told)) == sorted(told)


@pytest.mark.parametrize("question", SHOWN["queries"])
async def test_no_two_columns_of_an_answer_have_the_same_heading(site, question):
    told = headings(None, (await site.client.get(f"/sister_cities/{question}.json")).json()["columns"])
    assert sorted(set(told)) == sorted(told)


async def test_head_of_a_column_of_numbers_stands_where_they_do(site):
    text = (await site.client.get("/sister_cities/who_decided")).text
    head, row = (re.findall(rf'<{cell}[^>]* class="([^"]*)"', text) for cell in ("th", "td"))
    assert ("number" in head, row[: len(head)].count("number")) == (True, head.count("number"))


MARKUP = "<script>alert(1)</script>\"'&"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "http:", "https://a b", "//host/x", "ftp://host/x"]
)
def test_only_web_addresses_become_links(address):
    assert "<a" not in outward(address)


def test_svg_escapes_attributes_and_words():
    assert str(element("text", MARKUP, class_=MARKUP)).count("<") == 2


@pytest.fixture(scope="module")
async def poisoned(built, tmp_path_factory):
    """The site of a build whose every text column without a list of values holds markup."""
    folder = tmp_path_factory.mktemp("poisoned") / "build"
    shutil.copytree(built, folder)
    with closing(sqlite3.connect(folder / "sister_cities.db")) as db:
        db.execute("PRAGMA ignore_check_constraints = on")
        stored = {**CONTRACT.tables, **CONTRACT.derived}
        for (table, column), field in CONTRACT.fields.items():
            key = CONTRACT.keys.get(column) or column in ("row_id", "table_name", "column_name")
            if table in stored and field.type == "string" and not field.labels and not key:
                db.execute(f"UPDATE {table} SET {column} = ? || rowid WHERE {column} IS NOT NULL", [MARKUP])
        db.execute("UPDATE package SET title = ?, version = ?, licence = ?", [MARKUP] * 3)
        db.commit()
    write_manifest(folder)
    async with opened(folder) as site:
        yield site


PAGES = [
    "/",
    "/sister_cities",
    *(f"/sister_cities/{table}" for table in CONTRACT.tables),
    "/sister_cities/pairs_overview",
    "/sister_cities/disagreements",
    "/sister_cities/evidence",
    "/sister_cities/pairs?_search=" + "%3Cscript%3E",
    "/sister_cities/pairs?us_name_reported=%3Cscript%3E",
    "/sister_cities/pairs/us-il-chicago--ru-mow-moscow",
    "/sister_cities/places/us-il-chicago",
    "/sister_cities/places/ua-ukraine",
    "/state/TX",
    "/embed/timeline",
    "/embed/map?date=2022-06-04&view=west",
    "/embed/who_decided?country=RU",
    "/sister_cities/sources/audacy-2022-06-zelensky-urges-us-mayors-end",
    "/sister_cities/pair_events/us-il-chicago--ru-mow-moscow--suspended",
    "/sister_cities/casualty_statistics/ohchr-2022-06-02-civilians-injured",
    "/sister_cities/statement_pairs/lori-lightfoot-2022-03-01-suspension,us-il-chicago--ru-mow-moscow",
    "/sister_cities/citations/ohchr-2022-06-02-civilians-injured--value--audacy-2022-06-zelensky-urges-us-mayors-end",
    "/sister_cities/package/sister-cities-in-wartime",
    "/sister_cities/distances/us-il-chicago--ru-mow-moscow",
    "/sister_cities/where_sources_disagree",
    "/sister_cities/find_a_tie?q=%3Cscript%3E",
    "/sister_cities?sql=select+'%3Cscript%3E'+as+'%3Cscript%3E'",
    "/sister_cities?sql=select+%3Cscript%3E",
    "/%3Cscript%3E",
]


@pytest.mark.parametrize("page", PAGES)
async def test_markup_in_the_data_is_shown_as_text(poisoned, page):
    text = (await poisoned.client.get(page, follow_redirects=True)).text
    # What is left is our own: files by their address, and linked data, which is JSON and runs nothing.
    text = re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", text)
    scripts = re.findall(r"<script(?! (?:type=\"module\"|defer) src=\"/)", text)
    assert (scripts, "&lt;script&gt;alert(1)" in text) == ([], True)


@pytest.mark.parametrize("page", PAGES)
async def test_no_page_needs_inline_script_or_style(site, page):
    text = (await site.client.get(page, follow_redirects=True)).text
    assert re.findall(r"<script>|<style|\son\w+=\"|\sstyle=\"|javascript:", text) == []


@pytest.mark.parametrize("page", PAGES)
async def test_every_page_tells_version_and_date(site, page):
    text = (await site.client.get(page, follow_redirects=True)).text
    assert f"version {VERSION}, data of" in text and CREATED[:10] in text


KINDS = [
    *("/", "/sister_cities", "/sister_cities/pairs", "/sister_cities/pairs_overview", "/state/IL"),
    "/sister_cities/pair_events?_facet=event&_size=5&_sort_desc=occurred_on",
    "/sister_cities/pairs/us-il-chicago--ru-mow-moscow",
    "/sister_cities/places/us-il-chicago",
    "/sister_cities/sources/audacy-2022-06-zelensky-urges-us-mayors-end",
    "/sister_cities/pair_events/us-il-chicago--ru-mow-moscow--suspended",
    "/sister_cities/share_suspended_or_ended?date=2022-06-04",
    "/sister_cities/find_a_tie?q=Ru",
    *("/sister_cities?sql=select+*+from+pairs", "/-/methodology", "/-/cite", "/-/report?table=pairs&row=a"),
    *("/nothing", "/sitemap.xml", "/robots.txt", "/-/decisions.atom"),
]


@pytest.fixture(scope="module")
async def addressed(built):
    """Where each kind of page leads, of a site that lies under a path: asked with the path and without it."""
    found = {}
    async with opened(built, base_url="/cities/") as served:
        for page in KINDS:
            for asked in (page, f"/cities{page}"):
                answer = await served.client.get(PrefixedUrlString(asked))
                found[asked] = (answer.status_code, answer.text)
    return found


@pytest.mark.parametrize("page", KINDS)
@pytest.mark.parametrize("passed_on", ["", "/cities"], ids=["stripped", "passed on"])
async def test_everything_leads_on_under_the_path_of_the_site(addressed, page, passed_on):
    status, text = addressed[passed_on + page]
    local = r"(?:http://localhost)?(/(?!/)[^\"\s<>]*)"
    links = re.findall(rf'(?:href|src|action)="{local}"|content="{local}"|>{local}<|Sitemap: {local}', text)
    paths = [path for found in links for path in found if path]
    assert (status, bool(paths)) == (404 if page == "/nothing" else 200, True)
    assert [path for path in paths if not re.match("/cities/(?!cities/)", path)] == []


async def test_settings_of_the_build_hold_beside_one_that_is_given(built):
    async with opened(built, base_url="/cities/") as served:
        held = [served.setting(name) for name in ("base_url", "suggest_facets")] + [served.max_returned_rows]
    assert held == ["/cities/", False, 5000]


@pytest.mark.parametrize("page", PAGES)
async def test_every_page_of_this_list_is_there(site, page):
    status = (await site.client.get(page, follow_redirects=True)).status_code
    assert status == {"/%3Cscript%3E": 404, "/sister_cities?sql=select+%3Cscript%3E": 400}.get(page, 200)


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 as ''",
        "select 1 as a, 2 as a",
        "select x'00ff' as pair_id",
        "select null as row_id",
        "select 1 where 0",
    ],
)
async def test_odd_answers_have_a_page(site, sql):
    assert (await site.client.get("/sister_cities", params={"sql": sql})).status_code == 200


async def test_row_of_two_keys_leads_to_its_data(site):
    keys = "lori-lightfoot-2022-03-01-suspension,us-il-chicago--ru-mow-moscow"
    text = (await site.client.get(f"/sister_cities/statement_pairs/{keys}")).text
    links = re.findall(r'href="([^"]*)">(?:JSON|CSV)</a>', text)
    answers = [await site.client.get(html.unescape(link)) for link in links]
    assert [answer.text.count("lori-lightfoot-2022-03-01-suspension") > 0 for answer in answers] == [
        True,
        True,
    ]


@pytest.mark.parametrize("page", PAGES)
async def test_headings_are_in_order(site, page):
    text = (await site.client.get(page, follow_redirects=True)).text
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    steps = [b - a for a, b in pairwise(levels)]
    assert (levels[0], levels.count(1), max(steps, default=0) <= 1) == (1, 1, True)


OAKLAND = "us-ca-oakland--ru-pri-nakhodka"


@pytest.mark.parametrize(
    ("page", "pattern"),
    [
        ("/", rf'<tr data-tie="{OAKLAND}".*?1987 <span class="older">before the invasion</span>'),
        ("/", rf'Decided before the invasion: .*{OAKLAND}">Oakland – Nakhodka</a> \(reinstated\)'),
        ("/", r"1 reinstated, .*\. Of these, \d+ were decided before the invasion\."),
        ("/sister_cities/places/us-ca-oakland", r'1987 <span class="older">before the invasion</span>'),
        (f"/sister_cities/pairs/{OAKLAND}", r"That was before the invasion"),
    ],
)
async def test_status_decided_before_the_invasion_is_told_apart(site, page, pattern):
    assert re.search(pattern, (await site.client.get(page)).text, re.DOTALL)


async def test_status_decided_since_the_invasion_is_not(site):
    text = (await site.client.get("/sister_cities/pairs/us-il-chicago--ru-mow-moscow")).text
    assert "before the invasion" not in text


async def test_statement_leads_to_what_it_is_about(site):
    text = (await site.client.get("/sister_cities/statements/aftab-pureval-2023-09-19-kharkiv")).text
    (section,) = re.findall(r"What it is about</h2>(.*?)</section>", text, re.DOTALL)
    assert re.findall(r'<a href="([^"]*)">', section) == [
        "/sister_cities/pairs/us-oh-cincinnati--ua-63-kharkiv"
    ]


DRAWN = [name for kind in ("tables", "queries") for name, told in SHOWN[kind].items() if "chart" in told]


@pytest.mark.parametrize("name", DRAWN)
async def test_chart_is_drawn_above_the_answer(site, name):
    text = (await site.client.get(f"/sister_cities/{name}")).text
    figure, table = text.find('<figure class="chart-box">'), text.find('<table class="data rows">')
    assert 0 < figure < table and text[figure:table].count("<svg ") == 2


async def test_answer_without_a_chart_has_none(site):
    assert "chart-box" not in (await site.client.get("/sister_cities/closest_votes")).text


@pytest.mark.parametrize("table", CONTRACT.derived)
async def test_derived_table_is_headed_as_the_contract_says(site, table):
    text = (await site.client.get(f"/sister_cities/{table}")).text
    head = re.search(r"<table class=\"data rows\">\s*<thead>(.*?)</thead>", text, re.DOTALL)[1]
    shown = {
        code: html.unescape(re.sub("<[^>]*>|[↑↓]", "", words)).strip()
        for words, code in re.findall(r"<th[^>]*>(.*?)<code>(\w+)</code>", head, re.DOTALL)
    }
    titles = {column: field.title for (name, column), field in CONTRACT.fields.items() if name == table}
    assert {column: shown[column].removesuffix(" key") for column in titles} == {
        column: title.removesuffix(" key") for column, title in titles.items()
    }


@pytest.mark.parametrize(
    ("page", "subject"),
    [
        (f"evidence/pairs.{OAKLAND}", f"pairs/{OAKLAND}"),
        (f"pairs_overview/{OAKLAND}", f"pairs/{OAKLAND}"),
        (f"pair_status_history/{OAKLAND},2", f"pair_events/{OAKLAND}--suspended"),
    ],
)
async def test_row_of_a_derived_table_leads_to_what_it_is_about(site, page, subject):
    text = (await site.client.get(f"/sister_cities/{page}")).text
    assert re.search(rf'<p>About <a href="/sister_cities/{subject}">', text)


MOSCOW = "us-il-chicago--ru-mow-moscow"
SUSPENDED = f"{MOSCOW}--suspended"
CORRECTED = [
    ("1.1.0", "places", "us-il-chicago", "population", "2746387", "2664452", "Counted anew."),
    ("unreleased", "places", "us-il-peoria", None, "us-il-peoria", "us-il-chicago", "The same place."),
    ("1.2.0", "pair_events", SUSPENDED, "vote", None, "5-4", "The minutes have it."),
    ("1.2.0", "pairs", OAKLAND, "notes", "Old.", None, "It was no part of the row."),
]


@pytest.fixture(scope="module")
async def corrected(built, tmp_path_factory):
    """The site of a build of which four rows were corrected."""
    folder = tmp_path_factory.mktemp("corrected") / "build"
    shutil.copytree(built, folder)
    with closing(sqlite3.connect(folder / "sister_cities.db")) as db:
        for number, (*said, note) in enumerate(CORRECTED):
            row = (str(number), *said, "better_source", None, note)
            db.execute("INSERT INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        db.commit()
    write_manifest(folder)
    async with opened(folder) as site:
        yield site


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("places/us-il-chicago", "In 1.1.0: population “2,746,387” became “2,664,452”. Counted anew."),
        (
            "places/us-il-chicago",
            "Not yet released: the key us-il-peoria became us-il-chicago. The same place.",
        ),
        (f"pair_events/{SUSPENDED}", "In 1.2.0: vote (empty) became “5-4”. The minutes have it."),
        (
            f"pairs/{MOSCOW}",
            "In 1.2.0, Chicago – Moscow: suspended, 1 March 2022: vote (empty) became “5-4”.",
        ),
        (f"pairs/{OAKLAND}", "In 1.2.0: notes “Old.” became (empty). It was no part of the row."),
    ],
)
async def test_page_of_a_row_says_what_was_corrected(corrected, page, said):
    text = (await corrected.client.get(f"/sister_cities/{page}")).text
    assert said in " ".join(re.sub("<[^>]+>", "", text).split())


@pytest.mark.parametrize(
    "page", ["pairs_overview", "pair_events", "decisions", "evidence", "timeline_of_decisions"]
)
async def test_what_stands_aside_does_so_in_head_and_rows(site, page):
    text = (await site.client.get(f"/sister_cities/{page}")).text
    head, row = re.findall(r"<tr>(.*?)</tr>", text.partition('class="data rows"')[2], re.DOTALL)[:2]
    of_head, of_row = (
        ["aside" in cell for cell in re.findall(r"<th scope[^>]*>", head)],
        ["aside" in cell for cell in re.findall(r"<t[hd] [^>]*>", row)],
    )
    assert of_head == of_row


async def test_long_text_of_a_table_is_folded_and_whole(site):
    text = html.unescape((await site.client.get("/sister_cities/pair_events?_size=max")).text)
    long = max((row["notes"] for row in rows_of("pair_events")), key=len)
    assert f'<details class="fold"><summary>{long}</summary></details>' in text


@pytest.mark.parametrize(
    "page", ["/sister_cities/pairs/us-il-chicago--ru-mow-moscow", "/sister_cities/who_decided?country=RU"]
)
async def test_page_prints_its_address(site, page):
    text = html.unescape((await site.client.get(page)).text)
    assert re.findall('<p class="printed">(.*?)</p>', text) == [f"http://localhost{page}"]
