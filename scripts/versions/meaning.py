"""What changed rows now mean, in a sentence each: the status of a tie, and what a new row says."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

from scripts.versions.snapshots import Row, State

STATUS = """
SELECT pair_id, status, status_since, status_since_precision, us_place, partner_place FROM pairs_overview"""
FORMS = {"day": "%-d %B %Y", "month": "%B %Y", "year": "%Y"}
Standing = dict[str, tuple[str, str, str, str, str]]  # of each tie: status, since, precision, both names


def standing(database: Path) -> Standing:
    """The status of each tie in a built database."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return {row[0]: row[1:] for row in db.execute(STATUS)}


def in_words(day: str | None, precision: str | None) -> str:
    """A date as far as it is known.

    >>> in_words("2024-05-14", "day"), in_words("2022-06-01", "month"), in_words(None, None)
    ('14 May 2024', 'June 2022', '')
    """
    return date.fromisoformat(day).strftime(FORMS[precision or "day"]) if day else ""


def statuses(before: Standing, after: Standing) -> Iterator[str]:
    """The ties that are new or stand otherwise than before."""
    for key, (status, since, precision, us, partner) in after.items():
        if key in before and before[key][:3] == (status, since, precision):
            continue
        known = in_words(since, precision)
        told = f"{us} – {partner}: {status}" + (f" since {known}" if known else "")
        yield told + (f", was {before[key][0]}" if key in before else ", a new tie")


def sentences(before: State, after: State) -> Iterator[str]:
    """What each new row says, but for events, whose meaning is the status of their tie."""
    for table, told in TOLD.items():
        for key, row in after.rows.get(table, {}).items():
            if row != before.rows.get(table, {}).get(key):
                yield f"{table}: {told(row)}"


def of_place(row: Row) -> str:
    """A place."""
    point = f"GeoNames {row['geonames_id']}" if row["geonames_id"] else "no point settled"
    return f"{row['name']}, {row['admin1_name'] or row['country']} ({row['place_id']}, {point})"


def of_number(row: Row) -> str:
    """A casualty number."""
    until = in_words(row["period_end"] or None, row["period_end_precision"])
    count = row["value"] or row["value_reported"]
    return f"{row['reported_by']}: {count} {row['population']} {row['outcome'].replace('_', ' ')} by {until}"


def of_source(row: Row) -> str:
    """A source."""
    return f"{row['title']} ({row['publisher']}, {row['published_on'] or 'no date'})"


def of_citation(row: Row) -> str:
    """A citation."""
    return f"{row['source_id']} {row['verdict']} {row['row_id']} {row['column_name']}".rstrip()


def of_correction(row: Row) -> str:
    """A correction."""
    return f"{row['row_id']} {row['column_name']}: {row['value_before']} → {row['value_after']}"


TOLD: dict[str, Callable[[Row], str]] = {
    "places": of_place,
    "sources": of_source,
    "pair_events": lambda row: f"{row['pair_id']} {row['event']} {row['occurred_on'] or 'without a date'}",
    "statements": lambda row: f"{row['speaker']} ({row['stance']}): {row['summary']}",
    "casualty_statistics": of_number,
    "citations": of_citation,
    "corrections": of_correction,
}
