"""The names of rows, by which a reader knows them, and how far their dates are known."""

import sqlite3
from collections.abc import Callable
from textwrap import shorten

from sister_pages.columns import Contract, begun, words_of
from sister_pages.dates import spoken

Cell = tuple[str, str, str]  # table, key and column
Names = dict[str, dict[str, str]]  # table and key to the name by which a reader knows the row

# The name of a tie is that of its two places, of a source its publisher and title.
TIE = "SELECT pair_id, us_place || ' – ' || partner_place AS name FROM tie_places"
NAMES: dict[str, tuple[str, Callable[..., str]]] = {
    "places": ("SELECT place_id, name FROM places", str),
    "sources": ("SELECT source_id, publisher || ': ' || title FROM sources", str),
    "laws": ("SELECT law_id, title FROM laws", str),
    "pairs": (TIE, str),
    "pair_events": (
        f"""SELECT event_id, name || ': ' || replace(event, '_', ' '), occurred_on, occurred_on_precision
            FROM pair_events JOIN ({TIE}) USING (pair_id)""",
        lambda *parts: dated(*parts),
    ),
    "statements": (
        "SELECT statement_id, speaker, stated_on, stated_on_precision, summary FROM statements",
        lambda *parts: f"{dated(*parts[:3])}: {shorten(parts[3], 56, placeholder='…')}",
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
        lambda measure, by: begun(words_of(measure)) + (f" ({by})" if by else ""),
    ),
    "citations": (
        """SELECT citation_id, publisher || ' ' || verdict || ' the ' ||
                  replace(coalesce(column_name, 'row'), '_', ' ')
           FROM citations JOIN sources USING (source_id)""",
        str,
    ),
}


def dated(name: str, day: str | None, precision: str | None) -> str:
    """A name with its date, if there is one."""
    return f"{name}, {spoken(day, precision)}" if day else name


def read_names(db: sqlite3.Connection) -> Names:
    """The names of all rows, by table and key."""
    return {
        table: {key: name(*parts) for key, *parts in db.execute(query)}
        for table, (query, name) in NAMES.items()
    }


def read_imprecise(db: sqlite3.Connection, contract: Contract) -> dict[Cell, str]:
    """Of each date of which only the month or year is known, which of the two."""
    return {
        (table, row[0], name.removesuffix("_precision")): row[-1]
        for table, name in contract.fields
        if table in contract.tables and name.endswith("_precision")
        for row in db.execute(f"SELECT *, {name} AS known FROM {table} WHERE known IN ('month', 'year')")
    }
