"""How long each canned query takes on this machine, and how many instructions of SQLite's it is made of.

Run `python -m scripts.build`, then `python benchmarks/queries.py`. The tests bound the instructions; this
shows that the bound means well under a tenth of `sql_time_limit_ms`.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import statistics
import sys
import time
from contextlib import closing
from pathlib import Path

from datasette.utils import escape_fts

BUILD = Path(__file__).parents[1] / "build"
ROUNDS = 20
STEP = 100


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("build", nargs="?", type=Path, default=BUILD, help="a build directory (default: build)")
    return made


def milliseconds(db: sqlite3.Connection, sql: str, given: dict[str, str]) -> float:
    """How long the statement takes until its last row is read."""
    start = time.perf_counter()
    db.execute(sql, given).fetchall()
    return 1000 * (time.perf_counter() - start)


def instructions(db: sqlite3.Connection, sql: str, given: dict[str, str]) -> int:
    """How many instructions of the virtual machine it takes, to the last full hundred."""
    steps: list[int] = []
    db.set_progress_handler(lambda: steps.append(STEP), STEP)
    db.execute(sql, given).fetchall()
    db.set_progress_handler(None, 0)
    return sum(steps)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    build = parser().parse_args(arguments).build
    metadata = json.loads((build / "metadata.json").read_text("utf-8"))
    limit = json.loads((build / "settings.json").read_text("utf-8"))["sql_time_limit_ms"]
    slowest = 0.0
    with closing(sqlite3.connect(f"file:{build / 'sister_cities.db'}?mode=ro", uri=True)) as db:
        db.create_function("escape_fts", 1, escape_fts)
        print(f"{'query':36}{'instructions':>14}{'median ms':>11}{'longest ms':>12}")
        for name, query in metadata["databases"]["sister_cities"]["queries"].items():
            given = dict.fromkeys(re.findall(r":([a-z]+)", query["sql"]), "")
            times = [milliseconds(db, query["sql"], given) for _ in range(ROUNDS)]
            slowest = max(slowest, statistics.median(times))
            counted = instructions(db, query["sql"], given)
            print(f"{name:36}{counted:14}{statistics.median(times):11.2f}{max(times):12.2f}")
    print(f"slowest median: {slowest:.1f} ms of the {limit} ms after which a query is ended")
    return 0 if slowest <= limit / 10 else 1


if __name__ == "__main__":
    sys.exit(main())
