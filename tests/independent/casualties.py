"""Queries about casualties and other numbers."""

import pandas as pd

from independent.tables import ordered, picked, table, today

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
    found = found[(found["period_end"] != "") & (found["period_end"] <= (date or today()))]
    found = found[(found["cumulative"] == "true") | (found["unit"] == "persons_per_day")]
    last = ordered(found, "period_end", "statistic_id").groupby(SERIES).tail(1)
    last = last.assign(value=last["value"].map(_number), value_high=last["value_high"].map(_number))
    return picked(
        ordered(last, *SERIES),
        "reported_by population party demographic place_id outcome unit value value_high "
        "value_reported qualifier period_end statistic_id source_id",
    )


def casualties_by_month():
    found = _civilians_in_ukraine().query(
        "cumulative == 'false' and demographic == 'all' and period_end_precision == 'day'"
    )
    found = found[found["period_start"].str[:7] == found["period_end"].str[:7]]
    found = _side_by_side(found, ["period_start", "period_end", "reported_by"])
    first = found["period_start"].str.endswith("-01")
    last = pd.to_datetime(found["period_end"]).dt.is_month_end
    found.insert(0, "month", found["period_start"].str[:7])
    found.insert(3, "whole_month", (first & last).astype(int))
    return found


def casualties_by_group(date=""):
    found = _civilians_in_ukraine().query("cumulative == 'true' and demographic != 'all'")
    found = found[found["period_end"] <= (date or today())]
    last = found.groupby("reported_by")["period_end"].transform("max")
    found = _side_by_side(found[found["period_end"] == last], ["reported_by", "period_end", "demographic"])
    return ordered(found, "reported_by", "demographic")


def military_losses_claimed(party="", claimant=""):
    found = table("casualty_statistics")
    found = found[found["population"].isin(["soldiers", "generals"])]
    found = found[found["reported_by"].str.lower().str.contains(claimant.lower(), regex=False)]
    found = found if party == "" else found[found["party"] == party]
    found = found.assign(value=found["value"].map(_number), value_high=found["value_high"].map(_number))
    return picked(
        ordered(found, "party", "period_end", "reported_by", "outcome", "statistic_id"),
        "party reported_by period_end population outcome value value_high value_reported qualifier "
        "unit place_id statistic_id source_id",
    )


def figures_reported(measure=""):
    found = table("reported_figures")
    found = found[found["measure"].str.contains(measure, regex=False)]
    publisher = found["source_id"].map(table("sources").set_index("source_id")["publisher"])
    found = found.assign(
        value=found["value"].map(_number).where(found["value"] != "", found["value_reported"]),
        reported_by=found["reported_by"].where(found["reported_by"] != "", publisher),
    )
    return ordered(found, "measure", "as_of", "figure_id")[
        [
            "measure",
            "value",
            "qualifier",
            "unit",
            "place_id",
            "as_of",
            "reported_by",
            "figure_id",
            "source_id",
        ]
    ]
