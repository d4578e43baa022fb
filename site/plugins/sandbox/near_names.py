"""SQLite's errors about a name that there is not, with the nearest name that there is."""

import difflib
import re
from collections.abc import Collection

MISSING = re.compile(r"no such (table|column): (?:\w+\.)*(\w+)")
NEAR = 0.6  # the share of letters that two names have in common


def explained(error: str, tables: Collection[str], columns: Collection[str]) -> str:
    """An error of SQLite, with the near name where it is about a table or column that there is not.

    >>> explained("no such column: p.staus", ["pairs"], ["status", "place_id"])
    'no such column: p.staus; did you mean status?'
    """
    missing = MISSING.fullmatch(error)
    if not missing:
        return error
    kind, name = missing.groups()
    near = difflib.get_close_matches(name.lower(), tables if kind == "table" else columns, 1, NEAR)
    return f"{error}; did you mean {near[0]}?" if near else error
