"""The site in a browser, as a reader has it: Debian's Chromium over a real server of the real build."""

import csv
import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import axe_playwright_python
import pytest
from conftest import ROOT, UNHURRIED
from playwright.sync_api import expect

from tests.screenshots import PAGES as PICTURED
from tests.serving import HANGS, browsing, chromium, serving

CHROMIUM = chromium()
IN_CI = os.environ.get("CI") == "true"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and not IN_CI, reason="no Chromium on this machine"),
]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# Of what axe looks at, colours alone depend on the scheme.
SCHEMES = {"light": None, "dark": ["color-contrast", "link-in-text-block"]}
CHICAGO_MOSCOW = "us-il-chicago--ru-mow-moscow"
PAGES = {
    "home": "/",
    "database": "/sister_cities",
    "table": "/sister_cities/pairs",
    "dossier": f"/sister_cities/pairs/{CHICAGO_MOSCOW}",
    "source": "/sister_cities/sources/audacy-2022-06-zelensky-urges-us-mayors-end",
    "place": "/sister_cities/places/us-il-chicago",
    "event": f"/sister_cities/pair_events/{CHICAGO_MOSCOW}--suspended",
    "number": "/sister_cities/casualty_statistics/ohchr-2022-06-02-civilians-injured",
    "query": "/sister_cities/timeline_of_decisions",
    "raw SQL": "/sister_cities?sql=select+*+from+pairs+where+tie_kind%3D%3Atie_kind&tie_kind=sister_city",
    "find": "/sister_cities/find_a_tie?q=Ru",
    "state": "/state/IL",
    "document": "/-/methodology",
    "report": "/-/report?table=pairs&row=us-il-chicago--ru-mow-moscow",
    "SQL error": "/sister_cities?sql=select+nonsense",
    "nothing there": "/sister_cities/pairs/nowhere",
}
CHARTED = [
    "/",
    "/sister_cities/casualties_timeline",
    *(f"/sister_cities/{name}" for name in ("timeline_of_decisions", "statements_by_month", "who_decided")),
    *(f"/sister_cities/{name}" for name in ("ties_by_state", "founding_decades")),
    f"/sister_cities/pairs/{CHICAGO_MOSCOW}",
]
EACH_PAGE = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)


@pytest.fixture(scope="module")
def address(built):
    with serving(built, settings=UNHURRIED) as (found, _):
        yield found


# Not for the whole session: while Playwright runs, its event loop stands in the way of asynchronous tests.
@pytest.fixture(scope="module")
def browser():
    with browsing() as window:
        yield window


class Reader:
    """A page of the browser that notes what should not happen."""

    def __init__(self, browser, address, **options):
        self.address = address
        self.context = browser.new_context(base_url=address, **options)
        self.context.set_default_timeout(HANGS * 1000)
        self.page = self.context.new_page()
        self.errors, self.elsewhere = [], []
        self.page.on("console", lambda told: self.errors.append(told.text) if told.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.note(request.url))

    def close(self):
        """End; where a test has failed, pytest shows what is written here."""
        print(f"was at {self.page.url}; errors: {self.errors}; asked elsewhere: {self.elsewhere}")
        self.context.close()

    def note(self, url):
        if not url.startswith((self.address + "/", "data:")):
            self.elsewhere.append(url)


@pytest.fixture
def reader(browser, address, request):
    found = Reader(
        browser, address, **getattr(request, "param", {"viewport": {"width": 1280, "height": 900}})
    )
    yield found
    found.close()


@pytest.fixture
def page(reader):
    return reader.page


def findings(page, rules):
    """What axe finds, of any impact."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    violations = page.evaluate("options => axe.run(options)", options)["violations"]
    return [(rule["id"], node["html"][:160]) for rule in violations for node in rule["nodes"]]


def resize(page, width):
    """Give the window a width, and wait until the page has it."""
    page.set_viewport_size({"width": width, "height": 740})
    page.wait_for_function("width => innerWidth === width", arg=width)


@pytest.fixture(scope="module")
def visited(browser, address):
    """What was seen of a page, which is loaded once: errors, other hosts, width, findings of axe."""
    seen = {}

    def visit(path):
        if path not in seen:
            reader = Reader(browser, address, viewport={"width": 1280, "height": 900})
            answer = reader.page.goto(path, wait_until="networkidle")
            # A browser notes a page that is refused as an error of its own.
            errors = [error for error in reader.errors if answer.ok or "Failed to load resource" not in error]
            # Of those without a class side by side, which are alike (the schema of each table), the first.
            some = "details[class], details:not(details + details)"
            reader.page.eval_on_selector_all(some, "all => all.forEach(one => one.open = true)")
            reader.page.evaluate(AXE)
            axe = {}
            for width in (1280, 360):
                resize(reader.page, width)
                for scheme, rules in SCHEMES.items():
                    reader.page.emulate_media(color_scheme=scheme)
                    axe[width, scheme] = findings(reader.page, rules)
            narrow = reader.page.evaluate("document.scrollingElement.scrollWidth")
            seen[path] = {"elsewhere": reader.elsewhere, "errors": errors, "axe": axe, "narrow": narrow}
            reader.close()
        return seen[path]

    return visit


@pytest.mark.parametrize("path", ["/sister_cities/share_suspended_or_ended", "/sister_cities/who_decided"])
def test_nothing_of_an_answer_is_cut_off_in_print(page, path):
    page.goto(path)
    resize(page, 740)
    page.emulate_media(media="print")
    assert page.evaluate("document.scrollingElement.scrollWidth") == 740


def shown(page):
    return page.locator("#map-table tbody tr:visible")


def statuses(page):
    return page.eval_on_selector_all(
        ".tie:not(.away)",
        "ties => Object.fromEntries(ties.map(tie => [tie.dataset.tie, tie.dataset.status]))",
    )


def follow(page, control):
    """Click what leads to another page, and wait until that is loaded."""
    with page.expect_navigation():
        control.click()


def set_day(page, day):
    page.locator("#day").evaluate(
        """(slider, day) => {
          slider.value = Date.parse(day) / 864e5;
          for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, {bubbles: true}));
        }""",
        day,
    )


# Every page


@EACH_PAGE
def test_page_asks_no_other_host_and_has_no_error(visited, path):
    assert (visited(path)["elsewhere"], visited(path)["errors"]) == ([], [])


@EACH_PAGE
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_page_has_no_accessibility_finding_of_any_impact(visited, path, width, scheme):
    assert visited(path)["axe"][width, scheme] == []


@EACH_PAGE
def test_page_does_not_scroll_sideways_on_a_phone(visited, path):
    assert visited(path)["narrow"] <= 360


@EACH_PAGE
def test_first_key_leads_past_the_head_of_the_page(page, path):
    page.goto(path)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


@pytest.mark.parametrize("reader", [{"color_scheme": "dark"}], indirect=True, ids=["dark"])
def test_dark_scheme_has_a_dark_page(page):
    page.goto("/")
    red, green, blue = map(
        int, re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))
    )
    assert max(red, green, blue) < 60


# The map


def test_map_and_table_show_the_same_ties(page):
    page.goto("/")
    in_table = page.eval_on_selector_all("#map-table tbody tr", "rows => rows.map(row => row.dataset.tie)")
    assert set(statuses(page)) <= set(in_table) and len(statuses(page)) > 0.9 * len(in_table)


def test_filter_by_country_leaves_that_country(page):
    page.goto("/")
    page.get_by_label("Russia").uncheck()
    assert {row.get_attribute("data-country") for row in shown(page).all()} == {"UA"}
    assert {tie.split("--")[1][:2] for tie in statuses(page)} == {"ua"}


def test_filter_by_status_leaves_that_status(page):
    page.goto("/")
    for box in page.locator("input[name=status]").all():
        box.set_checked(box.get_attribute("value") == "suspended")
    assert set(statuses(page).values()) == {"suspended"}
    assert {row.text_content().strip() for row in shown(page).locator("[data-cell=status]").all()} == {
        "Suspended"
    }


@pytest.mark.parametrize(
    ("day", "status"), [("2022-02-28", "listed"), ("2022-03-01", "suspended"), ("2022-06-04", "suspended")]
)
def test_replay_shows_the_status_of_the_day(page, day, status):
    page.goto("/")
    set_day(page, day)
    row = page.locator(f"tr[data-tie='{CHICAGO_MOSCOW}'] [data-cell=status]")
    assert (statuses(page)[CHICAGO_MOSCOW], row.text_content().strip().lower()) == (status, status)


@pytest.mark.parametrize(
    ("day", "since"), [("2022-03-01", "29 August 2013 before the invasion"), ("2022-03-07", "7 March 2022")]
)
def test_replay_tells_a_decision_older_than_the_invasion(page, day, since):
    page.goto("/")
    set_day(page, day)
    row = page.locator("tr[data-tie='us-fl-sarasota--ru-vla-vladimir'] [data-cell=since]")
    assert row.text_content() == since


def test_replay_is_told_to_those_who_listen(page):
    page.goto("/")
    set_day(page, "2022-03-01")
    expect(page.locator("[data-live]")).to_have_text(
        re.compile(r"^1 March 2022: \d+ ties shown; .*\d+ suspended")
    )
    assert page.locator("#day").get_attribute("aria-valuetext") == "1 March 2022"


def test_map_works_with_the_keyboard_alone(page):
    page.goto("/")
    page.locator("#day").focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-day]")).to_have_text("1 February 2022")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-day]")).to_have_text("2 February 2022")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Later decision")
    page.keyboard.press("Enter")
    expect(page.locator("[data-day]")).not_to_have_text("2 February 2022")


@pytest.fixture
def still(page):
    """A page whose time goes on only where a test says so."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    return page


def test_play_runs_to_today_and_ends(still):
    still.goto("/")
    last = still.locator("#day").get_attribute("max")
    still.get_by_role("button", name="Play").click()
    expect(still.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "true")
    still.clock.run_for(60_000)
    expect(still.locator("#day")).to_have_value(last)
    expect(still.get_by_role("button", name="Play")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("reader", [{"reduced_motion": "reduce"}], indirect=True, ids=["calm"])
def test_play_goes_from_decision_to_decision_where_less_motion_is_wanted(still):
    still.goto("/")
    still.get_by_role("button", name="Play").click()
    before = still.locator("#day").input_value()
    still.clock.run_for(1000)
    expect(still.locator("#day")).not_to_have_value(before)
    day = str(date(1970, 1, 1) + timedelta(days=int(still.locator("#day").input_value())))
    histories = still.eval_on_selector_all("[data-history]", "rows => rows.map(row => row.dataset.history)")
    assert any(f'"from": "{day}"' in history for history in histories)


@pytest.mark.parametrize("reader", [{"java_script_enabled": False}], indirect=True, ids=["no script"])
def test_without_scripts_the_map_shows_the_present(page):
    page.goto("/")
    assert page.locator(f".tie[data-tie='{CHICAGO_MOSCOW}']").get_attribute("data-status") == "suspended"
    assert page.locator("#day").is_hidden() and page.locator("#map-table tbody tr").first.is_visible()


@pytest.mark.parametrize("reader", [{"java_script_enabled": False}], indirect=True, ids=["no script"])
def test_without_scripts_a_day_can_be_asked_for(page):
    page.goto("/")
    page.locator("#date").fill("2022-02-10")
    follow(page, page.get_by_role("button", name="Show"))
    assert "date=2022-02-10" in page.url
    assert page.locator(f".tie[data-tie='{CHICAGO_MOSCOW}']").get_attribute("data-status") == "listed"


def test_day_of_the_map_is_in_the_address(page):
    page.goto("/?date=2022-02-10")
    expect(page.locator("[data-day]")).to_have_text("10 February 2022")
    page.locator("#date").fill("2022-03-01")
    expect(page).to_have_url(re.compile(r"\?date=2022-03-01$"))


def test_filters_and_part_of_the_map_outlast_reload_and_back(page):
    page.goto("/")
    page.get_by_label("Ukraine", exact=True).uncheck()
    page.locator("input[value=listed]").uncheck()
    page.get_by_role("link", name="South").click()
    set_day(page, "2022-06-04")
    before = address, _ = address_and_statuses(page)
    page.reload()
    reloaded = address_and_statuses(page)
    follow(page, page.locator("#map-table tbody tr:visible a").first)
    page.go_back()
    assert (reloaded, address_and_statuses(page), "view=south" in address) == (before, before, True)


def address_and_statuses(page):
    return page.evaluate("location.href"), statuses(page)


def test_filter_that_leaves_nothing_says_so(page):
    page.goto("/?status=")
    expect(page.locator("[data-nothing]")).to_be_visible()


@pytest.mark.parametrize("reader", [{"java_script_enabled": False}], indirect=True, ids=["no script"])
def test_without_scripts_a_part_of_the_map_is_a_link(page):
    page.goto("/")
    follow(page, page.get_by_role("link", name="South"))
    found = page.eval_on_selector_all(
        "#map-table tbody tr:not([hidden])", "all => all.map(row => row.dataset.parts)"
    )
    assert found and all("south" in parts for parts in found)


# From page to page


def test_line_of_the_map_leads_to_its_dossier(page):
    page.goto("/")
    page.locator(f".tie[data-tie='{CHICAGO_MOSCOW}']").dispatch_event("click")
    page.wait_for_url(f"**/{CHICAGO_MOSCOW}")


def test_dossier_tells_status_decision_and_disagreement(page):
    page.goto(f"/sister_cities/pairs/{CHICAGO_MOSCOW}")
    expect(page.locator("h1")).to_have_text("Chicago – Moscow")
    expect(page.locator(".verdict")).to_contain_text(re.compile(r"Suspended\s+on 1 March 2022 by Mayor Lori"))
    expect(page.get_by_role("heading", name="What was said")).to_be_visible()
    expect(page.locator(".event a", has_text="Suspended")).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("JSON", lambda text: [row[0] for row in json.loads(text)["rows"]]),
        ("CSV", lambda text: [row["pair_id"] for row in csv.DictReader(text.splitlines())]),
    ],
    ids=["JSON", "CSV"],
)
def test_dossier_leads_to_its_row_as_data(page, kind, keys):
    page.goto(f"/sister_cities/pairs/{CHICAGO_MOSCOW}")
    link = page.locator(".whole-row").get_by_role("link", name=kind).get_attribute("href")
    assert keys(page.request.get(link).text()) == [CHICAGO_MOSCOW]


def test_search_on_the_home_page_finds_ties(page):
    page.goto("/")
    page.get_by_label("Find a tie by the name of a place").fill('vladivostok" -(')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    hits = page.get_by_role("list", name="Ties").get_by_role("listitem")
    expect(hits.first).to_be_visible()
    assert all("Vladivostok" in hit for hit in hits.all_text_contents())


def test_question_takes_its_parameters(page):
    page.goto("/")
    follow(page, page.get_by_role("link", name="What was decided since the invasion, and when?"))
    page.get_by_label("Event").select_option("suspended")
    follow(page, page.get_by_role("button", name="Ask"))
    assert "event=suspended" in page.url
    names = [name.strip() for name in page.locator("thead th").all_text_contents()]
    column = names.index(next(name for name in names if name.endswith("event")))
    told = {row.locator("td").nth(column).text_content() for row in page.locator("tbody tr").all()}
    assert told == {"suspended"}


def test_question_is_asked_with_the_keyboard_alone(page):
    page.goto("/sister_cities/who_decided")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "country":
            break
    page.keyboard.press("U")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "country=UA" in page.url
    expect(page.locator("table.rows tbody tr").first).to_be_visible()


@pytest.mark.parametrize(
    "reader", [{"viewport": {"width": width, "height": 740}} for width in (360, 1280)], indirect=True, ids=str
)
@pytest.mark.parametrize("path", CHARTED)
def test_words_of_a_chart_stay_on_the_page_and_off_each_other(page, path):
    page.goto(path)
    boxes = page.eval_on_selector_all(
        ".chart text",
        """all => all.map(one => one.getBoundingClientRect()).filter(box => box.width)
             .map(({left, right, top, bottom}) => ({left, right, top, bottom}))""",
    )
    width = page.viewport_size["width"]
    outside = [box for box in boxes if box["left"] < 0 or box["right"] > width]
    across = [
        (a, b)
        for a, b in combinations(boxes, 2)
        if min(a["right"], b["right"]) - max(a["left"], b["left"]) > 1
        and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 4
    ]
    assert (bool(boxes), outside, across) == (True, [], [])


def written(page, sql):
    """What stands in the SQL box once a query was typed into it."""
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(sql)
    return lambda: page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")


def test_sql_of_a_reader_is_answered(page):
    page.goto("/sister_cities")
    written(page, "select 41 + 1 as answer")
    follow(page, page.get_by_role("button", name="Run"))
    expect(page.locator("table.rows tbody td")).to_have_text("42")


def test_sql_box_completes_names_and_takes_in_those_beside_it(page):
    page.goto("/sister_cities")
    value = written(page, "select  from pairs_ov")
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.press("Control+ArrowRight")
    page.keyboard.type(" stat")
    page.keyboard.press("Tab")
    page.locator(".schema summary", has_text="pairs_overview").click()
    page.locator(".schema").get_by_role("button", name="us_place", exact=True).click()
    assert value() == "select statusus_place  from pairs_overview"


def test_sql_error_keeps_the_text_and_marks_the_word(page):
    page.goto("/sister_cities?sql=select+staus+from+pairs_overview")
    expect(page.locator(".CodeMirror .named")).to_have_text("staus")
    expect(page.locator(".CodeMirror-line")).to_have_text("select staus from pairs_overview")


@pytest.mark.parametrize("reader", [{"java_script_enabled": False}], indirect=True, ids=["no script"])
def test_switch_shows_keys_without_a_script(page):
    page.goto("/sister_cities/timeline_of_decisions")
    name = page.locator("thead code").first
    before = name.is_visible()
    page.get_by_label("Show keys and names of columns").check()
    assert (before, name.is_visible()) == (False, True)


def test_screenshots_of_the_readme_can_be_taken(tmp_path):
    command = [sys.executable, "-m", "tests.screenshots", "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    sizes = [(tmp_path / f"{name}.png").stat().st_size for name in PICTURED]
    assert all(10_000 < size < 400_000 for size in sizes)


def test_screenshots_of_the_readme_are_there():
    assert all((ROOT / "docs" / "images" / f"{name}.png").stat().st_size < 400_000 for name in PICTURED)
