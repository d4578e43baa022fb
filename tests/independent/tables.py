"""What the computations share: the CSV files, the names of a tie's places, its events and its statuses."""

import datetime
import json
from functools import cache
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
PACKAGE = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
VERSION, AS_OF = PACKAGE["version"], PACKAGE["created"][:10]
INVASION = "2022-02-24"
DECIDING = ["kept", "limited", "suspended", "ended", "reinstated"]


@cache
def _read(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def table(name):
    """A table as text; a missing value is ''."""
    return _read(name).copy()


def ordered(frame, *columns, descending=()):
    """Rows by columns, missing values first, and otherwise as they came."""
    up = [column not in descending for column in columns]
    return frame.sort_values(list(columns), ascending=up, kind="stable", na_position="first")


def picked(frame, names):
    """The columns of these names, in this order."""
    return frame[names.split()]


def wanted(column, value):
    """Which cells have a value; all where it is ''."""
    return (column == value) | (value == "")


def ties():
    """Every tie with the names of its two places."""
    columns = ["place_id", "name", "admin1_name", "country", "latitude", "longitude"]
    places = table("places")[columns].set_index("place_id")
    us, partner = places.add_prefix("us_"), places.add_prefix("partner_")
    found = table("pairs").join(us, on="us_place_id").join(partner, on="partner_place_id")
    return found.rename(
        columns={
            "us_name": "us_place",
            "us_admin1_name": "us_division",
            "partner_name": "partner_place",
            "partner_admin1_name": "partner_division",
        }
    )


NAMES = ["us_place", "us_division", "partner_place", "partner_division", "partner_country"]


def with_names(frame):
    """Rows that have a pair_id, with the names of the tie's places."""
    return frame.join(ties().set_index("pair_id")[NAMES], on="pair_id")


def last_day(day, precision):
    """The last day that a date known only so far may be."""
    if precision == "year":
        return f"{day[:4]}-12-31"
    if precision == "month":
        return str(pd.Period(day[:7], "M").end_time.date())
    return day


def events():
    """Every event with the tie's names; `latest` is the last day on which it may have happened."""
    found = with_names(table("pair_events"))
    pairs = zip(found["occurred_on"], found["occurred_on_precision"], strict=True)
    return found.assign(latest=[last_day(*pair) for pair in pairs])


def decisions():
    """Events that changed a tie or decided that it should not change."""
    found = events()
    return found[found["event"].isin([*DECIDING, "announced", "established"])]


def last_days():
    """The last day of the date of each source; the day of the data where it has none."""
    rows = table("sources")[["source_id", "published_on", "published_on_precision"]].itertuples(index=False)
    return {key: last_day(day, precision) or AS_OF for key, day, precision in rows}


def before(day):
    """The eve of a day."""
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()


@cache
def histories():
    """For each tie its (status, decided, precision, key, from, to, certainty), oldest first."""
    every = {pair_id: [] for pair_id in table("pairs")["pair_id"]}
    reported = last_days()
    for row in table("pair_events").itertuples():
        known = [
            last_day(row.occurred_on, row.occurred_on_precision) or AS_OF,
            reported[row.source_id],
            AS_OF,
        ]
        every[row.pair_id].append(
            (row.occurred_on, row.event_id, row.event, row.occurred_on_precision, min(known), row.certainty)
        )
    return {pair_id: _history(sorted(found)) for pair_id, found in every.items()}


def _history(found):
    """Walks back from the last decision: each was made by the eve of the next one's last day."""
    foundings = [one for one in found if one[2] in ("announced", "established")]
    decided = [one for one in found if one[2] in DECIDING]
    steps, bound = [], None
    for day, key, event, precision, known, certainty in reversed([*foundings, *decided]):
        bound = max(day, min(known, before(bound) if bound else known))
        steps.append((event, day, precision, key, bound, certainty))
    steps.reverse()
    listed = [one for one in steps if one[0] not in DECIDING and one[1]]
    undated = [one for one in steps if one[0] not in DECIDING and not one[1]]
    first = (listed or [(*one[:4], "", one[5]) for one in undated] or [("", "", "", "", "", "")])[0]
    steps = [("listed", *first[1:]), *(one for one in steps if one[0] in DECIDING)]
    ends = [*(one[4] for one in steps[1:]), ""]
    return [(*one[:5], end, one[5]) for one, end in zip(steps, ends, strict=True)]


def intervals():
    """The histories as one frame."""
    rows = [(pair_id, *interval) for pair_id, found in histories().items() for interval in found]
    columns = [
        "pair_id",
        "status",
        "earliest",
        "precision",
        "event_id",
        "valid_from",
        "valid_to",
        "certainty",
    ]
    return with_names(pd.DataFrame(rows, columns=columns))


def on(day):
    """The intervals that a day lies in."""
    found, day = intervals(), day or AS_OF
    found = found[(found["valid_from"] <= day) & ((found["valid_to"] == "") | (found["valid_to"] > day))]
    return found.assign(day=day)
