"""First and last days of dates known to a day, a month or a year."""

from __future__ import annotations

import pandas as pd

from schemas.rules.references import looked_up


def last_day(rows: pd.DataFrame, date: str) -> pd.Series:
    """The latest day that a date may mean, as ISO text to compare with; 31 stands for any month's end."""
    precision = rows[f"{date}_precision"]
    last = rows[date].where(precision != "month", rows[date].str.slice(0, 7) + "-31")
    return last.where(precision != "year", rows[date].str.slice(0, 4) + "-12-31")


def published(source_id: pd.Series, sources: pd.DataFrame) -> pd.Series:
    """The latest day on which each source may have been published; missing where it is undated."""
    known = pd.DataFrame({"source_id": sources["source_id"], "day": last_day(sources, "published_on")})
    return looked_up(source_id, known, "source_id", "day")
