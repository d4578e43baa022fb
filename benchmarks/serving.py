"""Measure what readers get of the site, alone and beside four who mean ill, and what it takes of memory.

Everything runs on this machine, the readers too. Needs Linux: the readers have addresses of their own on the
loopback. Writes Markdown to standard output:

    make build && .venv/bin/python -m benchmarks.serving > benchmarks/RESULTS-serving.md

Exit status: 0 measured, 1 something is not as it must be.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import quote

from benchmarks.hostile import DOWNLOAD, addresses
from benchmarks.processes import machine

BUILD = Path(__file__).resolve().parents[1] / "build"
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
Times = dict[str, list[float]]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("build", type=Path, nargs="?", default=BUILD, help="a directory from `make build`")
    made.add_argument("--seconds", type=int, default=30, help="of the attack (default: 30)")
    return made


@contextmanager
def served(build: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port and process of `datasette build/`, from when it answers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "datasette", "serve", str(build), "--port", str(port), "-h", "0.0.0.0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(100):
            time.sleep(0.2)
            if answered(port, "/-/health", HONEST)[0] == 200:
                break
        try:
            yield port, process
        finally:
            process.terminate()


def answered(port: int, path: str, address: str) -> tuple[int, float, bytes]:
    """The status of an answer, 0 where there is none, and the seconds that it took."""
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(address, 0))
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, time.monotonic() - start, body
    except (OSError, http.client.HTTPException):
        return 0, time.monotonic() - start, b""
    finally:
        connection.close()


class Readers:
    """Threads that ask the same server until it is enough; the seconds of their answers by name."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.times: Times = defaultdict(list)
        self.failed: dict[str, list[int]] = defaultdict(list)
        self.enough = threading.Event()
        self.threads: list[threading.Thread] = []

    def start(self, asked: Iterator[tuple[str, str]], address: str, pause: float = 0) -> None:
        """One more reader, who asks for each name and path in turn."""
        thread = threading.Thread(target=self.read, args=(asked, address, pause), daemon=True)
        self.threads.append(thread)
        thread.start()

    def read(self, asked: Iterator[tuple[str, str]], address: str, pause: float) -> None:
        """What a reader does."""
        for name, path in asked:
            if self.enough.wait(pause):
                return
            status, seconds, _ = answered(self.port, path, address)
            self.times[name].append(seconds)
            if status != 200:
                self.failed[name].append(status)

    def end(self) -> None:
        """It is enough."""
        self.enough.set()
        for thread in self.threads:
            thread.join(30)


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


def fresh(name: str, path: str, seed: int) -> Iterator[tuple[str, str]]:
    """A page again and again; a query with something new in it each time."""
    for turn in itertools.count():
        yield name, f"{path}&new={seed}-{turn}" if name == "SQL" else path


def in_turn(pages: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page, then every page again."""
    for name, path in itertools.cycle(pages.items()):
        yield name, path + (f"&new={random.random()}" if name == "SQL" else "")


def percentile(times: list[float], share: float) -> float:
    """The milliseconds within which that share of the answers came."""
    return 1000 * sorted(times)[min(int(share * len(times)), len(times) - 1)]


def attacked(port: int, process: int, pages: dict[str, str], seconds: int) -> tuple[Readers, Readers, int]:
    """Two honest readers beside four hostile ones at one address; who got what, and the most memory."""
    hostile, honest = Readers(port), Readers(port)
    paths = addresses()
    for seed in range(4):
        mixed = random.Random(seed).sample(paths, len(paths))
        hostile.start(
            (("" if path != DOWNLOAD else "download", path) for path in itertools.cycle(mixed)), HOSTILE
        )
    for _ in range(2):
        honest.start(in_turn(pages), HONEST, 0.1)
    most, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.25)
        most = max(most, memory(process))
    honest.end()
    hostile.end()
    return honest, hostile, most


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    with served(options.build) as (port, process):
        source = answered(port, "/sister_cities/sources.csv?_size=1&_header=off", HONEST)[2].split(b",")[0]
        pages = {name: path.replace(":source", source.decode()) for name, path in PAGES.items()}
        alone, cost = Readers(port), {}
        for name, path in pages.items():
            alone.enough.clear()
            before = processor_ms(process.pid)
            for seed in range(8):
                alone.start(fresh(name, path, seed), HONEST)
            time.sleep(5)
            alone.end()
            cost[name] = (processor_ms(process.pid) - before) / len(alone.times[name])
        idle = memory(process.pid)
        honest, hostile, most = attacked(port, process.pid, pages, options.seconds)
    print(report(alone, cost, honest, hostile, idle, most))
    return 0 if not any((*alone.failed.values(), *honest.failed.values())) else 1


def report(
    alone: Readers, cost: dict[str, float], honest: Readers, hostile: Readers, idle: int, most: int
) -> str:
    """What was measured, as Markdown."""
    lines = [
        f"| {name} | {len(times)} | {cost[name]:.1f} | {percentile(times, 0.5):.0f}"
        f" | {percentile(times, 0.99):.0f} | {BOUNDS_MS.get(name, 500)} | {len(alone.failed[name])} |"
        for name, times in alone.times.items()
    ]
    beside = [
        f"| {name} | {len(times)} | {percentile(times, 0.5):.0f} | {percentile(times, 0.95):.0f}"
        f" | {1000 * max(times):.0f} | {len(honest.failed[name])} |"
        for name, times in honest.times.items()
    ]
    paged = [t for name, times in honest.times.items() if name not in BEYOND_PAGES for t in times]
    worst = hostile.times[""]
    refused = {status: hostile.failed[""].count(status) for status in sorted(set(hostile.failed[""]))}
    where = machine(("datasette", "uvicorn", "h11"))
    return f"""# Serving: what was measured

`python -m benchmarks.serving` on {date.today().isoformat()}; load of the machine at the end
{os.getloadavg()[0]:.1f}: {where}. The readers share the cores with the server.

## Eight clients at one page

Five seconds each, nothing kept. Milliseconds; the time of the processor is that of the server for one answer,
which other work on the machine does not lengthen: on an idle core eight clients wait eight times as long.

| page | answers | processor | p50 | p99 | to reach | failed |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{chr(10).join(lines)}

## Beside four hostile readers at one address

They ask for {len(addresses())} addresses in turn, without pause. Two others read meanwhile. Milliseconds.

| page | answers | p50 | p95 | worst | failed |
| --- | ---: | ---: | ---: | ---: | ---: |
{chr(10).join(beside)}

- pages and health together: p95 {percentile(paged, 0.95):.0f}, to reach 1,000;
  worst {1000 * max(paged):.0f}, to reach 3,000
- the hostile: {len(worst)} answers, worst {1000 * max(worst):.0f}, to reach 4,000; other than 200: {refused}
- memory of all processes: {idle} MB before, at most {most} MB, to reach 600"""


if __name__ == "__main__":
    sys.exit(main())
