"""Ask the canned questions of ten million intervals of status of DuckDB and of Apache Spark, by year.

    python benchmarks/spark.py dist/parquet

Spark runs on this one machine (local mode) unless SPARK_MASTER names a cluster; SPARK_MEMORY is the memory of
its process (default: 8g). Prints Markdown. The answers of the two engines are compared; a difference is an
error. Needs Java 17 and PySpark, see docs/larger-than-one-machine.md.
"""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyspark
from pyspark.sql import SparkSession

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.questions import QUESTIONS, TABLES, question, views, write_multiplied

INTERVALS = 10_000_000
DAY = date(2023, 6, 1)
TIE = "us-il-chicago--ru-mow-moscow-12"  # one of the copies, so that the answer can be read
Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]


def main(parquet: Path) -> bool:
    """Print the times of both engines; returns whether their answers are the same."""
    with tempfile.TemporaryDirectory() as name:
        rows = write_multiplied(parquet, Path(name), INTERVALS)
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, rows: {rows}\n")
        print("| engine | question | rows of the answer | seconds |\n| --- | --- | --- | --- |")
        duck = answers(f"DuckDB {duckdb.__version__}", with_duckdb(Path(name)))
        spark = answers(f"Spark {pyspark.__version__}", with_spark(Path(name)))
    print(f"\nThe answers are {'the same' if duck == spark else 'NOT the same'}.")
    return duck == spark


def answers(engine: str, ask: Ask) -> list[Rows]:
    """The answers of an engine, each printed with the seconds that it took, the first start included."""
    found = []
    for name in QUESTIONS:
        start = time.perf_counter()
        rows = ask(question(name, DAY, TIE if name == "status_on_a_date" else ""))
        print(f"| {engine} | {name} | {len(rows)} | {time.perf_counter() - start:.1f} |", flush=True)
        found.append([tuple(float(v) if isinstance(v, Decimal) else v for v in row) for row in rows])
    return found


def with_duckdb(folder: Path) -> Ask:
    """DuckDB over the files."""
    engine = duckdb.connect()
    for name in TABLES:
        files = f"{folder / name}/*/*.parquet" if (folder / name).is_dir() else f"{folder / name}.parquet"
        engine.execute(
            f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{files}', hive_partitioning = true)"
        )
    for view in views("CREATE VIEW"):
        engine.execute(view)
    return lambda sql: engine.execute(sql).fetchall()


def with_spark(folder: Path) -> Ask:
    """Spark over the same files."""
    spark = (
        SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local[*]"))
        .config("spark.driver.memory", os.environ.get("SPARK_MEMORY", "8g"))
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for name in TABLES:
        source = folder / name if (folder / name).is_dir() else folder / f"{name}.parquet"
        spark.read.parquet(str(source)).createOrReplaceTempView(name)
    for view in views("CREATE TEMPORARY VIEW"):
        spark.sql(view)
    return lambda sql: [tuple(row) for row in spark.sql(sql).collect()]


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1])))
