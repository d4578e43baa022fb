"""Validation and build against frictionless, DuckDB, sqlite-utils and the csv module, on several packages.

Writes benchmarks/RESULTS.md. Run it with `make bench`; it takes some minutes on two cores.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.processes import Measured, in_turn, machine
from benchmarks.synthetic import ROOT, write_package
from scripts.checking.validator import check

ROUNDS = 3
SIZES = (1_000, 10_000, 100_000, 1_000_000)
PACKAGES = ("pandas", "pandera", "pyarrow", "frictionless", "duckdb", "sqlite-utils")
OURS, FRICTIONLESS, DUCKDB = "validate", "frictionless validate", "DuckDB load"
BUILD, INSERT = "build", "sqlite-utils insert"


def commands(descriptor: Path, out: Path) -> dict[str, list[list[str]]]:
    """The processes of each contender on one package."""
    python = [sys.executable, "-m"]
    tables = sorted((descriptor.parent / "data").glob("*.csv"))
    database = str(out / "inserted.db")
    return {
        OURS: [[*python, "scripts.validate", str(descriptor)]],
        FRICTIONLESS: [[*python, "frictionless", "validate", str(descriptor)]],
        DUCKDB: [[*python, "benchmarks.duck", str(descriptor)]],
        BUILD: [[*python, "scripts.build", str(descriptor), "--out", str(out / "build")]],
        INSERT: [
            [*python, "sqlite_utils", "insert", database, table.stem, str(table), "--csv"]
            for table in tables
            if table.read_bytes().count(b"\n") > 1
        ],
    }


def fresh(processes: list[list[str]], out: Path) -> list[list[str]]:
    """The processes of a contender, after what an earlier one wrote is gone."""
    (out / "inserted.db").unlink(missing_ok=True)
    shutil.rmtree(out / "build", ignore_errors=True)
    return processes


def measure(descriptor: Path, rounds: int) -> dict[str, Measured]:
    """All contenders in turn on one package."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        made = {name: partial(fresh, processes, out) for name, processes in commands(descriptor, out).items()}
        return in_turn(made, ROOT, rounds)


def parse(folder: Path) -> float:
    """Seconds in which Python's csv module reads every row of every table and keeps none."""
    start = time.perf_counter()
    for path in sorted((folder / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            deque(csv.reader(file), maxlen=0)
    return time.perf_counter() - start


def reading_and_parsing(descriptor: Path, rounds: int) -> tuple[float, float]:
    """Median seconds of our check, and of the csv module on the same bytes, within this process."""
    checked, parsed = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        if check(descriptor).problems:
            raise RuntimeError(f"{descriptor} has problems")
        checked.append(time.perf_counter() - start)
        parsed.append(parse(descriptor.parent))
    return median(checked), median(parsed)


@dataclass(frozen=True)
class Result:
    """What was measured on one package; `checked` and `parsed` are seconds within one process."""

    package: str
    rows: int
    whole: dict[str, Measured]
    checked: float
    parsed: float

    def times_as_fast(self, ours: str, theirs: str) -> float:
        """How often ours is done before theirs is."""
        return self.whole[theirs].time / self.whole[ours].time

    @property
    def line(self) -> str:
        """One line of the table of results."""
        ours, build = self.whole[OURS], self.whole[BUILD]
        cells = [
            self.package,
            f"{self.rows:,}",
            f"{ours.time:.2f} s",
            f"{self.rows / ours.time:,.0f}",
            f"{ours.memory:.0f} MiB",
            f"{self.whole[FRICTIONLESS].time:.2f} s",
            f"{self.times_as_fast(OURS, FRICTIONLESS):.1f}",
            f"{self.whole[DUCKDB].time:.2f} s",
            f"{1 / self.times_as_fast(OURS, DUCKDB):.2f}",
            f"{self.checked / self.parsed:.1f}",
            f"{build.time:.2f} s",
            f"{self.whole[INSERT].time:.2f} s",
            f"{self.times_as_fast(BUILD, INSERT):.1f}",
        ]
        return f"| {' | '.join(cells)} |"


def result(name: str, descriptor: Path) -> Result:
    """Everything measured on one package, `ROUNDS` times in turn."""
    rows = sum(path.read_bytes().count(b"\n") - 1 for path in (descriptor.parent / "data").glob("*.csv"))
    found = Result(name, rows, measure(descriptor, ROUNDS), *reading_and_parsing(descriptor, ROUNDS))
    print(found.line, flush=True)
    return found


def targets(results: list[Result]) -> list[str]:
    """What was to be reached, on the shipped data and on the largest package, and what was."""
    shipped, smaller, largest = results[0], results[-2], results[-1]
    rows = f"{largest.rows:,} rows"
    growth = largest.whole[OURS].time / smaller.whole[OURS].time
    at_most = {
        "shipped data, after imports, wall time of frictionless validate": (
            shipped.checked / shipped.whole[FRICTIONLESS].time,
            1,
        ),
        "shipped data, wall time of frictionless validate": (
            1 / shipped.times_as_fast(OURS, FRICTIONLESS),
            2,
        ),
        f"{rows}, time of DuckDB's load": (1 / largest.times_as_fast(OURS, DUCKDB), 0.95),
        f"{rows}, time of the csv module's": (largest.checked / largest.parsed, 3),
        f"{rows}, time of that of {smaller.rows:,}": (growth, largest.rows / smaller.rows),
        f"{rows}, GiB of memory": (largest.whole[OURS].memory / 1024, 2),
    }
    at_least = {
        f"{rows}, times as fast as frictionless validate": (largest.times_as_fast(OURS, FRICTIONLESS), 10),
        f"{rows}, build, times as fast as sqlite-utils": (largest.times_as_fast(BUILD, INSERT), 5),
    }
    lines = [(*one, "at most", one[1][0] <= one[1][1]) for one in at_most.items()]
    lines += [(*one, "at least", one[1][0] >= one[1][1]) for one in at_least.items()]
    return [
        f"- {name}: {value:.2f}, to reach {sense} {bound:g}: {'met' if met else 'missed'}"
        for name, (value, bound), sense, met in lines
    ]


INTRODUCTION = """# How fast the validator and the build are

Written by `make bench`. Whole processes, in turn in one run; medians, and the largest peak memory. On a
noisy machine only the ratios within one run mean something. `check / csv module` compares, within one
process, reading and checking everything with merely parsing the same bytes with Python's csv module.
`DuckDB load` copies the same tables into memory with the contract's types, keys and checks of columns, but
without the rules between columns and rows; `sqlite-utils insert --csv` with nothing of all this.
"""
HEAD = (
    "| package | rows | validate | rows a second | peak memory | frictionless validate | "
    "times as fast | DuckDB load | of its time | check / csv module | build | sqlite-utils insert | "
    "times as fast |"
)


def main() -> None:
    """Measure, print, write."""
    argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__).parse_args()
    print(HEAD)
    results = [result("shipped", ROOT / "datapackage.json")]
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            results.append(result("synthetic", write_package(Path(folder) / "package", size)))
    rule = f"|{' --- |' * HEAD.count(' |')}"
    table = [HEAD, rule, *(one.line for one in results)]
    report = "\n".join([INTRODUCTION, f"{machine(PACKAGES)}.", "", *table, "", *targets(results), ""])
    (Path(__file__).with_name("RESULTS.md")).write_text(report, "utf-8")


if __name__ == "__main__":
    main()
