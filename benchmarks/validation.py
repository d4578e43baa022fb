"""How fast the validator and the build are, beside frictionless and DuckDB, on the record and on more.

Writes benchmarks/RESULTS.md. Run it with `make bench`; it takes about four minutes on two idle cores.

Exit status: 0 measured, 2 cannot run, for example because a contender failed.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import pandas as pd

from benchmarks.synthetic import write_package
from schemas.problems import CannotRunError
from scripts.checking.validator import check
from scripts.cli import DESCRIPTOR, ROOT, command, progress
from scripts.documents.markdown import markdown

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS, ENOUGH = 3, 20  # a command is not run again that has taken so many seconds on a package
SLOW, MOST = "frictionless validate", 200_000  # the command that is not run on a package of more rows
COMMANDS = {
    "validate": "scripts.validate {package}",
    "DuckDB load": "benchmarks.duck {package}",
    "build": "scripts.build --out {folder}/build {package}",
    SLOW: "frictionless validate {package}",
}
RATIO, MEMORY = "validate / DuckDB load", "MiB of validate"
Run = tuple[str, str, float, float]  # the package, the command, its wall seconds and peak MiB


@command()
def main(_options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    with progress("measuring") as step:
        measured = list(runs("the record", DESCRIPTOR, step))
        for size in SIZES:
            with TemporaryDirectory() as folder:
                step(f"{size:,} rows: making them up")
                measured += runs("made up", write_package(Path(folder) / "package", size), step)
    start = time.perf_counter()
    check(DESCRIPTOR)
    written = report(results(measured), time.perf_counter() - start)
    Path(__file__).with_name("RESULTS.md").write_text(written, "utf-8")
    print(written)
    return 0


def runs(what: str, descriptor: Path, step: Callable[[str], None]) -> Iterator[Run]:
    """Every run of every command on one package, in turn, so that all meet the same noise."""
    rows = sum(path.read_bytes().count(b"\n") - 1 for path in (descriptor.parent / "data").glob("*.csv"))
    taken = dict.fromkeys(COMMANDS, 0.0)
    with TemporaryDirectory() as folder:
        for number in range(1, ROUNDS + 1):
            for name, words in COMMANDS.items():
                if taken[name] < ENOUGH and (name != SLOW or rows <= MOST):
                    step(f"{rows:,} rows, round {number} of {ROUNDS}: {name}")
                    given = [word.format(package=descriptor, folder=folder) for word in words.split()]
                    seconds, mebibytes = run([sys.executable, "-m", *given])
                    taken[name] += seconds
                    yield f"{what}, {rows:,} rows", name, seconds, mebibytes


def run(words: list[str]) -> tuple[float, float]:
    """Wall seconds and peak MiB of one process; raises CannotRunError where it fails."""
    with TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise CannotRunError(f"{' '.join(words)} failed: {errors.read()}")
    return seconds, usage.ru_maxrss / 1024


def results(measured: list[Run]) -> pd.DataFrame:
    """A line for each package: the median seconds of each command and what follows from the runs."""
    frame = pd.DataFrame(measured, columns=["package", "command", "seconds", "mebibytes"])
    lines = frame.pivot_table("seconds", "package", "command", "median", sort=False)
    lines[RATIO] = lines["validate"] / lines["DuckDB load"]
    lines[MEMORY] = frame[frame["command"] == "validate"].groupby("package")["mebibytes"].max()
    return lines


def report(lines: pd.DataFrame, imported: float) -> str:
    """What was measured and what was to be reached, as Markdown.

    `imported` is the seconds of our check of the record where everything is imported.
    """
    record, largest = lines.iloc[0], lines.iloc[-1]
    return f"""# How fast the validator and the build are

Written by `make bench`. Whole processes, in turn in one run: median seconds of {ROUNDS} runs, or of fewer
where they take {ENOUGH} seconds together. On a noisy machine only the ratios within one run mean something.
`DuckDB load` copies the same tables into memory with the contract's types, keys and checks of columns, but
without the rules between columns and rows; the build checks and then writes the database. `{SLOW}`
checks much less and is not run on the largest package, where it takes most of a minute.

{machine(("pandas", "pandera", "pyarrow", "frictionless", "duckdb"))}.

{table(lines.round(2))}
- the record: the check after imports takes {imported / record[SLOW]:.2f} of the time of `{SLOW}`, to reach 1
- the largest package: `validate` takes {largest[RATIO]:.2f} of the time of `DuckDB load`, to reach 0.95,
  and {largest[MEMORY]:.0f} MiB of memory, to reach 2,048
"""


def machine(packages: Iterable[str]) -> str:
    """The machine and the versions that figures were taken with."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    hardware = f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{hardware}; Python {sys.version.split()[0]}, {versions}"


def table(lines: pd.DataFrame) -> str:
    """Lines of results in Markdown, each under its name; what was not measured is empty."""
    cells = lines.astype(object).where(lines.notna(), None).reset_index()
    return markdown(list(cells.columns), cells.to_numpy().tolist())


if __name__ == "__main__":
    sys.exit(main())
