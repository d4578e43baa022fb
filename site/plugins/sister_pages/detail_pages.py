"""All about one row, as values for its page: a tie, a place, a source, a U.S. state, or another row."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date

from datasette import NotFound, Response
from datasette.app import Datasette
from datasette.utils.asgi import Request

from sister_pages.charts import in_both_widths, strip
from sister_pages.context import Context, Row, context_of, rows
from sister_pages.map import small_map

PLACE = "SELECT * FROM places WHERE place_id = ?"
EVENTS = """
SELECT pair_events.*, publisher, title, url FROM pair_events JOIN sources USING (source_id)
WHERE pair_id = ? ORDER BY occurred_on IS NULL, occurred_on, event_id"""
HISTORY = "SELECT * FROM pair_status_history WHERE pair_id = ? ORDER BY interval_number"
PAIR = """
SELECT pairs.*, publisher, title, url, published_on, published_on_precision
FROM pairs JOIN sources USING (source_id) WHERE pair_id = ?"""
TIES_OF_A_PLACE = """
SELECT * FROM pairs_overview
WHERE pair_id IN (SELECT pair_id FROM pairs WHERE ? IN (us_place_id, partner_place_id))
ORDER BY us_place, partner_place"""
CASUALTIES = """
SELECT * FROM casualty_statistics WHERE place_id = ? ORDER BY period_end DESC, statistic_id LIMIT 12"""
FIGURES = "SELECT * FROM reported_figures WHERE place_id = ? ORDER BY as_of, figure_id"
STATEMENTS = """
SELECT statements.*, publisher, title, url, language FROM statements JOIN sources USING (source_id)
WHERE statement_id IN (SELECT statement_id FROM {links} WHERE {column} = ?)
ORDER BY stated_on IS NULL, stated_on, statement_id"""
# The ties and places that a statement is about.
ABOUT = """
SELECT 'pairs' AS table_name, pair_id AS row_id FROM statement_pairs WHERE statement_id = :key
UNION ALL SELECT 'places', place_id FROM statement_places WHERE statement_id = :key ORDER BY 1, 2"""
TAKEN = """
SELECT table_name, row_id FROM evidence
WHERE source_id = ? AND verdict = 'own source' ORDER BY table_name, row_id"""
CITED_FOR = """
SELECT * FROM citations WHERE source_id = ? ORDER BY verdict, table_name, row_id, column_name"""
CITATIONS = """
SELECT citations.*, publisher, title, url, published_on, published_on_precision
FROM citations JOIN sources USING (source_id)
WHERE table_name = ? AND row_id = ? ORDER BY verdict, source_id"""
DISAGREEMENTS = """
SELECT * FROM disagreements WHERE table_name = ? AND row_id = ? ORDER BY column_name, other_source_id"""
# What was corrected of a row, or of the row that it was under another key; of a tie also of its events.
CORRECTED = """
SELECT * FROM corrections
WHERE (table_name = :table AND (row_id = :key OR column_name IS NULL AND value_after = :key))
  OR (:table = 'pairs' AND table_name = 'pair_events' AND instr(row_id, :key || '--') = 1)
ORDER BY table_name DESC, row_id, version, column_name"""
TIES_OF_A_STATE = (
    "SELECT * FROM pairs_overview WHERE us_division = ? ORDER BY us_place, partner_place, pair_id"
)
LAWS = """
SELECT laws.*, publisher, sources.title AS source_title, url
FROM laws JOIN sources USING (source_id) JOIN places USING (place_id)
WHERE admin1_name = ? ORDER BY effective_on, law_id"""
PLACES = """
SELECT place_id, name, kind, (SELECT count(*) FROM pairs WHERE us_place_id = place_id) AS ties
FROM places WHERE country = 'US' AND admin1_name = ? ORDER BY name, place_id"""

Evidence = dict[str, list[Row]]  # what sources say of a row besides its own: `citations`, `disagreements`


def read_row(db: sqlite3.Connection, site: Context, table: str, keys: Sequence[str]) -> Row:
    """All about a tie, place or source; of another row its evidence and what it is about."""
    key = keys[0]
    corrected = {"corrected": rows(db, CORRECTED, table=table, key=key)}
    if table == "pairs":
        return {"dossier": read_tie(db, key, site.as_of), **corrected}
    if table == "places":
        return {"page": read_place(db, key), **corrected}
    if table == "sources":
        return {"page": read_source(db, key), **corrected}
    return corrected | {
        "evidence": read_evidence(db, table, key),
        "about": rows(db, ABOUT, key=key) if table == "statements" else [],
        "subject": read_subject(db, table, keys) if table in site.contract.derived else None,
    }


def read_tie(db: sqlite3.Connection, pair_id: str, as_of: str) -> Row:
    """Everything about a tie that exists, up to the day of the data.

    `disagreements` are what sources say otherwise about it, its events and the statements about it.
    """
    (pair,) = rows(db, PAIR, pair_id)
    overview = rows(db, "SELECT * FROM pairs_overview WHERE pair_id = ?", pair_id)
    events = with_evidence(db, "pair_events", "event_id", rows(db, EVENTS, pair_id))
    statements = read_statements(db, "statement_pairs", "pair_id", pair_id)
    evidence = read_evidence(db, "pairs", pair_id)
    history = rows(db, HISTORY, pair_id)
    others = [row["evidence"] for row in (*events, *statements)]
    return {
        "pair": pair,
        "overview": overview[0],
        "places": [rows(db, PLACE, pair[column])[0] for column in ("us_place_id", "partner_place_id")],
        "history": history,
        "strip": in_both_widths(strip, history, date.fromisoformat(as_of)),
        "events": events,
        "statements": statements,
        "evidence": evidence,
        "disagreements": [row for one in (evidence, *others) for row in one["disagreements"]],
        **small_map(db, overview),
    }


def read_place(db: sqlite3.Connection, place_id: str) -> Row:
    """A place: its ties with the status of each, what was said about it, and the latest numbers about it."""
    ties = rows(db, TIES_OF_A_PLACE, place_id)
    return {
        "place": rows(db, PLACE, place_id)[0],
        "ties": ties,
        "statements": read_statements(db, "statement_places", "place_id", place_id),
        "casualties": rows(db, CASUALTIES, place_id),
        "figures": rows(db, FIGURES, place_id),
        "evidence": read_evidence(db, "places", place_id),
        **small_map(db, ties),
    }


def read_source(db: sqlite3.Connection, source_id: str) -> Row:
    """A source that exists; the rows `taken` from it, by table their keys; what it is `cited` for."""
    (source,) = rows(db, "SELECT * FROM sources WHERE source_id = ?", source_id)
    taken: dict[str, list[str]] = {}
    for table, key in db.execute(TAKEN, (source_id,)):
        taken.setdefault(table, []).append(key)
    cited, evidence = rows(db, CITED_FOR, source_id), read_evidence(db, "sources", source_id)
    return {"source": source, "taken": taken, "cited": cited, "evidence": evidence}


def read_subject(db: sqlite3.Connection, table: str, keys: Sequence[str]) -> tuple[str, str] | None:
    """The row that a row of a derived table is about, as its table and key; None where it is about none."""
    names = db.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,))
    where = " AND ".join(f"{name} = ?" for (name,) in names)
    (row,) = rows(db, f"SELECT * FROM {table} WHERE {where}", *keys)
    if "row_id" in row:
        return row["table_name"], row["row_id"]
    if row.get("event_id"):
        return "pair_events", row["event_id"]
    return ("pairs", row["pair_id"]) if row.get("pair_id") else None


def read_statements(db: sqlite3.Connection, links: str, column: str, key: str) -> list[Row]:
    """The statements that a table of `links` leads to from a tie or place, each with its `evidence`."""
    said = rows(db, STATEMENTS.format(links=links, column=column), key)
    return with_evidence(db, "statements", "statement_id", said)


def with_evidence(db: sqlite3.Connection, table: str, key: str, of: list[Row]) -> list[Row]:
    """Rows of a table, each with its `evidence`."""
    return [{**row, "evidence": read_evidence(db, table, row[key])} for row in of]


def read_evidence(db: sqlite3.Connection, table: str, key: str) -> Evidence:
    """The citations and disagreements about one row."""
    return {
        "citations": rows(db, CITATIONS, table, key),
        "disagreements": rows(db, DISAGREEMENTS, table, key),
    }


async def state(datasette: Datasette, request: Request) -> Response:
    """The page of a state. Raises NotFound where no place of the record lies in it."""
    site = context_of(datasette)
    names = [name for name, code in site.states.items() if code == request.url_vars["code"]]
    if not names:
        raise NotFound("No place of the record lies in a state of these letters")
    page = await site.database.execute_fn(lambda db: read_state(db, names[0]))
    return Response.html(await datasette.render_template("state.html", {"page": page}, request=request))


def read_state(db: sqlite3.Connection, name: str) -> Row:
    """A state by its name, with its ties and how many have each status, its laws and its places."""
    ties = rows(db, TIES_OF_A_STATE, name)
    return {
        "name": name,
        "ties": ties,
        "counts": Counter(tie["status"] for tie in ties),
        "laws": rows(db, LAWS, name),
        "places": rows(db, PLACES, name),
        **small_map(db, ties),
    }
