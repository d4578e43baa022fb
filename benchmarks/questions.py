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
TABLES = ("pairs", "pair_events", "places")  # what the questions need beside the view
DAY = "coalesce(nullif(:date, ''), date('now'))"
HISTORY = re.compile(r"^create view (pair_status_history as\n.*?);$", re.M | re.S)


def history_view(create: str) -> str:
    """The statement that makes pair_status_history; `create` is how the engine begins it."""
    found = HISTORY.search((ROOT / "schemas" / "views.sql").read_text("utf-8"))
    if found is None:
        raise ValueError("schemas/views.sql has no view pair_status_history")
    return f"{create} {found[1]}"


def canned(name: str) -> str:
    """A canned question as Datasette asks it, with its parameters."""
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
    return str(metadata["databases"]["sister_cities"]["queries"][name]["sql"])


def question(name: str, day: date, tie: str = "") -> str:
    """A canned question with its parameters put in, for an engine that compares dates with dates."""
    return canned(name).replace(DAY, f"date '{day}'").replace(":tie", f"'{tie}'")
