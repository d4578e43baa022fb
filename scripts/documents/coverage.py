"""What the record holds, as a document: ties by country and status, dates, decisions, sources, states."""

import sqlite3
from contextlib import closing
from pathlib import Path

from schemas.contract import Package
from schemas.vocabulary import INVASION, PARTNERS, STATUSES
from scripts.database.ddl import quoted
from scripts.documents.markdown import markdown

TIES = "pairs_overview"
COUNTRIES = {name: f"partner_country = '{code}'" for code, name in PARTNERS.items()} | {"all": "true"}
BY_STATUS = {status: f"status = '{status}'" for status in STATUSES} | {"ties": "true"}
KNOWN = {
    "with a founding date": "established_on IS NOT NULL",
    f"with a decision since {INVASION}": "decided_since_invasion",
    "with one source": "sources = 1",
    "with two sources": "sources = 2",
    "with more sources": "sources > 2",
    "doubtful": "certainty = 'doubtful'",
}
FIRM = {certainty: f"certainty = '{certainty}'" for certainty in ("stated", "inferred", "doubtful")}


def counts(db: sqlite3.Connection, what: str, lines: dict[str, str], columns: dict[str, str]) -> str:
    """A table of how many rows of each line, a table with its condition, meet that of each column."""
    cells = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in columns.values())
    rows = [[name, *db.execute(f"SELECT {cells} FROM {part}").fetchone()] for name, part in lines.items()]
    return markdown([what, *columns], rows)


def ties(conditions: dict[str, str]) -> dict[str, str]:
    """The ties of each condition as lines of a table."""
    return {name: f"{TIES} WHERE {condition}" for name, condition in conditions.items()}


def coverage(package: Package, database: Path) -> str:
    """The whole document, from the database that was built of the package."""
    rated = {f"`{t.name}`": t.name for t in package.tables if "certainty" in t.column_names}
    with closing(sqlite3.connect(database)) as db:
        divisions = db.execute(f"SELECT DISTINCT us_division FROM {TIES} ORDER BY 1").fetchall()
        states = {state: f"us_division = {quoted(state)}" for (state,) in divisions} | {"all": "true"}
        cited = db.execute("SELECT verdict, count(*) FROM citations GROUP BY 1 ORDER BY 1").fetchall()
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in cited)
        return f"""# What the record holds

Version {package.version}. Written from the tables at its release. Status follows from
the last decision; `listed` means that no decision is recorded.

## Ties by country and status

{counts(db, "", ties(COUNTRIES), BY_STATUS)}
## What is known of them

{counts(db, "ties", ties(KNOWN), COUNTRIES)}
Sources are those of the tie and of its events, with every source that is cited on either.

## How firm the rows are

{counts(db, "table", rated, FIRM)}
Beside the rows' own sources stand {sum(count for _, count in cited)} citations: {verdicts}.

## Ties by state

{counts(db, "", ties(states), BY_STATUS)}"""
