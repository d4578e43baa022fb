"""Validation and build against frictionless, sqlite-utils and the csv module, on packages of four sizes.

Writes benchmarks/RESULTS.md. Run it with `make bench`; it takes some minutes on two cores.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.parse import parse
from benchmarks.processes import Measured, in_turn, machine
from benchmarks.synthetic import ROOT, write_package
from schemas.check import check

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PACKAGES = ("pandas", "pandera", "pyarrow", "frictionless", "sqlite-utils")
OURS, FRICTIONLESS, BUILD, INSERT = "validate", "frictionless validate", "build", "sqlite-utils insert"


def commands(descriptor: Path, out: Path) -> dict[str, list[list[str]]]:
    """The processes of each contender on one package."""
    python = [sys.executable, "-m"]
    tables = sorted((descriptor.parent / "data").glob("*.csv"))
    database = str(out / "inserted.db")
    return {
        OURS: [[*python, "scripts.validate", str(descriptor)]],
        FRICTIONLESS: [[*python, "frictionless", "validate", str(descriptor)]],
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


def line(name: str, descriptor: Path, rounds: int) -> str:
    """One line of the table of results."""
    rows = sum(path.read_bytes().count(b"\n") - 1 for path in (descriptor.parent / "data").glob("*.csv"))
    measured = measure(descriptor, rounds)
    inside = reading_and_parsing(descriptor, max(rounds, 3))
    ours, theirs = measured[OURS], measured[FRICTIONLESS]
    build, insert = measured[BUILD], measured[INSERT]
    cells = [
        name,
        f"{rows:,}",
        f"{ours.time:.2f} s",
        f"{rows / ours.time:,.0f}",
        f"{ours.memory:.0f} MiB",
        f"{theirs.time:.2f} s",
        f"{theirs.time / ours.time:.1f}",
        f"{inside[0] / inside[1]:.1f}",
        f"{build.time:.2f} s",
        f"{insert.time:.2f} s",
        f"{insert.time / build.time:.1f}",
    ]
    text = f"| {' | '.join(cells)} |"
    print(text, flush=True)
    return text


INTRODUCTION = """# How fast the validator and the build are

Written by `make bench`. Whole processes, in turn in one run; medians, and the largest peak memory. On a
noisy machine only the ratios within one run mean something. `check / csv module` compares, within one
process, reading and checking everything with merely parsing the same bytes with Python's csv module.
`sqlite-utils insert --csv` loads the same tables without types, keys, indexes, search or checks.
"""
HEAD = (
    "| package | rows | validate | rows a second | peak memory | frictionless validate | "
    "times as fast | check / csv module | build | sqlite-utils insert | times as fast |"
)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="rows of the synthetic packages")
    sizes = parser.parse_args().sizes
    print(HEAD)
    lines = [line("shipped", ROOT / "datapackage.json", 5)]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            descriptor = write_package(Path(folder) / "package", size)
            lines.append(line("synthetic", descriptor, 1 if size >= 1_000_000 else 3))
    rule = f"|{' --- |' * HEAD.count(' |')}"
    report = "\n".join([INTRODUCTION, machine(PACKAGES) + ".", "", HEAD, rule, *lines, ""])
    (Path(__file__).with_name("RESULTS.md")).write_text(report, "utf-8")


if __name__ == "__main__":
    main()
