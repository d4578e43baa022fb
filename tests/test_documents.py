"""What a reader needs to trust the record: how it was made, how to cite it, where to report an error."""

import html
import json
import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from conftest import ROOT, VERSION, opened
from sister_pages.context import context_of

from schemas.contract import package_of
from scripts.database.describe import described
from scripts.documents.citing import ris
from scripts.documents.markdown import DOCUMENTS, rendered

CHICAGO = "us-il-chicago--ru-mow-moscow"
DOSSIER = f"/sister_cities/pairs/{CHICAGO}"
EVENT = f"/sister_cities/pair_events/{CHICAGO}--suspended"
TWO_KEYS = f"/sister_cities/statement_pairs/lori-lightfoot-2022-03-01-suspension,{CHICAGO}"
PAGES = [
    *("/", "/sister_cities", "/sister_cities/pairs", "/sister_cities/pairs_overview", DOSSIER, EVENT),
    *("/sister_cities/places/us-il-chicago", "/sister_cities/casualties_timeline", TWO_KEYS),
    *("/sister_cities/find_a_tie", "/sister_cities/who_decided", "/sister_cities/laws"),
    *(f"/-/{name}" for name in (*DOCUMENTS, "cite", "report")),
]
HOME = "https://github.com/example/ties"
DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))


def heads(text):
    """The title, the links and the tags of a page's head."""
    head = text.partition("</head>")[0]
    tags = re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)"', head)
    links = re.findall(r'<link rel="([^"]*)" href="([^"]*)"', head)
    return {"title": re.findall(r"<title>(.*?)</title>", head)[0], **dict(tags), **dict(links)}


async def page(site, path, host="data.example"):
    return (await site.client.get(path, headers={"host": host}, follow_redirects=True)).text


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_document_is_a_page_with_its_heading(site, name):
    heading = (ROOT / DOCUMENTS[name]).read_text("utf-8").splitlines()[0].removeprefix("# ")
    text = await page(site, f"/-/{name}")
    assert (f"<h1>{heading}</h1>" in text, heads(text)["title"].startswith(heading)) == (True, True)


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_links_within_documents_lead_somewhere(site, name):
    text = await page(site, f"/-/{name}")
    links = {html.unescape(link) for link in re.findall(r'href="([^"]*)"', text.partition("<main")[2])}
    pages = {link.partition("#")[0] for link in links if link.startswith("/-/")}
    here = {link[1:] for link in links if link.startswith("#")} - set(re.findall(r'id="([^"]*)"', text))
    missing = [link for link in pages if (await site.client.get(link)).status_code != 200]
    assert (missing, here) == ([], set())


@pytest.mark.parametrize("wide", ["<table>", "<pre>"])
def test_wide_parts_of_documents_scroll_by_themselves(wide):
    text = rendered("# A\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```sh\nls\n```\n")
    assert f'<div class="scroll" tabindex="0">{wide[:-1]}' in text


@pytest.mark.parametrize("path", ["/", DOSSIER, "/nothing"])
async def test_every_page_leads_to_all_that_tells_of_the_record(site, path):
    footer = (await page(site, path)).partition("<footer")[2]
    assert [name for name in (*DOCUMENTS, "cite", "report") if f'href="/-/{name}"' not in footer] == []


async def test_head_says_title_description_and_picture(site):
    wrong = []
    for path in PAGES:
        head = heads(await page(site, path))
        pairs = [("og:title", "title"), ("twitter:title", "title")]
        pairs += [("og:description", "description"), ("twitter:description", "description")]
        same = all(head[ours] == head[theirs] for ours, theirs in pairs)
        if not (
            same and len(head["description"]) >= 50 and head["canonical"] == f"http://data.example{path}"
        ):
            wrong.append((path, head))
    assert wrong == []


async def test_picture_of_all_pages_is_there(site):
    address = heads(await page(site, "/"))["og:image"]
    answer = await site.client.get(address.removeprefix("http://data.example"))
    assert (answer.headers["content-type"], answer.content[16:24]) == ("image/png", b"\0\0\x04\xb0\0\0\x02v")


async def test_titles_are_unique(site):
    queries = await site.get_canned_queries("sister_cities", None)
    tables = json.loads((await site.client.get("/sister_cities.json")).text)
    names = [one["name"] for one in (*tables["tables"], *tables["views"]) if not one.get("hidden")]
    paths = [*PAGES, *(f"/sister_cities/{name}" for name in (*queries, *names))]
    titles = Counter([heads(await page(site, path))["title"] for path in dict.fromkeys(paths)])
    assert [title for title, times in titles.items() if times > 1] == []


@pytest.mark.parametrize("path", ["/nothing", "/sister_cities?sql=select+1"])
async def test_page_that_is_not_to_be_found_again_has_no_canonical_address(site, path):
    assert "canonical" not in heads(await page(site, path))


@pytest.mark.parametrize("form", ["APA", "BibTeX", "RIS"])
async def test_whole_and_tie_can_be_cited_in_each_form(site, form):
    (whole,), (tie,) = [
        re.findall(
            rf'id="cite-{form.lower()}".*?<pre class="whole">(.*?)</pre>', await page(site, path), re.S
        )
        for path in ("/-/cite", DOSSIER)
    ]
    told = [VERSION, "Sister Cities in Wartime contributors", "2026"]
    assert [word for word in told if word not in whole] == []
    assert [
        word for word in (*told, "Chicago – Moscow", f"http://data.example{DOSSIER}") if word not in tie
    ] == []


@pytest.mark.parametrize("address", ["/a", "http://localhost:8001/a", "http://127.0.0.1/a"])
async def test_citation_has_no_address_of_one_machine(site, address):
    forms = context_of(site).cited("A & B", "a", address)
    assert ("UR  -" in forms["RIS"], "url" in forms["BibTeX"]) == (False, False)


def test_ris_has_a_tag_a_line_and_an_end():
    lines = ris(DESCRIPTOR, "A tie", "https://data.example/a").splitlines()
    assert (lines[0], lines[-1], [line for line in lines if not re.match(r"[A-Z][A-Z0-9]  - ", line)]) == (
        "TY  - DATA",
        "ER  - ",
        [],
    )


@pytest.fixture
async def published(built):
    """The site of a package whose repository is known."""
    async with opened(built) as served:
        context_of(served).repository = HOME
        yield served


def report_of(text):
    """Where the page of a row leads those who have found an error."""
    return html.unescape(re.search(r'href="([^"]*)"[^>]*>Report an error</a>\.', text)[1])


@pytest.mark.parametrize(
    ("path", "table", "row"),
    [
        (DOSSIER, "pairs", CHICAGO),
        (EVENT, "pair_events", f"{CHICAGO}--suspended"),
        (
            "/sister_cities/pairs_overview/us-il-chicago--ru-mow-moscow",
            "pairs",
            "us-il-chicago--ru-mow-moscow",
        ),
        (TWO_KEYS, "statement_pairs", TWO_KEYS.rpartition("/")[2].replace(",", ", ")),
    ],
)
async def test_error_in_a_row_is_reported_by_the_form_filled_with_it(published, path, table, row):
    address = report_of(await page(published, path))
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / "data-error.yml").read_text("utf-8"))
    fields = {one["id"]: one["attributes"].get("options") for one in form["body"]}
    told = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert (address.partition("?")[0], told) == (
        f"{HOME}/issues/new",
        {"template": "data-error.yml", "table": table, "row": row},
    )
    assert told.keys() - {"template"} <= fields.keys() and table in fields["table"]


async def test_error_is_reported_with_the_key_to_copy_where_no_repository_is_known(site):
    address = report_of(await page(site, DOSSIER))
    text = await page(site, address)
    assert (urlsplit(address).path, "Key of the row: us-il-chicago--ru-mow-moscow" in text) == (
        "/-/report",
        True,
    )


@pytest.mark.parametrize("table", ["", "nothing", "<b>"])
async def test_page_for_reports_stands_any_parameters(site, table):
    answer = await site.client.get("/-/report", params={"table": table, "row": "<b>, c"})
    assert (answer.status_code, "<b>" in answer.text) == (200, False)


TABLES = described(package_of(ROOT / "datapackage.json"))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_description_of_a_table_is_a_sentence(table):
    assert len(table.description) >= 50 and table.description.endswith(".")
