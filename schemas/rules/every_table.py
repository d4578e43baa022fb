"""Rules that hold in every table that has such columns: dates with their precision, certainty, summaries."""

import pandas as pd

from schemas.contract import Table
from schemas.formats import spelled
from schemas.rules import empty, rule

Judged = dict[str, pd.Series]
AHEAD = {"effective_on", "ends_by"}  # days that a law sets


@rule(fix="Fill both, or empty both.")
def precision_with_date(rows: pd.DataFrame, table: Table) -> Judged:
    """A date and its precision are both given or both empty."""
    return {
        f"{date}_precision": empty(rows, date) != rows[f"{date}_precision"].isna() for date in table.dated()
    }


@rule(fix="Write the first day of the month or year, or say that the day is known.")
def precision_fits_date(rows: pd.DataFrame, table: Table) -> Judged:
    """A date known to its month is the month's first day, one known to its year is 1 January."""
    judged = {}
    for date in table.dated():
        precision, day = rows[f"{date}_precision"], rows[date].str
        month = (precision == "month") & (day.slice(8) != "01")
        judged[date] = month | ((precision == "year") & (day.slice(5) != "01-01"))
    return judged


@rule(fix="Check the year; of a release the day is `created` in datapackage.json.")
def date_not_after_day(rows: pd.DataFrame, table: Table, last_day: str) -> Judged:
    """No date lies after the day of the release, or of the check before it, but for those that a law sets."""
    if not spelled("date", last_day):
        return {}  # which has been said of `created`
    dates = [column.name for column in table.columns if column.type == "date" and column.name not in AHEAD]
    return {date: rows[date] > last_day for date in dates}


@rule(fix="Say in notes how it was worked out, or why it is doubtful.")
def uncertain_has_notes(rows: pd.DataFrame, table: Table) -> Judged:
    """A row that is inferred or doubtful says why in its notes."""
    if "certainty" not in table.column_names or "notes" not in table.column_names:
        return {}
    return {"notes": (rows["certainty"] != "stated") & rows["notes"].isna()}


@rule(fix="End it with a full stop.")
def summary_is_sentence(rows: pd.DataFrame, table: Table) -> Judged:
    """A summary is a sentence: it ends with a full stop."""
    if "summary" not in table.column_names:
        return {}
    return {"summary": ~rows["summary"].str.contains(r"[.?!][\"'”’)]?$")}
