"""The canned questions about status and share, asked of other engines than SQLite: the very same SQL.

Only two things are put in for an engine: the day that is asked for as a date, and how it makes a view. For
more data than we have, the ties of a release are written many times over, each time under other keys.
"""

import math
import re
from datetime import date
from pathlib import Path

import duckdb
import yaml

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ("status_on_a_date", "share_suspended_or_ended")
TABLES = ("pairs", "places", "pair_status_history")  # what the questions and the views that they ask need
VIEWS = ("tie_places", "standing_ties")
ASKED = re.compile(r"with asked \(day\) as \(.*?\)\)\)", re.S)


def views(create: str) -> list[str]:
    """The statements that make VIEWS; `create` is how the engine begins one."""
    written = (ROOT / "schemas" / "views.sql").read_text("utf-8")
    return [
        f"{create} {name} as {query}"
        for name, query in re.findall(r"^create view (\w+) as\n(.*?);$", written, re.M | re.S)
        if name in VIEWS
    ]


def canned(name: str) -> str:
    """A canned question as Datasette asks it, with its parameters."""
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
    return str(metadata["databases"]["sister_cities"]["queries"][name]["sql"])


def question(name: str, day: date, tie: str = "") -> str:
    """A canned question with its parameters put in, for an engine that compares dates with dates."""
    asked = f"with asked (day) as (select date '{day}')"
    return ASKED.sub(asked, canned(name), count=1).replace(":tie", f"'{tie}'")


def write_multiplied(parquet: Path, folder: Path, intervals: int) -> dict[str, int]:
    """Write TABLES of a release with about so many intervals of status, these by the year of their decision.

    `parquet` is that folder of a release. Returns the rows of each table; the places stay as they are.
    """
    rows = {}
    with duckdb.connect() as engine:
        history = engine.read_parquet(f"{parquet}/pair_status_history.parquet")
        often = f"range({math.ceil(intervals / len(history))}) AS copies (i)"
        other = "* REPLACE (pair_id || '-' || i AS pair_id)"
        for name, select, to in (
            ("places", "* FROM", "places.parquet' (FORMAT PARQUET)"),
            ("pairs", f"{other} FROM {often},", "pairs.parquet' (FORMAT PARQUET)"),
            (
                "pair_status_history",
                f"{other}, year(valid_from) AS year FROM {often},",
                "pair_status_history' (FORMAT PARQUET, PARTITION_BY (year))",
            ),
        ):
            copy = f"COPY (SELECT {select} '{parquet / name}.parquet') TO '{folder}/{to}"
            rows[name] = int(engine.execute(copy).fetchall()[0][0])
    return rows
