"""How fast the validator and the build are, beside frictionless and DuckDB, on the record and on more.

Writes benchmarks/RESULTS.md. Run it with `make bench`; it takes some minutes on two cores.
"""

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.processes import Measured, in_turn, machine
from benchmarks.synthetic import write_package
from scripts.checking.validator import check
from scripts.cli import DESCRIPTOR, ROOT
from scripts.documents.markdown import markdown

ROUNDS = 3
SIZES = (10_000, 100_000, 1_000_000)
PACKAGES = ("pandas", "pandera", "pyarrow", "frictionless", "duckdb")
COMMANDS = {
    "validate": ["scripts.validate"],
    "frictionless validate": ["frictionless", "validate"],
    "DuckDB load": ["benchmarks.duck"],
    "build": ["scripts.build", "--out"],
}
INTRODUCTION = """# How fast the validator and the build are

Written by `make bench`. Whole processes, in turn in one run: median seconds. On a noisy machine only the
ratios within one run mean something. `frictionless validate` checks much less; `DuckDB load` copies the same
tables into memory with the contract's types, keys and checks of columns, but without the rules between
columns and rows; the build checks and then writes the database.
"""


def measure(descriptor: Path) -> dict[str, Measured]:
    """All contenders in turn on one package."""
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            name: [
                sys.executable,
                "-m",
                *words,
                *([f"{folder}/build"] if words[-1] == "--out" else []),
                str(descriptor),
            ]
            for name, words in COMMANDS.items()
        }
        return in_turn(commands, ROOT, ROUNDS)


def line(package: str, descriptor: Path, measured: dict[str, Measured]) -> list[str]:
    """One line of the table of results."""
    rows = sum(path.read_bytes().count(b"\n") - 1 for path in (descriptor.parent / "data").glob("*.csv"))
    cells = [package, f"{rows:,}", *(f"{one.time:.2f}" for one in measured.values())]
    print(*cells, flush=True)
    return [*cells, f"{measured['validate'].memory:.0f} MiB"]


def after_imports() -> float:
    """Seconds of our check of the record within this process, where everything is imported."""
    start = time.perf_counter()
    check(DESCRIPTOR)
    return time.perf_counter() - start


def targets(shipped: dict[str, Measured], largest: dict[str, Measured]) -> list[str]:
    """What was to be reached, on the record and on the largest package, and what was."""
    ours, record = largest["validate"], shipped["frictionless validate"].time
    reached = {
        "the record, after imports, of the time of frictionless validate": (after_imports() / record, 1),
        "the largest, of the time of DuckDB's load": (ours.time / largest["DuckDB load"].time, 0.95),
        "the largest, GiB of memory": (ours.memory / 1024, 2),
    }
    return [
        f"- {name}: {value:.2f}, to reach at most {bound:g}: {'met' if value <= bound else 'missed'}"
        for name, (value, bound) in reached.items()
    ]


def main() -> None:
    """Measure, print, write."""
    shipped = largest = measure(DESCRIPTOR)
    lines = [line("the record", DESCRIPTOR, shipped)]
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            descriptor = write_package(Path(folder) / "package", size)
            largest = measure(descriptor)
            lines.append(line("made up", descriptor, largest))
    table = markdown(["package", "rows", *COMMANDS, "memory of validate"], lines)
    report = [INTRODUCTION, f"{machine(PACKAGES)}.", "", table, *targets(shipped, largest), ""]
    Path(__file__).with_name("RESULTS.md").write_text("\n".join(report), "utf-8")


if __name__ == "__main__":
    main()
