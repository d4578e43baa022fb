"""The name by which a reader knows a row: a tie by its two places, a source by publisher and title."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from sister_pages.dates import spoken

Names = dict[str, dict[str, str]]

TIE = "{us} – {partner}"
QUERIES: dict[str, tuple[str, Callable[..., str]]] = {
    "places": ("SELECT place_id, name FROM places", lambda name: name),
    "sources": (
        "SELECT source_id, publisher, title FROM sources",
        lambda publisher, title: f"{publisher}: {title}",
    ),
    "pairs": (
        """SELECT pair_id, us.name, partner.name FROM pairs
           JOIN places AS us ON us.place_id = us_place_id
           JOIN places AS partner ON partner.place_id = partner_place_id""",
        lambda us, partner: TIE.format(us=us, partner=partner),
    ),
    "pair_events": (
        """SELECT event_id, us.name, partner.name, event, occurred_on, occurred_on_precision FROM pair_events
           JOIN pairs USING (pair_id) JOIN places AS us ON us.place_id = us_place_id
           JOIN places AS partner ON partner.place_id = partner_place_id""",
        lambda us, partner, event, *when: dated(
            f"{TIE.format(us=us, partner=partner)}: {event.replace('_', ' ')}", *when
        ),
    ),
    "statements": (
        "SELECT statement_id, speaker, stated_on, stated_on_precision FROM statements",
        lambda speaker, *when: dated(speaker, *when),
    ),
    "casualty_statistics": (
        """SELECT statistic_id, population, demographic, outcome, reported_by,
                  period_end, period_end_precision FROM casualty_statistics""",
        lambda population, demographic, outcome, reported_by, *when: dated(
            f"{(population if demographic == 'all' else demographic).replace('_', ' ').capitalize()} "
            f"{outcome.replace('_', ' ')} ({reported_by})",
            *when,
        ),
    ),
    "reported_figures": (
        "SELECT figure_id, measure, reported_by FROM reported_figures",
        lambda measure, by: measure.replace("_", " ").capitalize() + (f" ({by})" if by else ""),
    ),
    "citations": (
        """SELECT citation_id, verdict, coalesce(column_name, 'row'), publisher
           FROM citations JOIN sources USING (source_id)""",
        lambda verdict, column, publisher: f"{publisher} {verdict} the {column.replace('_', ' ')}",
    ),
}


def dated(name: str, day: str | None, precision: str | None) -> str:
    """A name with its date, if there is one."""
    return f"{name}, {spoken(day, precision)}" if day else name


def read_names(db: sqlite3.Connection) -> Names:
    """The names of all rows, by table and key."""
    return {
        table: {key: name(*parts) for key, *parts in db.execute(query)}
        for table, (query, name) in QUERIES.items()
    }
