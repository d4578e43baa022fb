"""Rules on casualty statistics."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd

from schemas.periods import last_day, published
from schemas.rules import rule

INVASION = "2022-02-24"
WHO = ["reported_by", "population", "party", "demographic", "place_id", "unit"]
WHEN = ["period_start", "period_end"]
UNKNOWN = ["adults_sex_unknown", "children_sex_unknown"]
PARTS = ["men", "women", "boys", "girls", *UNKNOWN]


@rule("casualty_statistics", "value", mend="Give the number, or the wording in value_reported.")
def statistic_has_value(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A statistic has a number, or the wording that stands for one."""
    return casualty_statistics["value"].isna() & casualty_statistics["value_reported"].isna()


@rule("casualty_statistics", "value_high", mend="Put the lower end in value, the upper in value_high.")
def range_in_order(casualty_statistics: pd.DataFrame) -> pd.Series:
    """The upper end of a range is above its lower end, which is given."""
    high = casualty_statistics["value_high"]
    low = casualty_statistics["value"]
    return high.notna() & (low.isna() | (high <= low).fillna(False))


@rule("casualty_statistics", "qualifier", mend="Call it about, or up_to.")
def range_is_not_exact(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A range is no exact number."""
    return casualty_statistics["value_high"].notna() & (casualty_statistics["qualifier"] == "exact")


@rule("casualty_statistics", "period_end", mend="Check both dates.")
def period_in_order(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A period does not end before it starts."""
    return last_day(casualty_statistics, "period_end") < casualty_statistics["period_start"]


@rule(
    "casualty_statistics",
    "period_start",
    mend=f"Write {INVASION}, or say that the number is not cumulative.",
)
def cumulative_since_invasion(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A cumulative number is counted from the first day of the full-scale invasion, 2022-02-24."""
    start = casualty_statistics["period_start"].fillna("")
    return casualty_statistics["cumulative"] & (start != INVASION)


@rule(
    "casualty_statistics",
    "cumulative",
    mend="Write false: a daily number does not add up over a period.",
)
def daily_is_not_cumulative(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A number of persons per day is not cumulative."""
    return casualty_statistics["cumulative"] & (casualty_statistics["unit"] == "persons_per_day")


@rule("casualty_statistics", "published_on", mend="Check both dates.")
def counted_before_published(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A number is not published before the period that it counts has begun to end."""
    return last_day(casualty_statistics, "published_on") < casualty_statistics["period_end"]


@rule("casualty_statistics", "published_on", mend="Check both dates.")
def statistic_before_its_report(casualty_statistics: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """A number was not given after its source was published."""
    return casualty_statistics["published_on"] > published(casualty_statistics["source_id"], sources)


def reports(rows: pd.DataFrame, keys: list[str], across: str) -> pd.DataFrame:
    """The plain values of each report, one row a report and one column for each value of `across`."""
    plain = rows[rows["value_high"].isna() & rows["value"].notna()]
    plain = plain.assign(**{key: plain[key].astype(object).fillna("") for key in keys})
    return plain.pivot_table(index=keys, columns=across, values="value", aggfunc="first").astype("Float64")


@rule(
    "casualty_statistics",
    "value",
    mend="Check the three numbers with the source; a misprint there is a citation here.",
)
def killed_and_injured_add_up(casualty_statistics: pd.DataFrame) -> pd.Series:
    """Killed and injured of one report add up to its killed or injured."""
    rows = casualty_statistics
    keys = [*WHO, *WHEN, "published_on"]
    table = reports(rows, keys, "outcome")
    if not {"killed", "injured", "killed_or_injured"} <= set(table.columns):
        return pd.Series(False, index=rows.index)
    wrong = table[(table["killed"] + table["injured"] != table["killed_or_injured"]).fillna(False)]
    told = {
        index: f"{r['killed']:.0f} killed and {r['injured']:.0f} injured are not {r['killed_or_injured']:.0f}"
        for index, r in wrong.iterrows()
    }
    return told_at(rows, keys, told, rows["outcome"] == "killed_or_injured")


@rule("casualty_statistics", "value", mend="Check the parts with the source.")
def parts_within_whole(casualty_statistics: pd.DataFrame) -> pd.Series:
    """Men, women, boys, girls and those of unknown sex are together no more than all."""
    rows = casualty_statistics
    keys = [key for key in [*WHO, *WHEN, "published_on", "outcome"] if key != "demographic"]
    table = reports(rows, keys, "demographic")
    if "all" not in table.columns:
        return pd.Series(False, index=rows.index)
    parts = table[[part for part in PARTS if part in table.columns]].fillna(0).sum(axis=1)
    wrong = table[(parts > table["all"]).fillna(False)]
    told = {index: f"the parts sum to {parts[index]:.0f}, more than all" for index in wrong.index}
    return told_at(rows, keys, told, rows["demographic"] == "all")


def told_at(rows: pd.DataFrame, keys: list[str], told: dict[Hashable, str], where: pd.Series) -> pd.Series:
    """Messages about reports, placed on those of their rows where `where` is true."""
    if not told:
        return pd.Series(False, index=rows.index)
    index = zip(*(rows[key].astype(object).fillna("") for key in keys), strict=True)
    return pd.Series([told.get(i) for i in index], index=rows.index, dtype=object).where(where)


@rule(
    "casualty_statistics",
    "value",
    mend="Check it with the source; if the reporter corrected an earlier number, name that row in revises.",
)
def cumulative_never_falls(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A cumulative number is not lower than the reporter's number before it, unless it revises that one."""
    rows = casualty_statistics
    plain = rows[rows["cumulative"] & rows["value"].notna() & rows["value_high"].isna()]
    # A month says no order within itself; people of unknown sex are fewer once they are identified.
    plain = plain[(plain["period_end_precision"] == "day") & ~plain["demographic"].isin(UNKNOWN)]
    ordered = plain.sort_values(["period_end", "published_on", "value"])
    series = ordered.groupby([*WHO, "outcome"], dropna=False)
    before, previous = series["value"].shift(), series["statistic_id"].shift()
    falls = ((ordered["value"] < before) & ordered["revises"].isna()).fillna(False)
    told = "lower than " + previous[falls] + ", which has " + before[falls].astype(str)
    return told.reindex(rows.index)


@rule("casualty_statistics", "revises", mend="Name the number that was corrected, or empty the cell.")
def revision_is_lower(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A row that revises another is of the same series and has another number."""
    rows = casualty_statistics
    known = rows.dropna(subset="statistic_id").drop_duplicates("statistic_id").set_index("statistic_id")
    differs = pd.Series(False, index=rows.index)
    for column in [*WHO, "outcome"]:
        other = rows["revises"].map(known[column])
        differs |= (other.notna() & (other.astype(rows[column].dtype) != rows[column])).fillna(False)
    value = rows["revises"].map(known["value"]).astype("Int64")
    return differs | (value == rows["value"]).fillna(False)
