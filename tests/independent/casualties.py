"""Queries about casualties and other numbers."""

import pandas as pd

from independent.tables import AS_OF, last_day, ordered, picked, table

SERIES = ["population", "party", "outcome", "demographic", "reported_by", "place_id", "unit"]


def _civilians_in_ukraine():
    found = table("casualty_statistics")
    return found.query(
        "population == 'civilians' and party == 'UA' and place_id == 'ua-ukraine' and unit == 'persons'"
    )


def _side_by_side(found, keys):
    """One row per group with its killed, injured, killed or injured, and the first of its sources."""
    rows = []
    for group, numbers in found.groupby(keys):
        values = dict(zip(numbers["outcome"], numbers["value"], strict=True))
        outcomes = [
            values.get("killed", ""),
            values.get("injured", ""),
            values.get("killed_or_injured", ""),
        ]
        rows.append((*group, *map(_number, outcomes), min(numbers["source_id"])))
    return pd.DataFrame(rows, columns=[*keys, "killed", "injured", "killed_or_injured", "source_id"])


def _number(text):
    return float(text) if text else ""


def casualties_by_a_date(date=""):
    found = table("casualty_statistics")
    found = _ended_by(found, date or AS_OF)
    found = found[(found["cumulative"] == "true") | (found["unit"] == "persons_per_day")]
    last = ordered(found, "period_end", "statistic_id").groupby(SERIES).tail(1)
    last = last.assign(value=last["value"].map(_number), value_high=last["value_high"].map(_number))
    return picked(
        ordered(last, *SERIES),
        "day reported_by population party demographic place_id outcome unit value value_high "
        "value_reported qualifier period_end period_end_precision statistic_id source_id",
    )


def casualties_by_group(date=""):
    found = _civilians_in_ukraine().query("cumulative == 'true' and demographic != 'all'")
    found = _ended_by(found, date or AS_OF)
    last = found.groupby("reported_by")["latest"].transform("max")
    keys = ["day", "reported_by", "period_end", "period_end_precision", "demographic"]
    return ordered(_side_by_side(found[found["latest"] == last], keys), "reported_by", "demographic")


def _ended_by(found, day):
    """The numbers whose period had ended by a day, which stands beside each."""
    ends = zip(found["period_end"], found["period_end_precision"], strict=True)
    found = found.assign(latest=[last_day(*end) for end in ends], day=day)
    return found[(found["latest"] != "") & (found["latest"] <= day)]
