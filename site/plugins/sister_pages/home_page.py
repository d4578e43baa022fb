"""The home page on one day: every tie with its status, the headline figures, the map and the timeline."""

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from sister_pages import charts
from sister_pages.axes import NARROW, WIDE, Span
from sister_pages.context import Context
from sister_pages.dates import spoken
from sister_pages.evidence import Row, rows
from sister_pages.map import Arc, parts_of, read_arcs
from sister_pages.status import Histories, Interval, held_on, read_histories

FIRST_DAY = date(2022, 2, 1)  # where the replay and the timeline begin
NEW = "new ties"
TIES = """
SELECT pair_id, us_division, partner_division, partner_country AS country, status_before_invasion,
       us_division_code, partner_longitude
FROM pairs_overview ORDER BY us_place, partner_place, pair_id"""
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


@dataclass(frozen=True)
class Tie:
    """One tie as the map and its table show it; `now` is what holds on the day, None before it was there."""

    pair_id: str
    us_division: str | None
    partner_division: str | None
    country: str
    parts: str  # of the map, in which it ends
    is_new: bool  # founded since the invasion
    arc: Arc | None
    history: tuple[Interval, ...]
    now: Interval | None
    is_older: bool  # what holds was decided before the invasion

    @property
    def status(self) -> str:
        """The status on the day, `none` before there was one."""
        return self.now.status if self.now else "none"

    def encoded(self, invasion: str) -> str:
        """The history as JSON for the replay, in the words that the table has for each interval."""
        return json.dumps(
            [
                {
                    "from": one.valid_from or "",
                    "to": one.valid_to or "",
                    "status": one.status,
                    "since": spoken(one.occurred_on, one.precision) or "not known",
                    "older": one.is_older(invasion),
                }
                for one in self.history
            ]
        )


@dataclass(frozen=True)
class Home:
    """What the home page shows of one day."""

    day: str
    ties: tuple[Tie, ...]
    share: Row | None  # of the ties with Russia, as the question about it answers
    counts: dict[tuple[str, str], int]  # (country, status) to ties
    countries: dict[str, int]  # each country that partners lie in, and its ties
    statuses: tuple[str, ...]  # every status that a tie has or had
    casualties: Row | None  # the last firm numbers of civilians killed and injured
    months: dict[date, dict[str, int]]
    kinds: tuple[str, ...]
    wide: Markup
    narrow: Markup

    @property
    def states(self) -> dict[str, int]:
        """Each U.S. state in alphabetical order, and its ties on the day."""
        return dict(sorted(Counter(tie.us_division or "" for tie in self.ties if tie.now).items()))

    @property
    def on_the_map(self) -> list[Tie]:
        """The ties that can be drawn, those without a decision first, so that no decision lies under them."""
        order = [*self.statuses, "none"]
        return sorted((tie for tie in self.ties if tie.arc), key=lambda tie: -order.index(tie.status))

    def older(self, country: str) -> list[Tie]:
        """The ties whose status was decided before the invasion."""
        return [tie for tie in self.ties if tie.country == country and tie.is_older]

    def new_since(self, country: str) -> int:
        """How many ties were founded since the invasion, as far as that is known, up to the day."""
        return sum(tie.country == country and tie.is_new and tie.now is not None for tie in self.ties)


def read_home(db: sqlite3.Connection, site: Context, day: str, share: str) -> Home:
    """All values of the home page on an ISO day; `share` is the SQL of the question about the share."""
    histories = read_histories(db)
    arcs = read_arcs(db)
    ties = tuple(tie_of(row, histories, arcs, day, site.invasion) for row in rows(db, TIES))
    events = [(kind, month) for kind, month in db.execute(EVENTS, (NEW, FIRST_DAY.isoformat()[:7]))]
    counted = rows(db, CASUALTIES)
    series = [
        charts.Series(
            outcome,
            [(date.fromisoformat(row["latest"]), float(row[outcome])) for row in counted if row[outcome]],
            outcome,
        )
        for outcome in ("injured", "killed")
    ]
    series = [one for one in series if one.points]
    firm = [row for row in counted if row["is_firm"] and row["latest"] <= day]
    kinds = tuple(kind for kind in (*site.statuses, NEW) if any(kind == event for event, _ in events))
    last = date.fromisoformat(site.as_of)
    drawn = [charts.timeline(events, kinds, series, Span(FIRST_DAY, last, width)) for width in (WIDE, NARROW)]
    russian = [row for row in rows(db, share, date=day) if row["partner_country"] == "RU"]
    here = Counter(tie.country for tie in ties if tie.now)
    return Home(
        day=day,
        ties=ties,
        share=russian[0] if russian else None,
        counts=Counter((tie.country, tie.status) for tie in ties),
        countries={code: here[code] for code in site.countries if code in here},
        statuses=tuple(s for s in site.statuses if any(i.status == s for t in ties for i in t.history)),
        casualties=firm[-1] if firm else None,
        months=charts.monthly(events, series, Span(FIRST_DAY, last, WIDE)),
        kinds=kinds,
        wide=drawn[0],
        narrow=drawn[1],
    )


def tie_of(row: Row, histories: Histories, arcs: dict[str, Arc], day: str, invasion: str) -> Tie:
    """A row of TIES with its history and what holds on the day."""
    history = histories.get(row["pair_id"], ())
    now = held_on(history, day)
    return Tie(
        is_new=row.pop("status_before_invasion") is None,
        parts=parts_of(row.pop("us_division_code"), row["country"], row.pop("partner_longitude")),
        **row,
        arc=arcs.get(row["pair_id"]),
        history=history,
        now=now,
        is_older=now is not None and now.is_older(invasion),
    )
