"""What changed rows now mean, in a sentence each: the status of a tie, and what a new row says."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.checking.validator import Report, check
from scripts.database.load import write_database
from scripts.versions.snapshots import Row, State, write_state

STATUS = """
SELECT pair_id, status, status_since, status_since_precision, us_place, partner_place FROM pairs_overview"""
FORMS = {"day": "{0.day} {0:%B %Y}", "month": "{0:%B %Y}", "year": "{0:%Y}"}
Standing = dict[str, tuple[str, str, str, str, str]]  # of each tie: status, since, precision, both names


def meaning(before: State, after: State, report: Report) -> Iterator[str]:
    """What changed rows mean: a sentence a row, and the ties that stand otherwise; `report` is on `after`.

    How ties stand is said only where both states are without problems.
    """
    for table, sentence in SENTENCES.items():
        for key, row in after.rows.get(table, {}).items():
            if row != before.rows.get(table, {}).get(key):
                yield f"{table}: {sentence.format_map(row | worked_out(row))}".rstrip()
    decisive = ("pairs", "pair_events", "places")
    if before.tables == after.tables and any(before.rows[one] != after.rows[one] for one in decisive):
        with TemporaryDirectory() as folder:
            earlier = check(write_state(before, Path(folder)))
            if not (earlier.problems or report.problems):
                yield from statuses(standing(earlier), standing(report))


def standing(report: Report) -> Standing:
    """The status of each tie of a checked package without problems."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "package.db"
        write_database(report, database, lambda step: None, report.package.last_day)
        with closing(sqlite3.connect(database)) as db:
            return {row[0]: row[1:] for row in db.execute(STATUS)}


def statuses(before: Standing, after: Standing) -> Iterator[str]:
    """The ties that are new or stand otherwise than before."""
    for key, (status, since, precision, us, partner) in after.items():
        if key in before and before[key][:3] == (status, since, precision):
            continue
        start = f" since {in_words(since, precision)}" if since else ""
        end = f"was {before[key][0]}" if key in before else "a new tie"
        yield f"{us} – {partner}: {status}{start}, {end}"


def in_words(day: str | None, precision: str | None) -> str:
    """A date as far as it is known.

    >>> in_words("2024-05-14", "day"), in_words("2022-06-01", "month"), in_words(None, None)
    ('14 May 2024', 'June 2022', '')
    """
    return FORMS[precision or "day"].format(date.fromisoformat(day)) if day else ""


def worked_out(row: Row) -> Row:
    """What the sentences say of a row in other words than its cells have."""
    until = in_words(row.get("period_end") or None, row.get("period_end_precision"))
    return {
        "where": row.get("admin1_name") or row.get("country", ""),
        "point": f"GeoNames {row['geonames_id']}" if row.get("geonames_id") else "no point settled",
        "day": row.get("published_on") or "no date",
        "when": row.get("occurred_on") or "without a date",
        "count": row.get("value") or row.get("value_reported", ""),
        "happened": f"{row.get('outcome', '').replace('_', ' ')} by {until}",
    }


SENTENCES = {
    "places": "{name}, {where} ({place_id}, {point})",
    "sources": "{title} ({publisher}, {day})",
    "pair_events": "{pair_id} {event} {when}",
    "statements": "{speaker} ({stance}): {summary}",
    "casualty_statistics": "{reported_by}: {count} {population} {happened}",
    "citations": "{source_id} {verdict} {row_id} {column_name}",
    "corrections": "{row_id} {column_name}: {value_before} → {value_after}",
}
