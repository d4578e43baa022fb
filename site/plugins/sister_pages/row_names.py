"""The names of rows, by which a reader knows them, and how far their dates are known."""

import sqlite3
from functools import partial
from textwrap import shorten

from sister_pages.columns import Contract, begun, words_of
from sister_pages.dates import spoken

Cell = tuple[str, str, str]  # table, key and column
Names = dict[str, dict[str, str]]  # table and key to the name by which a reader knows the row

# The name of a tie is that of its two places, of a source its publisher and title.
TIE = "SELECT pair_id, us_place || ' – ' || partner_place AS name FROM tie_places"
NAMES = {
    "places": "SELECT place_id, name FROM places",
    "sources": "SELECT source_id, publisher || ': ' || title FROM sources",
    "laws": "SELECT law_id, title FROM laws",
    "pairs": TIE,
    "pair_events": f"""
        SELECT event_id, dated(name || ': ' || replace(event, '_', ' '), occurred_on, occurred_on_precision)
        FROM pair_events JOIN ({TIE}) USING (pair_id)""",
    "statements": """
        SELECT statement_id, dated(speaker, stated_on, stated_on_precision) || ': ' || begin_of(summary)
        FROM statements""",
    "casualty_statistics": """
        SELECT statistic_id, dated(
            capital(words(iif(demographic = 'all', population, demographic))) || ' ' || words(outcome)
            || ' (' || reported_by || ')', period_end, period_end_precision)
        FROM casualty_statistics""",
    "reported_figures": """
        SELECT figure_id, capital(words(measure)) || coalesce(' (' || reported_by || ')', '')
        FROM reported_figures""",
    "citations": """
        SELECT citation_id, publisher || ' ' || verdict || ' the ' ||
               replace(coalesce(column_name, 'row'), '_', ' ')
        FROM citations JOIN sources USING (source_id)""",
}


def dated(name: str, day: str | None, precision: str | None) -> str:
    """A name with its date, if there is one."""
    return f"{name}, {spoken(day, precision)}" if day else name


def read_names(db: sqlite3.Connection) -> Names:
    """The names of all rows, by table and key."""
    db.create_function("dated", 3, dated)
    db.create_function("words", 1, words_of)
    db.create_function("capital", 1, begun)
    db.create_function("begin_of", 1, partial(shorten, width=56, placeholder="…"))
    return {table: dict(db.execute(query)) for table, query in NAMES.items()}


def read_imprecise(db: sqlite3.Connection, contract: Contract) -> dict[Cell, str]:
    """Of each date of which only the month or year is known, which of the two."""
    return {
        (table, row[0], name.removesuffix("_precision")): row[-1]
        for table, name in contract.fields
        if table in contract.tables and name.endswith("_precision")
        for row in db.execute(f"SELECT *, {name} AS known FROM {table} WHERE known IN ('month', 'year')")
    }
