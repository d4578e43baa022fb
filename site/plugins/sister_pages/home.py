"""The home page: every tie with its history, the headline figures, the map and the timeline."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from sister_pages import charts
from sister_pages.axes import NARROW, WIDE, Span
from sister_pages.basemap import tie_marks
from sister_pages.dates import INVASION, MONTHS, months, next_month
from sister_pages.evidence import Row, rows
from sister_pages.histories import Histories, read_histories
from sister_pages.projection import Point
from sister_pages.status import (
    COUNTRIES,
    EVE,
    STATUSES,
    Interval,
    encoded,
    held_on,
    status_on,
    stood_at_the_invasion,
    stopped_since,
)

FIRST_DAY = date(2022, 2, 1)  # where the replay and the timeline begin
DECISIONS = ("ended", "suspended", "limited", "kept", "reinstated")
NEW = "new ties"
TIES = """
SELECT pair_id, us_division, partner_division, partner_country AS country, us_longitude, us_latitude,
       partner_longitude AS longitude, partner_latitude AS latitude
FROM pairs_overview ORDER BY us_place, partner_place, pair_id"""
EVENTS = f"""
SELECT event, occurred_on FROM pair_events
WHERE occurred_on >= '{INVASION[:7]}' AND occurred_on_precision <> 'year'
  AND event IN ('announced', 'established', {", ".join(f"'{event}'" for event in DECISIONS)})"""
CASUALTIES = """
SELECT period_end, reported_by, killed, injured, source_ids FROM casualties_timeline
WHERE reported_by = (SELECT reported_by FROM casualties_timeline GROUP BY reported_by
                     ORDER BY count(*) DESC, reported_by LIMIT 1)
ORDER BY period_end"""


@dataclass(frozen=True)
class Tie:
    """One tie as the map and its table show it; a point is None where none is known."""

    pair_id: str
    us_division: str | None
    partner_division: str | None
    country: str
    us: Point | None
    partner: Point | None
    history: tuple[Interval, ...]

    @property
    def encoded(self) -> str:
        """The history for the replay."""
        return encoded(self.history)

    @property
    def marks(self) -> Markup | None:
        """The arc, if both ends are known."""
        return tie_marks(self.us, self.partner) if self.us and self.partner else None

    def now(self, day: str) -> Interval | None:
        """What holds on a day; None before the tie was there."""
        return held_on(self.history, day)

    def status(self, day: str) -> str:
        """The status on a day, `none` before there was one."""
        return status_on(self.history, day) or "none"


@dataclass(frozen=True)
class Recorded:
    """The last number of people killed, or injured, that a reporter gave."""

    outcome: str
    value: int
    day: str
    reported_by: str


@dataclass(frozen=True)
class Home:
    """What the home page shows, on the day `today`."""

    today: str
    ties: tuple[Tie, ...]
    on_the_map: tuple[Tie, ...]
    counts: dict[tuple[str, str], int]  # (country, status) to ties
    new_since: dict[str, int]  # country to ties first recorded after the invasion
    older: dict[str, list[Tie]]  # country to ties whose last decision is older than the invasion
    standing: int
    stopped: int
    recorded: tuple[Recorded, ...]
    months: tuple[dict[str, str | int], ...]
    kinds: tuple[str, ...]
    wide: Markup
    narrow: Markup

    @property
    def countries(self) -> dict[str, int]:
        """Each country that partners lie in, and its ties."""
        found = Counter(tie.country for tie in self.ties)
        return {code: found[code] for code in COUNTRIES if code in found}

    @property
    def statuses(self) -> set[str]:
        """Every status that any tie has or had."""
        return {interval.status for tie in self.ties for interval in tie.history}

    @property
    def percent_stopped(self) -> float:
        """The ties with Russia that were suspended or ended, of those that stood at the invasion."""
        return 100 * self.stopped / self.standing if self.standing else 0.0


def read_home(db: sqlite3.Connection, today: date) -> Home:
    """All values of the home page."""
    day = today.isoformat()
    histories = read_histories(db)
    ties = tuple(tie_of(row, histories) for row in rows(db, TIES))
    russian = [tie for tie in ties if tie.country == "RU"]
    events = [
        (event if event in DECISIONS else NEW, occurred_on) for event, occurred_on in db.execute(EVENTS)
    ]
    series, recorded = casualties(db)
    kinds = tuple(kind for kind in (*DECISIONS, NEW) if any(kind == event for event, _ in events))
    drawn = [
        charts.timeline(events, kinds, series, Span(FIRST_DAY, today, width)) for width in (WIDE, NARROW)
    ]
    return Home(
        today=day,
        ties=ties,
        on_the_map=tuple(sorted((tie for tie in ties if tie.us and tie.partner), key=lambda t: rank(t, day))),
        counts=Counter((tie.country, tie.status(day)) for tie in ties),
        new_since=Counter(tie.country for tie in ties if tie.now(EVE) is None),
        older={
            code: [tie for tie in ties if tie.country == code and (now := tie.now(day)) and now.is_older]
            for code in COUNTRIES
        },
        standing=sum(stood_at_the_invasion(tie.history) for tie in russian),
        stopped=sum(stopped_since(tie.history, day) for tie in russian),
        recorded=recorded,
        months=tuple(by_month(events, kinds, series, today)),
        kinds=kinds,
        wide=drawn[0],
        narrow=drawn[1],
    )


def tie_of(row: Row, histories: Histories) -> Tie:
    """A row of TIES with its history."""
    us, partner = (
        (row.pop("us_longitude"), row.pop("us_latitude")),
        (row.pop("longitude"), row.pop("latitude")),
    )
    return Tie(
        **row,
        us=None if None in us else us,
        partner=None if None in partner else partner,
        history=histories.get(row["pair_id"], ()),
    )


def rank(tie: Tie, day: str) -> int:
    """Ties without a decision are drawn first, so that no decision lies under them."""
    return -list(STATUSES).index(held.status if (held := tie.now(day)) else "listed")


def casualties(db: sqlite3.Connection) -> tuple[list[charts.Series], tuple[Recorded, ...]]:
    """Killed and injured over time as the reporter with most numbers gave them, and the last of each."""
    told = db.execute(CASUALTIES).fetchall()
    series, recorded = [], []
    for outcome, index in (("injured", 3), ("killed", 2)):
        known = [(row[0], row[index]) for row in told if row[index] is not None]
        if known:
            points = [(date.fromisoformat(day), float(value)) for day, value in known]
            series.append(charts.Series(outcome, points, outcome))
            recorded.append(Recorded(outcome, known[-1][1], known[-1][0], told[0][1]))
    return series, tuple(reversed(recorded))


def by_month(
    events: list[tuple[str, str]], kinds: tuple[str, ...], series: list[charts.Series], today: date
) -> list[dict[str, str | int]]:
    """The timeline as a table: a row for each month in which anything was decided or counted."""
    counts = Counter((kind, day[:7]) for kind, day in events)
    found: list[dict[str, str | int]] = []
    for month in months(FIRST_DAY, today):
        row: dict[str, str | int] = {}
        for kind in kinds:
            if count := counts[kind, month.isoformat()[:7]]:
                row[kind] = count
        for one in series:
            values = [value for day, value in one.points if month <= day < next_month(month)]
            if values:
                row[one.name] = int(values[-1])
        if row:
            found.append({"month": f"{MONTHS[month.month - 1]} {month.year}", **row})
    return found
