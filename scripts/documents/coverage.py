"""What the record holds, as a document: ties by country and status, dates, decisions, sources, states."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd

from schemas.vocabulary import INVASION, PARTNERS, STATUSES
from scripts.checking.validator import Report
from scripts.documents.markdown import markdown

TIES = """
SELECT partner_country AS country, us_division AS state, status, established_on IS NOT NULL AS founded,
       decided_since_invasion IS TRUE AS decided, sources, certainty
FROM pairs_overview"""


def ties(database: Path) -> pd.DataFrame:
    """One row a tie: country, state, status now, whether founded and decided since the invasion, sources."""
    with closing(sqlite3.connect(database)) as db:
        return pd.read_sql_query(TIES, db).astype({"founded": bool, "decided": bool})


def counts(found: pd.DataFrame, label: str, groups: dict[str, str]) -> str:
    """A table of ties by status for each group of a column, with a last line for all."""
    table = pd.crosstab(found[label], found["status"], margins=True, margins_name="all")
    table = table.reindex(index=[*groups, "all"], columns=[*STATUSES, "all"], fill_value=0)
    rows = [[groups.get(name, name), *line] for name, line in zip(table.index, table.to_numpy(), strict=True)]
    return markdown(["", *STATUSES, "ties"], rows)


def knowledge(found: pd.DataFrame) -> str:
    """What is known of the ties with each country."""
    lines = {
        "with a founding date": found["founded"],
        f"with a decision since {INVASION}": found["decided"],
        "with one source": found["sources"] == 1,
        "with two sources": found["sources"] == 2,
        "with more sources": found["sources"] > 2,
        "doubtful": found["certainty"] == "doubtful",
    }
    countries = [found["country"] == country for country in PARTNERS]
    rows = [[name, *((mask & here).sum() for here in countries), mask.sum()] for name, mask in lines.items()]
    return markdown(["ties", *PARTNERS.values(), "all"], rows)


def rows_by_certainty(report: Report) -> str:
    """Rows of each table by how firmly their source supports them."""
    rows = [
        [f"`{name}`", *((frame["certainty"] == each).sum() for each in ("stated", "inferred", "doubtful"))]
        for name, frame in report.frames.items()
        if "certainty" in frame.columns
    ]
    return markdown(["table", "stated", "inferred", "doubtful"], rows)


def coverage(report: Report, database: Path) -> str:
    """The whole document, from the checked tables and the database that was built from them."""
    found = ties(database)
    verdicts = report.frames["citations"]["verdict"].value_counts()
    states = {state: state for state in sorted(found["state"].unique())}
    return "\n".join(
        [
            "# What the record holds",
            "",
            f"Version {report.package.version}. Written by `make docs` from the tables. Status follows from",
            "the last decision; `listed` means that no decision is recorded.",
            "",
            "## Ties by country and status",
            "",
            counts(found, "country", PARTNERS),
            "## What is known of them",
            "",
            knowledge(found),
            "Sources are those of the tie and of its events, with every source that is cited on either.",
            "",
            "## How firm the rows are",
            "",
            rows_by_certainty(report),
            f"Beside the rows' own sources stand {len(report.frames['citations'])} citations: "
            + ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in sorted(verdicts.index))
            + ".",
            "",
            "## Ties by state",
            "",
            counts(found, "state", states),
        ]
    )
