"""Compare how fast the site answers: one Datasette, ROAPI, the recipe of deploy/, and nginx with plain files.

Everything runs on this machine, in turn and in several rounds, under the same load; the medians are told.
Needs nginx and wrk (on Debian: apt-get install nginx wrk) and ROAPI (pip install roapi). Prints Markdown:

    make build && python -m benchmarks.serve > benchmarks/RESULTS-serve.md

Exit status: 0 measured, 2 cannot run.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import quote

from datasette.utils import tilde_encode

from benchmarks import contenders
from benchmarks.contenders import DATABASE, asked, rows_of
from benchmarks.load import CLIENTS, Found, Request, load
from deploy.alone import NGINX

TABLES = ["reported_figures", "sources", "statements"]
# The questions that are asked of everyone, and the SQL by which ROAPI gives the same rows: one over a
# single table, which suits ROAPI, and one that joins two.
QUESTIONS = {
    "who_said_what": """
        select stance, stated_on, speaker, speaker_role, quote, summary, statement_id, source_id
        from statements order by stance, stated_on nulls first, statement_id""",
    "figures_reported": """
        select measure, coalesce(cast(value as varchar), value_reported) as value, qualifier, unit,
               place_id, as_of, coalesce(reported_by, publisher) as reported_by, figure_id,
               reported_figures.source_id
        from reported_figures join sources on reported_figures.source_id = sources.source_id
        order by measure, as_of nulls first, figure_id""",
}
ROUNDS = 3
BOUND_MS = 100


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument(
        "build", type=Path, nargs="?", default=Path("build"), help="a directory from `make build`"
    )
    made.add_argument("--seconds", type=int, default=5, help="of each measurement (default: 5)")
    made.add_argument("--mixed", type=int, default=300, help="seconds of the mixed load (default: 300)")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    build = options.build.resolve()
    try:
        parts = [machine(), *[compared(build, options.seconds, name) for name in QUESTIONS]]
        parts.append(pages(build, options.seconds))
        parts.append(mixed(build, options.mixed))
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n\n".join(parts))
    return 0


def machine() -> str:
    """Where and with what it was measured."""
    cpu = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?")
    ran = subprocess.run([str(NGINX), "-v"], capture_output=True, text=True, check=True)
    names = ("datasette", "uvicorn", "httptools", "uvloop", "roapi")
    versions = [f"{name} {importlib.metadata.version(name)}" for name in names]
    versions += [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    versions.append(ran.stderr.strip().rpartition("/")[2].join(["nginx ", ""]))
    return f"""# Serving: what was measured

`python -m benchmarks.serve` on {date.today().isoformat()}: {cpu.partition(":")[2].strip()},
{os.cpu_count()} cores, which the load generator (wrk, one thread, {CLIENTS} clients) shares with the servers;
load of the machine before the start {os.getloadavg()[0]:.1f}.
{", ".join(versions)}.

ROAPI answers the same rows from the same tables by SQL. "Every address new" means that no answer can have
been kept; otherwise the site answers what was asked before from memory, the recipe from nginx's cache."""


def compared(build: Path, seconds: int, name: str) -> str:
    """One question, asked of everyone in turn."""
    found: dict[str, list[Found]] = {}
    question = f"/{DATABASE}/{name}.json?_shape=array"
    sql = Request("/api/sql", "POST", " ".join(QUESTIONS[name].split()))

    def measure(who: str, port: int, request: Request) -> None:
        load(port, [request], 1)
        fresh = time.time_ns() // 1000 % 10**9
        found.setdefault(who, []).append(load(port, [request], seconds, fresh=fresh))

    for _ in range(ROUNDS):
        with contenders.datasette_as_it_comes(build) as port:
            measure("Datasette without our plugins", port, Request(question))
        with contenders.datasette(build) as port:
            wanted = asked(port, question)
            measure("one Datasette, every address new", port, Request(f"{question}&new=@"))
            measure("one Datasette", port, Request(question))
        with contenders.roapi(build, TABLES) as port:
            same_rows(wanted, asked(port, sql.path, sql.body))
            measure("ROAPI", port, sql)
        with contenders.recipe(build) as (alone, port, plain):
            (alone.folder / "plain" / "same.json").write_bytes(asked(port, question))
            for _ in range(2):
                measure("the recipe", port, Request(question))
                measure("nginx, plain file", plain, Request("/same.json"))
    middle = {who: statistics.median(one.per_second for one in each) for who, each in found.items()}
    table = "\n".join(row_of(who, middle[who], each) for who, each in found.items())
    return f"""## {name}

{len(json.loads(wanted))} rows, {len(wanted):,} bytes; medians of {ROUNDS} rounds of {seconds} seconds.

| | answers a second | p50, ms | p99, ms | bytes an answer | failed |
| --- | ---: | ---: | ---: | ---: | ---: |
{table}

{targets(middle)}"""


def row_of(who: str, per_second: float, each: list[Found]) -> str:
    """A row of the table."""
    p50 = statistics.median(one.p50_ms for one in each)
    p99 = statistics.median(one.p99_ms for one in each)
    size, failed = each[0].bytes_per_answer, sum(one.failed for one in each)
    return f"| {who} | {per_second:,.0f} | {p50:.2f} | {p99:.2f} | {size:,.0f} | {failed} |"


def same_rows(ours: bytes, theirs: bytes) -> None:
    """Raises ValueError where ROAPI gives other rows; numbers that it had to write as text count as equal."""
    mine, others = (
        [{k: str(v).removesuffix(".0") for k, v in row.items()} for row in rows_of(text)]
        for text in (ours, theirs)
    )
    if mine != others:
        raise ValueError(f"ROAPI answers otherwise: {mine[:2]} and {others[:2]}")


def targets(middle: dict[str, float]) -> str:
    """What was to be reached and was."""
    roapi, recipe = middle["ROAPI"], middle["the recipe"]
    wanted = [
        ("one Datasette, of ROAPI's answers a second", middle["one Datasette"] / roapi, 0.8),
        (
            "one Datasette with every address new, of ROAPI's",
            middle["one Datasette, every address new"] / roapi,
            0.8,
        ),
        ("the recipe, of ROAPI's", recipe / roapi, 30),
        ("the recipe, of the plain file's", recipe / middle["nginx, plain file"], 0.7),
    ]
    return "\n".join(
        f"- {name}: {ratio:.2f}, to reach {least}: {'met' if ratio >= least else 'missed'}"
        for name, ratio, least in wanted
    )


def addresses(build: Path) -> Iterator[str]:
    """Every question as page and JSON, every table and view, and a row of each table that has any."""
    metadata = json.loads((build / "metadata.json").read_text("utf-8"))["databases"][DATABASE]
    yield from ["/", f"/{DATABASE}", "/-/policy", "/-/decisions.atom", "/sitemap.xml"]
    for name in metadata["queries"]:
        yield from [f"/{DATABASE}/{name}", f"/{DATABASE}/{name}.json"]
    with closing(sqlite3.connect(f"file:{quote(str(build))}/{DATABASE}.db?immutable=1", uri=True)) as db:
        for name in metadata["tables"]:
            yield f"/{DATABASE}/{name}"
            keys = [column[1] for column in db.execute(f"PRAGMA table_info({name})") if column[5]]
            row = db.execute(f"SELECT {', '.join(keys)} FROM {name} LIMIT 1").fetchone() if keys else None
            if row:
                yield f"/{DATABASE}/{name}/" + ",".join(tilde_encode(str(value)) for value in row)


def slowest(port: int, paths: list[str], seconds: int) -> tuple[dict[str, float], dict[str, float]]:
    """The p99 of each address, with every address new and with answers kept, in milliseconds."""
    new = {path: load(port, [Request(f"{path}?new=@")], seconds).p99_ms for path in paths}
    for path in paths:
        asked(port, path)
    return new, {path: load(port, [Request(path)], seconds).p99_ms for path in paths}


def pages(build: Path, seconds: int) -> str:
    """The slowest hundredth of the answers at each address."""
    paths = list(addresses(build))
    short = max(seconds // 2, 1)
    with contenders.datasette(build) as port:
        columns = [*slowest(port, paths, short)]
    with contenders.recipe(build) as (_, port, _plain):
        columns += slowest(port, paths, short)
    slow = sorted(paths, key=lambda path: -columns[0][path])[:12]
    lines = [f"| `{path}` | " + " | ".join(f"{one[path]:.1f}" for one in columns) + " |" for path in slow]
    over = [sum(value >= BOUND_MS for value in one.values()) for one in columns]
    table = "\n".join(lines)
    return f"""## Every question and page

p99 in milliseconds at {CLIENTS} clients, {short} seconds an address; {len(paths)} addresses, the 12 slowest
shown. To reach: under {BOUND_MS} ms.

| address | one Datasette, every address new | one Datasette | the recipe, every address new | the recipe |
| --- | ---: | ---: | ---: | ---: |
{table}
| addresses at {BOUND_MS} ms or more | {" | ".join(map(str, over))} |"""


def mixed(build: Path, seconds: int) -> str:
    """All addresses in turn, a tenth of them new each time, with raw SQL beside them, through the recipe."""
    known = [Request(path) for path in addresses(build)]
    fresh = [Request(f"{request.path}?new=@") for request in known[::10]]
    statuses: list[int] = []
    over = threading.Event()
    with contenders.recipe(build) as (_, port, _plain):
        asking = threading.Thread(target=raw_sql, args=(port, over, statuses))
        asking.start()
        found = load(port, known + fresh, seconds)
        over.set()
        asking.join()
    return f"""## Mixed load

{seconds} seconds of all addresses in turn through the recipe, {len(fresh)} of {len(known) + len(fresh)} new
each time, beside {len(statuses)} different questions in raw SQL, one a second: {found.answered:,} answers,
{found.per_second:,.0f} a second, p50 {found.p50_ms:.2f} ms, p99 {found.p99_ms:.2f} ms;
failed: {found.failed} and {sum(status != 200 for status in statuses)}. To reach: none."""


def raw_sql(port: int, over: threading.Event, statuses: list[int]) -> None:
    """Ask something new in SQL each second until it is over."""
    while not over.wait(1):
        sql = quote(f"select *, {len(statuses)} from pairs_overview limit 20")
        try:
            asked(port, f"/{DATABASE}.json?sql={sql}")
            statuses.append(200)
        except urllib.error.HTTPError as error:
            statuses.append(error.code)


if __name__ == "__main__":
    sys.exit(main())
