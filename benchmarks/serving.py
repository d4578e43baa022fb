"""Measure what readers get of the site, alone and beside four who mean ill, and what it takes of memory.

Everything runs on this machine, the readers too. Needs Linux: the readers have addresses of their own on the
loopback. Writes Markdown to standard output:

    make build && .venv/bin/python -m benchmarks.serving > benchmarks/RESULTS-serving.md

Exit status: 0 measured, 1 an answer was not as it must be, 2 cannot run.
"""

import argparse
import http.client
import itertools
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import quote

from benchmarks.hostile import DOWNLOAD, addresses
from benchmarks.processes import machine
from schemas.problems import CannotRunError
from scripts.build import MANIFEST
from scripts.cli import ROOT, command
from scripts.documents.markdown import markdown

HOSTILE, HONEST = "127.0.0.66", "127.0.0.7"
PAGES = {
    "health": "/-/health",
    "home": "/",
    "database page": "/sister_cities",
    "dossier": "/sister_cities/pairs/us-il-chicago--ru-mow-moscow",
    "place": "/sister_cities/places/us-il-chicago",
    "source": "/sister_cities/sources/:source",
    "table": "/sister_cities/pairs",
    "search": "/sister_cities/pairs?_search=moscow",
    "question": "/sister_cities/status_on_a_date",
    "SQL": "/sister_cities.json?sql=" + quote("select count(*) from pairs where pair_id > :new"),
}
BEYOND_PAGES = {"search", "question", "SQL"}  # they wait for a worker
BOUNDS_MS = dict.fromkeys(("health", "dossier", "place", "source", "table", "search"), 150)  # else 500
HEAD = ["page", "answers", "p50", "p95", "p99", "worst", "failed"]
ALONE = 5  # seconds that eight clients ask for one page
Answers = list[tuple[str, float, int]]  # name of the page, milliseconds, status (0: no answer)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    default = ROOT / "build"
    parser.add_argument("build", type=Path, nargs="?", default=default, help="a directory from `make build`")
    parser.add_argument("--seconds", type=int, default=30, help="of the attack (default: 30)")


@command(arguments)
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    if not (options.build / MANIFEST).is_file():
        raise CannotRunError(f"{options.build} is no build: run make build")
    cost: dict[str, float] = {}
    alone: Answers = []
    with served(options.build) as (port, process):
        source = asked(port, "/sister_cities/sources.csv?_size=1&_header=off", HONEST)[2].split(b",")[0]
        pages = {name: path.replace(":source", source.decode()) for name, path in PAGES.items()}
        for name, path in pages.items():
            before = processor_ms(process)
            reader = partial(read, port, in_turn({name: path}), HONEST, time.monotonic() + ALONE)
            with ThreadPoolExecutor(8) as pool:
                readers = [pool.submit(reader) for _ in range(8)]
                answers = [answer for each in readers for answer in each.result()]
            cost[name] = (processor_ms(process) - before) / len(answers)
            alone += answers
        idle = memory(process)
        honest, hostile, most = attacked(port, process, pages, options.seconds)
    print(report(alone, cost, honest, hostile, idle, most))
    return 1 if any(status != 200 for _, _, status in (*alone, *honest)) else 0


@contextmanager
def served(build: Path) -> Iterator[tuple[int, int]]:
    """The port and process of `datasette build/`, from when it answers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    line = [sys.executable, "-m", "datasette", "serve", str(build), "--port", str(port), "-h", "0.0.0.0"]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                time.sleep(0.2)
                if asked(port, "/-/health", HONEST)[0] == 200:
                    break
            else:
                raise CannotRunError("the server does not answer")
            yield port, process.pid
        finally:
            process.terminate()


def asked(port: int, path: str, address: str) -> tuple[int, float, bytes]:
    """The status of an answer, 0 where there is none, the milliseconds that it took, and its body."""
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(address, 0))
    status, body = 0, b""
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        connection.close()
    return status, 1000 * (time.monotonic() - start), body


def read(
    port: int, pages: Iterator[tuple[str, str]], address: str, until: float, pause: float = 0
) -> Answers:
    """What one reader gets who asks for each name and path in turn until that moment."""
    answers: Answers = []
    for name, path in pages:
        if time.monotonic() >= until:
            break
        time.sleep(pause)
        status, milliseconds, _ = asked(port, path, address)
        answers.append((name, milliseconds, status))
    return answers


def in_turn(pages: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page, then every page again; a query with something new in it each time."""
    for name, path in itertools.cycle(pages.items()):
        yield name, path + (f"&new={random.random()}" if name == "SQL" else "")


def processor_ms(process: int) -> float:
    """The milliseconds of a core that a process has had, without its children."""
    parts = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return 1000 * (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> int:
    """The MB that a process and its children hold, pages that they share counted once."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    total, children = 0, " ".join(task.read_text("ascii") for task in tasks)
    for pid in (str(process), *children.split()):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total // 1024


def attacked(port: int, process: int, pages: dict[str, str], seconds: int) -> tuple[Answers, Answers, int]:
    """Two honest readers beside four hostile ones at one address; who got what, and the most memory."""
    most, until, paths = 0, time.monotonic() + seconds, addresses()
    with ThreadPoolExecutor(6) as pool:
        hostile = [
            pool.submit(
                read,
                port,
                itertools.cycle(("" if path != DOWNLOAD else "download", path) for path in mixed),
                HOSTILE,
                until,
            )
            for mixed in (random.Random(seed).sample(paths, len(paths)) for seed in range(4))
        ]
        honest = [pool.submit(read, port, in_turn(pages), HONEST, until, 0.1) for _ in range(2)]
        while time.monotonic() < until:
            time.sleep(0.25)
            most = max(most, memory(process))
        return (
            [answer for reader in honest for answer in reader.result()],
            [answer for reader in hostile for answer in reader.result()],
            most,
        )


def percentile(times: list[float], share: float) -> float:
    """The milliseconds within which that share of the answers came."""
    return sorted(times)[min(int(share * len(times)), len(times) - 1)]


def lines(answers: Answers) -> list[list[object]]:
    """A line of results for each page."""
    found: list[list[object]] = []
    for name in dict.fromkeys(name for name, *_ in answers):
        times = [milliseconds for page, milliseconds, _ in answers if page == name]
        shares = [f"{percentile(times, share):.0f}" for share in (0.5, 0.95, 0.99, 1)]
        failed = sum(page == name and status != 200 for page, _, status in answers)
        found.append([name, len(times), *shares, failed])
    return found


def report(
    alone: Answers, cost: dict[str, float], honest: Answers, hostile: Answers, idle: int, most: int
) -> str:
    """What was measured, as Markdown."""
    costed = [[*line, f"{cost[str(line[0])]:.1f}", BOUNDS_MS.get(str(line[0]), 500)] for line in lines(alone)]
    paged = [milliseconds for name, milliseconds, _ in honest if name not in BEYOND_PAGES]
    queries = [(milliseconds, status) for name, milliseconds, status in hostile if not name]
    statuses = [status for _, status in queries if status != 200]
    refused = {status: statuses.count(status) for status in sorted(set(statuses))}
    return f"""# Serving: what was measured

`python -m benchmarks.serving` on {date.today().isoformat()}; load of the machine at the end
{os.getloadavg()[0]:.1f}: {machine(("datasette", "uvicorn", "h11"))}.
The readers share the cores with the server.

## Eight clients at one page

{ALONE} seconds each. Milliseconds; the time of the processor is that of the server for one answer, which
other work on the machine does not lengthen: on an idle core eight clients wait eight times as long.

{markdown([*HEAD, "processor", "p99 to reach"], costed)}
## Beside four hostile readers at one address

They ask for {len(addresses())} addresses in turn, without pause. Two others read meanwhile. Milliseconds.

{markdown(HEAD, lines(honest))}
- pages and health together: p95 {percentile(paged, 0.95):.0f}, to reach 1,000;
  worst {max(paged):.0f}, to reach 3,000
- the hostile: {len(queries)} answers, worst {max(queries)[0]:.0f}, to reach 4,000; other than 200: {refused}
- memory of all processes: {idle} MB before, at most {most} MB, to reach 600"""


if __name__ == "__main__":
    sys.exit(main())
