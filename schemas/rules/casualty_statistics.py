"""Rules on casualty statistics."""

import pandas as pd

from schemas.rules import TEXT, empty, joined, last_day, looked_up, published, rule
from schemas.vocabulary import INVASION

WHO = ["reported_by", "population", "party", "demographic", "place_id", "unit"]
SERIES = [*WHO, "outcome"]
WHEN = ["period_start", "period_end"]
UNKNOWN = ["adults_sex_unknown", "children_sex_unknown"]
SETTLED = 1000  # from there on no count grows fivefold; a digit too many makes it tenfold
PARTS = ["men", "women", "boys", "girls", *UNKNOWN]


@rule("value", fix="Give the number, or the wording in value_reported.")
def statistic_has_value(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A statistic has a number, or the wording that stands for one."""
    return empty(casualty_statistics, "value") & casualty_statistics["value_reported"].isna()


@rule("value_high", fix="Put the lower end in value, the upper in value_high.")
def range_in_order(casualty_statistics: pd.DataFrame) -> pd.Series:
    """The upper end of a range is above its lower end, which is given."""
    low, high = casualty_statistics["value"], casualty_statistics["value_high"]
    return high.notna() & (empty(casualty_statistics, "value") | (high <= low))


@rule("qualifier", fix="Call it about, or up_to.")
def range_is_not_exact(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A range is no exact number."""
    return casualty_statistics["value_high"].notna() & (casualty_statistics["qualifier"] == "exact")


@rule("period_end", fix="Check both dates.")
def period_in_order(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A period does not end before it starts."""
    return last_day(casualty_statistics, "period_end") < casualty_statistics["period_start"]


@rule("period_start", fix=f"Write {INVASION}, or say that the number is not cumulative.")
def cumulative_since_invasion(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A cumulative number is counted from the first day of the full-scale invasion, 2022-02-24."""
    other = (casualty_statistics["period_start"] != INVASION).astype("boolean")
    return casualty_statistics["cumulative"] & (empty(casualty_statistics, "period_start") | other)


@rule("cumulative", fix="Write false: a daily number does not add up over a period.")
def daily_is_not_cumulative(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A number of persons per day is not cumulative."""
    return casualty_statistics["cumulative"] & (casualty_statistics["unit"] == "persons_per_day")


@rule("published_on", fix="Check both dates.")
def counted_before_published(casualty_statistics: pd.DataFrame) -> pd.Series:
    """`published_on` is not before `period_end`."""
    return last_day(casualty_statistics, "published_on") < casualty_statistics["period_end"]


@rule("published_on", fix="Check both dates.")
def statistic_before_its_report(casualty_statistics: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """A number was not given after its source was published."""
    return casualty_statistics["published_on"] > published(casualty_statistics["source_id"], sources)


def reports(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The rows with one number: demographic, outcome, value, and `report`, the joined cells of `keys`."""
    values = rows[["demographic", "outcome", "value"]].assign(report=joined(rows, keys))
    return values.loc[rows["value_high"].isna() & rows["value"].notna()]


@rule("value", fix="Check the three numbers with the source; a misprint there is a citation here.")
def killed_and_injured_add_up(casualty_statistics: pd.DataFrame) -> pd.Series:
    """Killed and injured of one report add up to its killed or injured."""
    values = reports(casualty_statistics, [*WHO, *WHEN, "published_on"])
    both = values.loc[values["outcome"] == "killed_or_injured"]
    killed, injured = (
        looked_up(both["report"], values.loc[values["outcome"] == outcome], "report", "value")
        for outcome in ("killed", "injured")
    )
    wrong = killed + injured != both["value"]
    killed, injured, sum_given = (part[wrong].astype(TEXT) for part in (killed, injured, both["value"]))
    return killed + " killed and " + injured + " injured are not " + sum_given


@rule("value", fix="Check the parts with the source.")
def parts_within_whole(casualty_statistics: pd.DataFrame) -> pd.Series:
    """Men, women, boys, girls and those of unknown sex are together no more than all."""
    keys = [*WHO, *WHEN, "published_on", "outcome"]
    values = reports(casualty_statistics, [key for key in keys if key != "demographic"])
    parts = values[values["demographic"].isin(PARTS)].groupby("report", as_index=False).agg({"value": "sum"})
    whole = values[values["demographic"] == "all"]
    together = looked_up(whole["report"], parts, "report", "value")
    return "the parts sum to " + together[together > whole["value"]].astype(TEXT) + ", more than all"


def totals(casualty_statistics: pd.DataFrame) -> pd.DataFrame:
    """The plain cumulative numbers, each with its `series` and the first and last day that its end may be.

    Days are numbers such as 20220331. People of unknown sex are fewer once they are identified: left out.
    """
    rows = casualty_statistics
    rows = rows[rows["cumulative"] & rows["value"].notna() & rows["value_high"].isna()]
    rows = rows[rows["period_end"].notna() & ~rows["demographic"].isin(UNKNOWN)]
    days = {"first": rows["period_end"], "last": last_day(rows, "period_end")}
    numbers = {name: day.str.replace("-", "").astype("int64") for name, day in days.items()}
    return rows.assign(series=joined(rows, SERIES), **numbers)


def preceded(rows: pd.DataFrame) -> pd.DataFrame:
    """Totals, each with value and key of the last one `before` it in its series; others are left out.

    Before it is what ended before its period may have ended, or what was first published of the same day.
    """
    ordered = rows.sort_values(["last", "published_on", "value"])
    names = {"series": "series", "last": "end", "value": "before", "statistic_id": "previous"}
    earlier = ordered[list(names)].rename(columns=names)
    followed = pd.merge_asof(
        ordered.reset_index().sort_values("first", kind="stable"),
        earlier,
        left_on="first",
        right_on="end",
        by="series",
        allow_exact_matches=False,
    ).set_index("index")
    same_day = ordered[ordered["first"] == ordered["last"]].groupby(["series", "last"])
    for column, source in (("before", "value"), ("previous", "statistic_id")):
        followed[column] = same_day[source].shift().reindex(followed.index).fillna(followed[column])
    return followed[followed["before"].notna()]


@rule(
    "value",
    fix="Check it with the source; if the reporter corrected an earlier number, name that row in revises.",
)
def cumulative_never_falls(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A cumulative number is not lower than the reporter's number before it, unless it revises that one."""
    numbers = preceded(totals(casualty_statistics))
    falls = numbers[(numbers["value"] < numbers["before"]) & numbers["revises"].isna()]
    return "lower than " + falls["previous"] + ", which has " + falls["before"].astype(TEXT)


@rule("value", fix="Count its digits, and compare it with the source.")
def cumulative_does_not_jump(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A cumulative number is not over five times the reporter's number before it, once that is over 1,000."""
    numbers = preceded(totals(casualty_statistics))
    jumps = numbers[(numbers["before"] > SETTLED) & (numbers["value"] > 5 * numbers["before"])]
    return "over five times that of " + jumps["previous"] + ", which has " + jumps["before"].astype(TEXT)


@rule("revises", fix="Name the number that was corrected, or empty the cell.")
def revision_is_lower(casualty_statistics: pd.DataFrame) -> pd.Series:
    """A row that revises another is of the same series and has another number."""
    numbers = casualty_statistics.assign(series=joined(casualty_statistics, SERIES))
    rows = numbers[numbers["revises"].notna()]
    series, value = (
        looked_up(rows["revises"], numbers, "statistic_id", column) for column in ("series", "value")
    )
    return (series != rows["series"]) | (value == rows["value"])
