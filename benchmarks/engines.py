"""Ask the canned questions about status and share of other engines than SQLite: the very same SQL.

    spark-submit --driver-memory 8g benchmarks/engines.py dist/parquet

asks them of ten million intervals of status, in DuckDB and in Apache Spark, prints Markdown, and compares the
answers; a difference is an error. For so many the ties of a release are written many times over, each time
under other keys. Needs Java 17 and PySpark, see docs/larger-than-one-machine.md.
"""

import math
import os
import platform
import re
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import yaml

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ("status_on_a_date", "share_suspended_or_ended")
TABLES = ("pairs", "places", "pair_status_history")  # what the questions and the views that they ask need
VIEWS = ("tie_places", "standing_ties")
ASKED = re.compile(r"with asked \(day\) as \(.*?\)\)\)", re.S)
INTERVALS = 10_000_000
DAY = date(2023, 6, 1)
TIE = "us-il-chicago--ru-mow-moscow-12"  # one of the copies, so that the answer can be read
Rows = list[tuple[Any, ...]]


def main(parquet: str) -> bool:
    """Print the times of both engines; returns whether their answers are the same."""
    from pyspark.sql import SparkSession  # for this alone, so in no requirements file

    duck, spark = duckdb.connect(), SparkSession.builder.getOrCreate()
    with TemporaryDirectory() as folder:
        rows = write_multiplied(parquet, folder, INTERVALS)
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, rows: {rows}\n")
        print("| engine | question | rows of the answer | seconds |\n| --- | --- | --- | --- |")
        files = f"read_parquet('{folder}/{{}}/**/*.parquet', hive_partitioning = true)"
        of_duck = answers(f"DuckDB {duckdb.__version__}", files, lambda sql: duck.execute(sql).fetchall())
        files = f"parquet.`{folder}/{{}}`"
        of_spark = answers(f"Spark {spark.version}", files, lambda sql: spark.sql(sql).collect())
    print(f"\nThe answers are {'the same' if of_duck == of_spark else 'NOT the same'}.")
    return of_duck == of_spark


def answers(engine: str, files: str, ask: Callable[[str], list[Any]]) -> list[Rows]:
    """The answers of an engine, each printed with the seconds that it took."""
    given = []
    for view in views(files):
        ask(view)
    for name in QUESTIONS:
        start = time.perf_counter()
        rows = ask(question(name, DAY, TIE if name == "status_on_a_date" else ""))
        print(f"| {engine} | {name} | {len(rows)} | {time.perf_counter() - start:.1f} |", flush=True)
        given.append([tuple(float(v) if isinstance(v, Decimal) else v for v in row) for row in rows])
    return given


def views(files: str) -> list[str]:
    """The statements that make TABLES and VIEWS; `files` is how an engine names the Parquet of a table {}."""
    written = (ROOT / "schemas" / "views.sql").read_text("utf-8")
    queries = dict(re.findall(r"^create view (\w+) as\n(.*?);$", written, re.M | re.S))
    made = {name: f"SELECT * FROM {files.format(name)}" for name in TABLES}
    made |= {name: queries[name] for name in VIEWS}
    return [f"CREATE TEMPORARY VIEW {name} AS {query}" for name, query in made.items()]


def canned(name: str) -> str:
    """A canned question as Datasette asks it, with its parameters."""
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
    return str(metadata["databases"]["sister_cities"]["queries"][name]["sql"])


def question(name: str, day: date, tie: str = "") -> str:
    """A canned question with its parameters put in, for an engine that compares dates with dates."""
    asked = f"with asked (day) as (select date '{day}')"
    return ASKED.sub(asked, canned(name), count=1).replace(":tie", f"'{tie}'")


def write_multiplied(parquet: Path | str, folder: Path | str, intervals: int) -> dict[str, int]:
    """Write TABLES of a release with about so many intervals of status, these by the year of their decision.

    `parquet` is that folder of a release. Returns the rows of each table; the places stay as they are.
    """
    other = "* REPLACE (pair_id || '-' || i AS pair_id)"
    selected = {  # each with how its files are written
        "places": ("* FROM", "PER_THREAD_OUTPUT"),
        "pairs": (f"{other} FROM copies,", "PER_THREAD_OUTPUT"),
        "pair_status_history": (f"{other}, year(valid_from) AS year FROM copies,", "PARTITION_BY (year)"),
    }
    rows = {}
    with duckdb.connect() as engine:
        once = len(engine.read_parquet(f"{parquet}/pair_status_history.parquet"))
        engine.execute(f"CREATE TABLE copies AS FROM range({math.ceil(intervals / once)}) AS copies (i)")
        for name, (select, options) in selected.items():
            copy = f"COPY (SELECT {select} '{parquet}/{name}.parquet') TO '{folder}/{name}'"
            rows[name] = int(engine.execute(f"{copy} (FORMAT PARQUET, {options})").fetchall()[0][0])
    return rows


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1]))
