"""The home page on one day: every tie with its status, the headline figures, the map and the timeline."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from datetime import date

from datasette.utils.asgi import BadRequest
from markupsafe import Markup

from sister_pages.charts import Series, in_both_widths, monthly, points_of, timeline
from sister_pages.context import Context, Row, rows
from sister_pages.dates import day_of, is_day, spoken
from sister_pages.map import VIEWS, parts_of, read_arcs
from sister_pages.parameters import said
from sister_pages.svg import Span

FIRST_DAY = date(2022, 2, 1)  # where the replay and the timeline begin
NEW = "new ties"
SHARE = "share_suspended_or_ended"  # the question that the first figure answers
TIES = """
SELECT pair_id, us_division, partner_division, partner_country AS country,
       us_division_code, partner_longitude, status_before_invasion IS NULL AS is_new
FROM pairs_overview ORDER BY us_place, partner_place, pair_id"""
# A tie has a status from `valid_from` (empty: all along) to before `valid_to` (empty: still). The status
# `listed` was never decided.
INTERVALS = """
SELECT *, coalesce(valid_from, '') <= :day AND (valid_to IS NULL OR :day < valid_to) AS holds,
       status <> 'listed' AND coalesce(valid_from, :invasion) < :invasion AS is_older
FROM pair_status_history ORDER BY pair_id, interval_number"""
EVENTS = """
SELECT CASE WHEN event IN ('announced', 'established') THEN ? ELSE event END, month FROM decisions
WHERE month >= ? ORDER BY latest, event_id"""
# Of the reporter with most numbers, without the doubtful ones; a headline needs both numbers of one day.
CASUALTIES = """
SELECT latest, reported_by, killed, injured,
       period_end_precision = 'day' AND killed IS NOT NULL AND injured IS NOT NULL AS is_firm
FROM casualties_timeline
WHERE certainty <> 'doubtful'
  AND reported_by = (SELECT reported_by FROM casualties_timeline GROUP BY reported_by
                     ORDER BY count(*) DESC, reported_by LIMIT 1)
ORDER BY latest"""


async def home_page(site: Context, asked: Mapping[str, str]) -> Markup:
    """The home page on an ISO day, with a part of the map; that of the day of the data is written once.

    Raises BadRequest where the day is none.
    """
    day, view = asked.get("date") or site.as_of, view_of(asked)
    if f"{day} {view}" in site.cache:
        return site.cache[f"{day} {view}"]
    home = await read_day(site, day)
    template = site.datasette.jinja_env.get_template("_home.html")
    text = Markup(await template.render_async(home=home, view=view, urls=site.datasette.urls))
    if day == site.as_of:
        site.cache[f"{day} {view}"] = text
    return text


def view_of(asked: Mapping[str, str]) -> str:
    """The part of the map that is asked for; of others the whole."""
    return asked["view"] if asked.get("view") in VIEWS else ""


async def read_day(site: Context, day: str) -> Row:
    """What the home page shows of an ISO day, at the latest that of the data. Raises BadRequest."""
    if not is_day(day):
        raise BadRequest(f"{said('day')}.")
    home: Row = await site.database.execute_fn(lambda db: read_home(db, site, min(day, site.as_of)))
    return home


def read_home(db: sqlite3.Connection, site: Context, day: str) -> Row:
    """All values of the home page on an ISO day.

    The map draws ties without a decision first, so that no decision lies under them.
    """
    ties = read_ties(db, day, site.invasion)
    there = [tie for tie in ties if tie["now"]]
    here = Counter(tie["country"] for tie in there)
    had = {status for (status,) in db.execute("SELECT DISTINCT status FROM pair_status_history")}
    statuses = [status for status in site.statuses if status in had]
    order = [*statuses, "none"]
    answers = {row["partner_country"]: row for row in rows(db, site.questions[SHARE]["sql"], date=day)}
    return {
        "day": day,
        "ties": ties,
        "on_the_map": sorted(
            (tie for tie in ties if tie["arc"]), key=lambda tie: -order.index(tie["status"])
        ),
        "share": answers.get("RU"),
        "counts": Counter((tie["country"], tie["status"]) for tie in ties),
        "countries": {code: here[code] for code in site.countries if code in here},
        "states": sorted(Counter(tie["us_division"] or "" for tie in there).items()),
        "older": {
            code: [tie for tie in there if tie["country"] == code and tie["is_older"]]
            for code in site.countries
        },
        "new": Counter(tie["country"] for tie in there if tie["is_new"]),
        "statuses": statuses,
        **read_timeline(db, site, day),
    }


def read_timeline(db: sqlite3.Connection, site: Context, day: str) -> Row:
    """Decisions and casualties by month: the values of the `months` and the `timeline` in both its widths.

    Also the `kinds` of decisions, and the last firm numbers of `casualties` up to the day.
    """
    numbers = rows(db, CASUALTIES)
    firm = [row for row in numbers if row["is_firm"] and row["latest"] <= day]
    decided = db.execute(EVENTS, (NEW, FIRST_DAY.isoformat()[:7]))
    events = [(first, kind, 1) for kind, month in decided if (first := day_of(month))]
    happened = {kind for _, kind, _ in events}
    kinds = [kind for kind in (*site.statuses, NEW) if kind in happened]
    lines = [(outcome, points_of(numbers, "latest", outcome)) for outcome in ("injured", "killed")]
    series = [Series(outcome, points, outcome) for outcome, points in lines if points]
    months, last = monthly(events, series), date.fromisoformat(site.as_of)
    both = in_both_widths(lambda width: timeline(months, kinds, series, Span(FIRST_DAY, last, width)))
    return {"casualties": firm[-1] if firm else None, "kinds": kinds, "months": months, "timeline": both}


def read_ties(db: sqlite3.Connection, day: str, invasion: str) -> list[Row]:
    """Every tie as the map and its table show it on an ISO day: the columns of TIES, and

    its `arc`, if its points are known; the `parts` of the map in which it ends; its `history` for the replay;
    what holds `now`, None before it was there; its `status`, `none` before; whether that `is_older`,
    certainly decided before the invasion.
    """
    histories, arcs = read_histories(db, day, invasion), read_arcs(db)
    ties = rows(db, TIES)
    for tie in ties:
        history = histories.get(tie["pair_id"], [])
        now = next((interval for interval in history if interval["holds"]), None)
        tie.update(
            arc=arcs.get(tie["pair_id"]),
            parts=parts_of(tie["us_division_code"], tie["country"], tie["partner_longitude"]),
            history=[encoded(interval) for interval in history],
            now=now,
            status=now["status"] if now else "none",
            is_older=now is not None and now["is_older"],
        )
    return ties


def read_histories(db: sqlite3.Connection, day: str, invasion: str) -> dict[str, list[Row]]:
    """The intervals of each tie in their order.

    Each tells whether it `holds` on an ISO day, and `is_older`: certainly decided before the invasion.
    """
    histories: dict[str, list[Row]] = {}
    for row in rows(db, INTERVALS, day=day, invasion=invasion):
        histories.setdefault(row["pair_id"], []).append(row)
    return histories


def encoded(interval: Row) -> Row:
    """An interval for the replay, in the words that the table under the map has; none that is empty."""
    words = {
        "from": interval["valid_from"] or "",
        "to": interval["valid_to"] or "",
        "status": interval["status"],
        "since": spoken(interval["occurred_on"], interval["occurred_on_precision"]) or "not known",
        "older": bool(interval["is_older"]),
    }
    return {name: word for name, word in words.items() if word}
