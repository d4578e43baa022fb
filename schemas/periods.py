"""First and last days of dates known to a day, a month or a year."""

from __future__ import annotations

import pandas as pd


def last_day(rows: pd.DataFrame, date: str) -> pd.Series:
    """The latest day that a date may mean, as ISO text to compare with; 31 stands for any month's end."""
    precision = rows[f"{date}_precision"]
    last = rows[date].where(precision != "month", rows[date].str.slice(0, 7) + "-31")
    return last.where(precision != "year", rows[date].str.slice(0, 4) + "-12-31")


def published(source_id: pd.Series, sources: pd.DataFrame) -> pd.Series:
    """The latest day on which each source may have been published; missing where it is undated."""
    known = pd.Series(last_day(sources, "published_on").array, index=sources["source_id"].array)
    known = known.groupby(level=0).first()
    return source_id.map(known).astype(source_id.dtype)
