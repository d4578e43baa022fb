"""SQL in the reader's browser: what the files answer there is what Datasette answers."""

import csv
import hashlib
import io
import json
import re
import zipfile
from html import unescape
from urllib.parse import urlencode

import pytest
import yaml
from conftest import CREATED, DATABASE, ROOT, UNHURRIED, VERSION
from playwright.sync_api import expect
from sister_pages.dates import spoken
from test_browser import CHROMIUM, IN_CI, Reader
from test_find import FOUND, NEAREST, NOTHING_LIKE_IT, NOTHING_TYPED
from test_site import served
from test_sql_page import WRONG

from tests.serving import browsing, client, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and not IN_CI, reason="no Chromium on this machine"),
]
SQLITE = ROOT / "site" / "static" / "sqlite"
QUESTIONS = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"][DATABASE]["queries"]
CHICAGO_MOSCOW = "us-il-chicago--ru-mow-moscow"
# Three values besides the empty one for each type of parameter and each name that has values of its own.
VALUES = {
    "date": ("2022-02-28", "2022-03-15", "2025-12-31"),
    "country": ("RU", "Ukraine", "us"),
    "tie": (CHICAGO_MOSCOW, "Chicago Moscow", "Albany Tula"),
    "place": ("Kiev", "ru-mow-moscow", "Albany"),
    "text": ("a", "Chicago", "no such thing"),
    "search": ("St Petersburg", "moskow", '"albany" -('),
}
ASK = """async ([question, given]) => {
  const root = document.querySelector("script[src*='browser.js']").src.replace(/static.*/, "");
  await (await import(root + "static/answers.js")).described();
  const { ask } = await import(root + "static/database.js");
  const { understood, NotUnderstood } = await import(root + "static/values.js");
  window.site ??= await (await fetch(root + "browser.json")).json();
  const query = (sql, values) => ask("../sister_cities.db.gz", sql, values, 5000);
  const find = async (q) => {
    const { columns, rows } = await query(window.site.questions.find_a_tie.sql, { q });
    return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
  };
  const values = {}, problems = [];
  for (const one of window.site.questions[question].parameters) {
    try {
      values[one.name] = await understood(one, given[one.name] ?? "", find);
    } catch (problem) {
      if (!(problem instanceof NotUnderstood)) throw problem;
      problems.push(problem.message);
    }
  }
  if (problems.length) return problems.join(" ");
  const { columns, rows } = await query(window.site.questions[question].sql, values);
  return { columns, rows };
}"""


@pytest.fixture(scope="module")
def datasette(built):
    """A client of Datasette over the same build."""
    with serving(built, settings=UNHURRIED) as (address, _), client(address) as reader:
        yield reader


@pytest.fixture(scope="module")
def window():
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(public):
    with served(public) as found:
        yield found.rstrip("/")


@pytest.fixture
def reader(window, address):
    """A reader of the files, whom nothing may trouble."""
    found = Reader(window, address)
    yield found
    found.close()
    assert (found.elsewhere, found.errors) == ([], [])


@pytest.fixture(scope="module")
def asking(window, address):
    """A function that asks a question in a page that stays open."""
    found = Reader(window, address)
    found.page.goto(f"{address}/{DATABASE}/find_a_tie/")
    yield lambda question, given: found.page.evaluate(ASK, [question, given])
    found.close()
    assert (found.elsewhere, found.errors) == ([], [])


def answered_there(page):
    """Wait until a page that is loaded has its answer."""
    expect(page.locator("#answer button", has_text="Stop")).to_have_count(0)


def follow(page, control):
    """Click what leads to another page, and wait for the answer there.

    A page is loaded only when its scripts have begun to ask. Before that it still shows what was there.
    """
    with page.expect_navigation():
        control.click()
    answered_there(page)


@pytest.fixture
def visit(reader, address):
    """A function that opens a page and returns it when it has its answer."""

    def opened(path):
        reader.page.goto(f"{address}/{DATABASE}/{path}")
        answered_there(reader.page)
        return reader.page

    return opened


def sets(question):
    """The empty parameters of a question and three other sets; one alone where it has none."""
    described = QUESTIONS[question].get("parameters", [])
    if not described:
        return [{}]
    choices = {"choice": lambda one: one["choices"] if isinstance(one["choices"], dict) else VALUES["text"]}
    values = {
        one["name"]: VALUES.get(one["name"]) or VALUES.get(one["type"]) or list(choices["choice"](one))
        for one in described
    }
    return [{}, *({name: given[i % len(given)] for name, given in values.items()} for i in range(3))]


def answered(response):
    """Datasette's answer as JSON, or what it says of a value that it cannot read."""
    found = response.json()
    return {name: found[name] for name in ("columns", "rows")} if response.is_success else found["error"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_question_is_answered_as_by_datasette(asking, datasette, question):
    found = [asking(question, given) for given in sets(question)]
    answers = [
        answered(datasette.get(f"/{DATABASE}/{question}.json", params=given)) for given in sets(question)
    ]
    assert found == answers


@pytest.mark.parametrize(
    "typed", [*(typed for typed, _ in FOUND + NEAREST), *NOTHING_TYPED, *NOTHING_LIKE_IT], ids=ascii
)
def test_search_finds_the_same(asking, datasette, typed):
    found = asking("find_a_tie", {"q": typed})
    assert found == answered(datasette.get(f"/{DATABASE}/find_a_tie.json", params={"q": typed}))


@pytest.mark.parametrize(
    ("question", "name", "value"),
    [
        ("share_suspended_or_ended", "date", "2022-02-30"),
        ("share_suspended_or_ended", "date", "{value}"),
        ("timeline_of_decisions", "event", "Keptt"),
        ("timeline_of_decisions", "country", "France"),
        ("timeline_of_decisions", "event", "xyz"),
        ("timeline_of_decisions", "state", "alaksa"),
        ("who_said_what", "stance", "ſtraße"),
        ("everything_about_one_tie", "tie", "Chicago"),
        ("everything_about_one_tie", "tie", "Atlantis"),
        ("record_of_a_place", "place", "Kyivv"),
    ],
)
def test_what_cannot_be_read_is_said_as_by_datasette(asking, datasette, question, name, value):
    response = datasette.get(f"/{DATABASE}/{question}.json", params={name: value})
    assert (asking(question, {name: value}), response.status_code) == (response.json()["error"], 400)


def keys(page):
    return page.eval_on_selector_all(
        "#answer tbody tr", "rows => rows.map((row) => row.querySelector('a').title)"
    )


@pytest.mark.parametrize(
    ("table", "parameters"),
    [
        ("pairs", {"tie_kind": "sister_city"}),
        ("pairs", {"_search": "petersburg"}),
        ("pairs", {"_sort_desc": "us_name_reported"}),
        ("sources", {"_sort_desc": "published_on", "language": "en"}),
        ("sources", {"_sort": "published_on"}),
        ("sources", {"title__contains": "sister"}),
        ("pair_events", {"occurred_on__gte": "2022-02-24", "decided_by__notblank": "1"}),
        ("casualty_statistics", {"value__gt": "1000"}),
        ("pair_events", {"_filter_column": "event", "_filter_op": "exact", "_filter_value": "ended"}),
        ("pair_events", {"_sort": "event", "_sort_by_desc": "on"}),
    ],
)
def test_table_is_filtered_as_by_datasette(visit, datasette, table, parameters):
    page = visit(f"{table}/?{urlencode(parameters)}")
    url, pages = f"/{DATABASE}/{table}.json?{urlencode(parameters)}", []
    found = [keys(page)]
    while url:
        part = datasette.get(url, follow_redirects=True).json()
        pages.append([row[0] for row in part["rows"]])
        url = part["next_url"]
        if url:
            follow(page, page.get_by_role("link", name="Next page"))
            found.append(keys(page))
    assert (bool(pages[0]), [sorted(part) for part in found]) == (True, [sorted(part) for part in pages])


def test_table_without_a_search_says_so(visit):
    told = visit("pair_events/?_search=Chicago").locator("#answer").inner_text()
    assert told == "_search is not asked here. Ask it in SQL."


def heads(text):
    """The headings of the answer in a page, and which of them stand to the right."""
    found = re.findall(r'<th scope="col"([^>]*)>(.*?)</th>', text.partition('id="answer"')[2], re.S)
    return {(unescape(re.sub("<[^>]*>|\\s", "", words)), "number" in given) for given, words in found}


@pytest.mark.parametrize(
    "path",
    [
        "timeline_of_decisions/?event=ended",
        "ties_forbidden_by_a_law/?state=Texas",
        "casualty_statistics/?value__gt=1000",
        f"?{urlencode({'sql': 'select count(*), event_id, event, 1 as by_us_in_ukraine from pair_events'})}",
    ],
)
def test_answer_is_headed_as_by_datasette(visit, datasette, path):
    theirs = heads(datasette.get(f"/{DATABASE}/{path}".replace("/?", "?")).text)
    assert (len(theirs) > 3, heads(visit(path).content())) == (True, theirs)


def test_page_goes_on_where_the_file_ends(visit, datasette):
    page = visit("sources/")
    follow(page, page.get_by_role("link", name="Next page"))
    second = datasette.get(datasette.get(f"/{DATABASE}/sources.json").json()["next_url"]).json()
    assert keys(page) == [row[0] for row in second["rows"]]


def test_facet_narrows_what_was_found(visit, datasette):
    page = visit("pair_events/?event=ended")
    follow(page, page.locator("#facet-certainty").get_by_role("link", name="stated"))
    theirs = datasette.get(f"/{DATABASE}/pair_events.json?event=ended&certainty=stated").json()
    expect(page.locator("#rows-heading")).to_contain_text(f"{theirs['filtered_table_rows_count']} rows")


def taken(page, form):
    with page.expect_download() as download:
        page.locator(".after").get_by_role("link", name=form, exact=True).click()
    return download.value.suggested_filename, download.value.path().read_bytes().decode()


def test_answer_is_taken_as_json_that_says_what_it_answers(visit, datasette):
    name, text = taken(visit("share_suspended_or_ended/?date=2022-03-15"), "JSON")
    theirs = datasette.get(f"/{DATABASE}/share_suspended_or_ended.json?date=2022-03-15").json()
    ours = json.loads(text)
    assert ("2022-03-15" in name, ours["answers"], ours["rows"]) == (True, theirs["answers"], theirs["rows"])


def test_answer_is_taken_as_csv(visit, datasette):
    _, text = taken(visit("timeline_of_decisions/?event=ended"), "CSV")
    assert text == datasette.get(f"/{DATABASE}/timeline_of_decisions.csv?event=ended").text


def test_question_is_asked_by_its_form(visit):
    page = visit("timeline_of_decisions/")
    page.get_by_label("Event").select_option("ended")
    follow(page, page.get_by_role("button", name="Ask"))
    assert set(page.locator("#answer tbody td:nth-child(3)").all_text_contents()) == {"ended"}


def test_sql_is_edited_and_run(visit):
    page = visit("share_suspended_or_ended/?date=2022-03-15")
    follow(page, page.get_by_role("link", name="Edit SQL"))
    expect(page.get_by_label("date")).to_have_value("2022-03-15")
    page.get_by_role("textbox", name="SQL, for reading only").press("Control+a")
    page.keyboard.insert_text("select :date || '!' as told")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("#answer tbody td")).to_have_text("2022-03-15!")


@pytest.mark.parametrize(("sql", "said"), WRONG)
def test_sql_that_is_none_is_said_with_what_was_meant(visit, sql, said):
    told = visit(f"?{urlencode({'sql': sql})}").locator("#answer").inner_text()
    assert told == f"SQLite says: {said}"


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


def test_query_without_end_is_stopped(reader, address):
    reader.page.goto(f"{address}/{DATABASE}/?{urlencode({'sql': ENDLESS})}")
    reader.page.get_by_role("button", name="Stop").click()
    expect(reader.page.locator("#answer")).to_have_text("The query was stopped.")


def test_query_is_stopped_before_it_has_begun(reader, address):
    def later(route):
        reader.page.get_by_role("button", name="Stop").click()
        route.continue_()

    reader.page.route("**/browser.json", later)
    reader.page.goto(f"{address}/{DATABASE}/?{urlencode({'sql': ENDLESS})}")
    expect(reader.page.locator("#answer")).to_have_text("The query was stopped.")


@pytest.mark.parametrize("typed", ["Ru", "albany", "Chicago Moskov", "中国", " ", '"'])
def test_search_says_what_it_found_as_datasette_does(visit, datasette, typed):
    asked = urlencode({"q": typed})
    page = datasette.get(f"/{DATABASE}/find_a_tie?{asked}").text
    (told,) = re.findall(r'<p class="notice" role="status">(.*?)</p>', page, re.S)
    ours = visit(f"find_a_tie/?{asked}").locator("#answer .notice").inner_text()
    assert ours == " ".join(unescape(told).split())


def test_search_names_the_country(visit):
    assert (
        visit("find_a_tie/?q=Russia").locator("#answer .hits .small").first.inner_text().endswith(", Russia")
    )


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("timeline_of_decisions/?event=ended", 1),
        ("casualties_timeline/?reported_by=OHCHR", 1),
        ("closest_votes/?event=ended", 0),
    ],
)
def test_no_chart_of_other_rows_is_shown_but_said_to_be_elsewhere(visit, path, links):
    answer = visit(path).locator("#answer")
    found = answer.get_by_role("link", name="default answer").count()
    assert (answer.locator(".chart-box").count(), found) == (0, links)


def test_home_on_another_day_says_of_which_day_its_figures_are(reader, address):
    reader.page.goto(f"{address}/?date=2022-06-04")
    expect(reader.page.locator("[data-day]")).to_have_text("4 June 2022")
    expect(reader.page.locator("#figures-heading")).to_contain_text(f"as of {spoken(CREATED[:10])}")


def test_one_that_alone_was_meant_is_gone_to(reader, address):
    reader.page.goto(f"{address}/{DATABASE}/find_a_tie/?q=chicago+moscow")
    expect(reader.page).to_have_url(f"{address}/{DATABASE}/pairs/{CHICAGO_MOSCOW}/")


@pytest.fixture
def version_page(window, address):
    """The first page of a version, whose reader is led nowhere out of its folder and is told of no error."""
    found = Reader(window, f"{address}/v/{VERSION}")
    found.page.goto(f"{found.address}/")
    yield found.page
    found.close()
    assert (found.elsewhere, found.errors) == ([], [])


def run(page, sql):
    follow(page, page.get_by_role("link", name="SQL", exact=True))
    page.get_by_label("SQL, for reading only").fill(sql)
    follow(page, page.get_by_role("button", name="Run"))
    return page.locator("#answer")


def test_version_is_asked_in_sql(version_page, public):
    with zipfile.ZipFile(next((public / "v" / VERSION).glob("*.zip"))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("data/pairs.csv").decode(), newline="")))
    answer = run(version_page, "select count(*) from pairs where tie_kind = 'sister_city'")
    number = sum(row["tie_kind"] == "sister_city" for row in rows)
    assert (number > 0, answer.locator("tbody").inner_text()) == (True, str(number))


def test_version_says_what_is_no_sql(version_page):
    told = run(version_page, "select count(*) from pears").inner_text()
    assert told == "SQLite says: no such table: pears; did you mean pairs?"


def test_table_of_a_version_leads_to_its_rows_in_sql(version_page):
    follow(version_page, version_page.get_by_role("link", name="Ties", exact=True))
    follow(version_page, version_page.get_by_role("link", name="Ask it in SQL"))
    rows = version_page.locator("#answer-heading").inner_text()
    assert (version_page.locator("#sql-editor").input_value(), rows[-5:]) == ("select * from pairs", " rows")


@pytest.mark.parametrize(
    "path",
    [
        "/", "/sister_cities/", "/sister_cities/pairs/", "/sister_cities/find_a_tie/", "/-/policy/",
        f"/sister_cities/pairs/{CHICAGO_MOSCOW}/", "/sister_cities/timeline_of_decisions/",
        "/sister_cities/find_a_tie/?q=vladivostok", "/v/1.0.0/", "/v/1.0.0/sister_cities/", "/state/IL/",
    ],
)  # fmt: skip
def test_page_has_no_message_and_asks_no_other_host(reader, path):
    reader.page.goto(reader.address + path, wait_until="networkidle")


def test_default_answer_is_there_without_scripts(window, address):
    found = Reader(window, address, java_script_enabled=False)
    found.page.goto(f"{address}/{DATABASE}/share_suspended_or_ended/")
    assert found.page.locator("#answer tbody tr").count() == 2
    found.close()


@pytest.mark.parametrize("name", ["sqlite3.js", "sqlite3.wasm"])
def test_sqlite_is_the_one_that_was_taken(name):
    digest = hashlib.sha256((SQLITE / name).read_bytes()).hexdigest()
    assert re.search(f"`{name}` .*`{digest}`", (SQLITE / "README.md").read_text("utf-8"))


def test_sqlite_has_its_licence_beside_it():
    assert "Apache License" in (SQLITE / "LICENSE.txt").read_text("utf-8")
