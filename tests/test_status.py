"""What counts when: the worked examples of the methodology, and the same status wherever one asks."""

import csv
import html
import re
import sqlite3
from contextlib import AsyncExitStack, closing, contextmanager
from datetime import date, timedelta

import pytest
from conftest import ROOT, TINY, composed, opened
from sister_pages.dates import is_day, next_month, spoken
from sister_pages.home_page import read_histories

from scripts.build import main as build

AS_OF = "2026-11-26"
CHICAGO, DIXON, CLARA = (
    "us-il-chicago--ru-mow-moscow",
    "us-il-dixon--ua-63-kharkiv",
    "us-ca-santa-clara-county--ru-mow-moscow",
)
UNDATED, JUNE = "list-undated", "weekly-2022-06-06-essay"
# The methodology's examples, put on ties of the tiny package: decisions with date, precision and source.
EXAMPLES = {
    "albany": (CHICAGO, [("suspended", "2022-01-01", "year", UNDATED)]),
    "mobile": (CHICAGO, [("ended", "", "", UNDATED)]),
    "kent": (DIXON, [("ended", "", "", JUNE)]),
    "louisville": (
        CLARA,
        [("kept", "2022-03-08", "day", UNDATED), ("ended", "2022-06-01", "month", JUNE)],
    ),
}


def package_with(tie, decisions, to):
    """The descriptor of a copy of the tiny package in which one tie has these events and no other."""
    descriptor = composed(TINY, to)
    with edited(to, "pair_events") as events:
        gone = {row["event_id"] for row in events if row["pair_id"] == tie}
        events[:] = [row for row in events if row["event_id"] not in gone] + [
            {
                "event_id": f"{tie}--{event}",
                "pair_id": tie,
                "event": event,
                "occurred_on": day,
                "occurred_on_precision": precision,
                "decided_by_kind": "unknown",
                "summary": "It was decided.",
                "source_id": source,
                "certainty": "stated",
            }
            for event, day, precision, source in decisions
        ]
    with edited(to, "citations") as citations:
        citations[:] = [row for row in citations if row["row_id"] not in gone]
    if not any(source == UNDATED for *_, source in decisions):
        return descriptor
    with edited(to, "sources") as sources:
        sources.append(
            {
                "source_id": UNDATED,
                "kind": "organisation_page",
                "title": "A page",
                "publisher": "The Chamber",
                "url": "https://example.org/page",
                "certainty": "stated",
            }
        )
    return descriptor


@contextmanager
def edited(package, table):
    """The rows of a table, to be changed; written back in the order of their keys."""
    path = package / "data" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    yield rows
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row[reader.fieldnames[0]]))


@pytest.fixture(scope="module")
async def served(tmp_path_factory):
    """A function that gives Datasette over an example, opened once."""
    sites = {}
    async with AsyncExitStack() as stack:

        async def serve(name):
            if name not in sites:
                folder = tmp_path_factory.mktemp(name)
                tie, decisions = EXAMPLES[name]
                descriptor = package_with(tie, decisions, folder / "package")
                assert build([str(descriptor), "--out", str(folder / "build"), "--as-of", AS_OF]) == 0
                sites[name] = await stack.enter_async_context(opened(folder / "build"))
            return sites[name]

        yield serve


async def asked(datasette, query, **parameters):
    """The rows of an answer."""
    path = f"/sister_cities/{query}.json"
    answer = await datasette.client.get(path, params={**parameters, "_shape": "array"})
    return answer.json()


@pytest.mark.parametrize(
    ("name", "day", "status"),
    [
        ("albany", "2022-02-10", "listed"),
        ("albany", "2022-12-30", "listed"),
        ("albany", "2022-12-31", "suspended"),
        ("mobile", "2022-02-24", "listed"),
        ("mobile", "2026-11-25", "listed"),
        ("mobile", "2026-11-26", "ended"),
        ("mobile", "", "ended"),
        ("kent", "2022-06-29", "listed"),
        ("kent", "2022-06-30", "ended"),
        ("louisville", "2022-03-07", "listed"),
        ("louisville", "2022-03-08", "kept"),
        ("louisville", "2022-06-29", "kept"),
        ("louisville", "2022-06-30", "ended"),
    ],
)
async def test_status_counts_from_the_last_day_on_which_it_may_have_been_decided(served, name, day, status):
    datasette = await served(name)
    rows = await asked(datasette, "status_on_a_date", date=day, tie=EXAMPLES[name][0])
    assert [row["status"] for row in rows] == [status]


@pytest.mark.parametrize(
    ("name", "day", "bounds"),
    [
        ("albany", "2022-02-23", (0, 0)),
        ("albany", "2022-06-04", (0, 1)),
        ("albany", "2022-12-31", (0, 1)),
        ("albany", AS_OF, (0, 1)),
        ("mobile", "2022-02-24", (0, 1)),
        ("mobile", AS_OF, (0, 1)),
        ("kent", "2022-02-23", (0, 0)),
        ("kent", "2022-02-24", (0, 1)),
        ("kent", AS_OF, (0, 1)),
        ("louisville", "2022-05-31", (0, 0)),
        ("louisville", "2022-06-01", (0, 1)),
        ("louisville", "2022-06-29", (0, 1)),
        ("louisville", "2022-06-30", (1, 1)),
    ],
)
async def test_share_has_bounds(served, name, day, bounds):
    datasette = await served(name)
    rows = await asked(datasette, "share_suspended_or_ended", date=day)
    # The other tie with Russia is suspended on 1 March 2022, or ended in March; that with Ukraine is listed.
    others = {CHICAGO: "2022-03-31", CLARA: "2022-03-01"}.get(EXAMPLES[name][0])
    country = "UA" if EXAMPLES[name][0] == DIXON else "RU"
    (row,) = (row for row in rows if row["partner_country"] == country)
    surely = int(bool(others) and day >= others)
    perhaps = int(bool(others) and day >= "2022-03-01")
    assert (row["at_least"] - surely, row["at_most"] - perhaps) == bounds


@pytest.mark.parametrize("name", EXAMPLES)
async def test_days_of_the_decision_are_those_of_the_methodology(served, name):
    datasette = await served(name)
    sql = "select earliest, latest from decisions where pair_id = :tie order by latest desc limit 1"
    rows = await asked_sql(datasette, sql, EXAMPLES[name][0])
    text = (ROOT / "docs" / "methodology.md").read_text("utf-8")
    (told,) = re.findall(rf"^\| {name} – .*\| ([\w-]+) \| ([\w-]+) \|$", text, re.M | re.I)
    assert [(row["earliest"] or "empty", row["latest"]) for row in rows] == [told]


async def asked_sql(datasette, sql, tie):
    answer = await datasette.client.get(
        "/sister_cities.json", params={"sql": sql, "tie": tie, "_shape": "array"}
    )
    return answer.json()


ROW = re.compile(r'<tr data-tie="([^"]+)".*?<td data-cell="status"><span class="badge status-(\w+)"', re.S)


@pytest.mark.parametrize("day", ["1990-01-01", *(str(date(2022, 1, 30) + timedelta(d)) for d in range(160))])
async def test_home_page_has_the_status_that_the_question_has(served, day):
    datasette = await served("louisville")
    rows = await asked(datasette, "status_on_a_date", date=day)
    page = (await datasette.client.get("/", params={"date": day})).text
    shown = {html.unescape(tie): status for tie, status in ROW.findall(page) if status != "none"}
    assert shown == {row["pair_id"]: row["status"] for row in rows}


@pytest.mark.parametrize("day", ["2022-13-40", "2022-6-4", "2022-02-30", "2022-06", "now", "tomorrow"])
async def test_day_that_is_none_has_no_answer(served, day):
    datasette = await served("albany")
    addresses = ("/", "/sister_cities/share_suspended_or_ended")
    pages = [await datasette.client.get(address, params={"date": day}) for address in addresses]
    said = [(page.status_code, "Write the day as 2022-06-04" in page.text) for page in pages]
    assert said == [(400, True), (400, True)]


async def test_empty_date_is_the_day_of_the_data_and_the_answer_says_so(served):
    datasette = await served("albany")
    rows = await asked(datasette, "share_suspended_or_ended")
    page = (await datasette.client.get("/sister_cities/share_suspended_or_ended")).text
    assert (
        {row["day"] for row in rows},
        "As of <strong>26 November 2026</strong>, the day of the data" in page,
    ) == (
        {AS_OF},
        True,
    )


async def test_answer_for_a_day_to_come_says_how_far_it_knows(served):
    datasette = await served("albany")
    page = (await datasette.client.get("/sister_cities/share_suspended_or_ended?date=2099-01-01")).text
    assert "<strong>1 January 2099</strong>, as far as is known on 26 November 2026." in page


def read(intervals, day=AS_OF):
    """The history of a tie that has a status from one day to before another."""
    with closing(sqlite3.connect(":memory:")) as db:
        columns = "pair_id, interval_number, status, valid_from, valid_to"
        db.execute(f"CREATE TABLE pair_status_history ({columns})")
        numbered = [("tie", number, *interval) for number, interval in enumerate(intervals)]
        db.executemany("INSERT INTO pair_status_history VALUES (?, ?, ?, ?, ?)", numbered)
        return read_histories(db, day, "2022-02-24").get("tie", [])


TURNED = (
    ("listed", None, "2022-03-01"),
    ("suspended", "2022-03-01", "2022-05-10"),
    ("ended", "2022-05-10", None),
)


@pytest.mark.parametrize(
    ("intervals", "day", "statuses"),
    [
        (TURNED, "1990-01-01", ["listed"]),
        (TURNED, "2022-02-28", ["listed"]),
        (TURNED, "2022-03-01", ["suspended"]),
        (TURNED, "2022-05-10", ["ended"]),
        (TURNED, "2030-01-01", ["ended"]),
        ([("listed", "2023-04-01", None)], "2023-03-31", []),
        ([], "2023-04-01", []),
    ],
)
def test_interval_that_holds_a_day(intervals, day, statuses):
    assert [interval["status"] for interval in read(intervals, day) if interval["holds"]] == statuses


@pytest.mark.parametrize(
    ("interval", "older"),
    [
        (("ended", "2013-08-31", None), True),
        (("kept", "2022-02-23", None), True),
        (("kept", "2022-02-24", None), False),
        (("suspended", "2022-12-31", None), False),
        (("listed", "1987-01-01", None), False),
        (("listed", None, None), False),
        (("ended", None, None), False),
    ],
)
def test_status_that_was_decided_before_the_invasion(interval, older):
    assert [row["is_older"] for row in read([interval])] == [older]


@pytest.mark.parametrize(
    ("day", "precision", "words"),
    [
        ("2022-03-01", "day", "1 March 2022"),
        ("2022-03-01", "month", "March 2022"),
        ("2022-01-01", "year", "2022"),
        ("", None, ""),
        (None, None, ""),
        ("about 1990", "day", "about 1990"),
    ],
)
def test_dates_in_words(day, precision, words):
    assert spoken(day, precision) == words


@pytest.mark.parametrize(
    ("text", "right"), [("2022-02-28", True), ("2022-02-30", False), ("20220228", False)]
)
def test_day_is_written_in_one_way(text, right):
    assert is_day(text) is right


def test_month_after_december_is_of_the_next_year():
    assert next_month(date(2022, 12, 1)) == date(2023, 1, 1)
