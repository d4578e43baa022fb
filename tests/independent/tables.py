"""What the computations share: the CSV files, the names of a tie's places, its events and its statuses."""

import datetime
import json
from functools import cache
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
VERSION = json.loads((ROOT / "datapackage.json").read_text("utf-8"))["version"]
INVASION = "2022-02-24"
DECIDING = ["kept", "limited", "suspended", "ended", "reinstated"]


@cache
def _read(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def table(name):
    """A table as text; a missing value is ''."""
    return _read(name).copy()


def today():
    """Today in UTC, as SQLite has it."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


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


@cache
def histories():
    """For each tie its (status, from, precision, to, event_id), oldest first, by walking its events."""
    every = {pair_id: [] for pair_id in table("pairs")["pair_id"]}
    for row in table("pair_events").itertuples():
        every[row.pair_id].append((row.occurred_on, row.event_id, row.event, row.occurred_on_precision))
    return {pair_id: _history(sorted(found)) for pair_id, found in every.items()}


def _history(found):
    foundings = [one for one in found if one[2] in ("announced", "established")]
    first = min(foundings, key=lambda one: (one[0] or "9", one[1]), default=("", "", "", ""))
    steps = [("listed", first[0], first[3], first[1])]
    steps += [(event, day, precision, key) for day, key, event, precision in found if event in DECIDING]
    ends = [day for _, day, _, _ in steps[1:]]
    return [
        (status, day, precision, end, key)
        for (status, day, precision, key), end in zip(steps, [*ends, None], strict=True)
        if end != ""  # what an undated decision followed has no place in time
    ]


def intervals():
    """The histories as one frame."""
    rows = [(pair_id, *interval) for pair_id, found in histories().items() for interval in found]
    columns = ["pair_id", "status", "valid_from", "valid_from_precision", "valid_to", "event_id"]
    return with_names(pd.DataFrame(rows, columns=columns).fillna(""))


def on(day):
    """The intervals that a day lies in."""
    found, day = intervals(), day or today()
    return found[(found["valid_from"] <= day) & ((found["valid_to"] == "") | (found["valid_to"] > day))]


def now():
    """Every tie with its last status."""
    last = {pair_id: found[-1] for pair_id, found in histories().items()}
    found = ties()
    return found.assign(
        status=found["pair_id"].map(lambda key: last[key][0]),
        status_since=found["pair_id"].map(lambda key: last[key][1]),
    )
