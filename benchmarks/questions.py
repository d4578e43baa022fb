"""The canned questions about status and share, asked of other engines than SQLite: the very same SQL.

Only two things are put in for an engine: the day that is asked for as a date, and how it makes a view.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

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
