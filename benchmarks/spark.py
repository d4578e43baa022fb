"""Ask the canned questions of ten million intervals of status of DuckDB and of Apache Spark, by year.

Spark runs on this one machine (local mode) unless SPARK_MASTER names a cluster. The answers of the two
engines are compared; a difference is an error. Needs Java 17 and PySpark, see
docs/larger-than-one-machine.md.

Exit status: 0 the engines agree, 1 they do not.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyspark
from pyspark.sql import SparkSession

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.questions import QUESTIONS, TABLES, question, views, write_multiplied

DAY = date(2023, 6, 1)
TIE = "us-il-chicago--ru-mow-moscow-12"  # one of the copies, so that the answer can be read
Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("parquet", type=Path, help="the folder parquet/ of a release")
    made.add_argument("--rows", type=int, default=10_000_000, help="intervals (default: ten million)")
    made.add_argument("--memory", default="8g", help="memory of Spark's one process (default: 8g)")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark and print its results as Markdown; returns the exit status."""
    options = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds, rows = timed(lambda: write_multiplied(options.parquet, folder, options.rows))
        files = list(folder.rglob("*.parquet"))
        size = sum(path.stat().st_size for path in files)
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {seconds:.1f} s to write {rows};")
        years = len(list((folder / "pair_status_history").iterdir()))
        print(f"{len(files)} Parquet files, {size / 1e6:.0f} MB, pair_status_history in {years} years\n")
        print("| engine | question | rows of the answer | seconds |\n| --- | --- | --- | --- |")
        duck = asked(f"DuckDB {duckdb.__version__}", *with_duckdb(folder))
        spark = asked(f"Spark {pyspark.__version__}, local", *with_spark(folder, options.memory))
    agree = duck == spark
    print(f"\nThe answers are {'the same' if agree else 'NOT the same'}.")
    return 0 if agree else 1


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The seconds that some work took, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def asked(engine: str, ask: Ask, stop: Callable[[], None]) -> list[Rows]:
    """The answers of an engine, each printed with the time that it took, the first start included."""
    answers = []
    for name in QUESTIONS:
        sql = question(name, DAY, TIE if name == "status_on_a_date" else "")
        seconds, answer = timed(partial(ask, sql))
        print(f"| {engine} | {name} | {len(answer)} | {seconds:.1f} |", flush=True)
        answers.append([tuple(map(plain, row)) for row in answer])
    stop()
    return answers


def plain(value: object) -> object:
    """A value that compares between engines."""
    return float(value) if isinstance(value, Decimal) else value


def with_duckdb(folder: Path) -> tuple[Ask, Callable[[], None]]:
    """DuckDB over the files."""
    engine = duckdb.connect()
    for name in TABLES:
        path = folder / name
        files = f"{path}/*/*.parquet" if path.is_dir() else f"{path}.parquet"
        engine.execute(
            f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{files}', hive_partitioning = true)"
        )
    for view in views("CREATE VIEW"):
        engine.execute(view)
    return lambda sql: engine.execute(sql).fetchall(), engine.close


def with_spark(folder: Path, memory: str) -> tuple[Ask, Callable[[], None]]:
    """Spark over the same files."""
    spark = (
        SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local[*]"))
        .config("spark.driver.memory", memory)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for name in TABLES:
        path = folder / name
        source = str(path) if path.is_dir() else f"{path}.parquet"
        spark.read.parquet(source).createOrReplaceTempView(name)
    for view in views("CREATE TEMPORARY VIEW"):
        spark.sql(view)
    return lambda sql: [tuple(row) for row in spark.sql(sql).collect()], spark.stop


if __name__ == "__main__":
    sys.exit(main())
