"""Measure what readers get of the site, alone and beside four who mean ill, and what it takes of memory.

Everything runs on this machine, the readers too. Needs Linux: the readers have addresses of their own on the
loopback. Writes Markdown to standard output:

    make build && .venv/bin/python -m benchmarks.serving > benchmarks/RESULTS-serving.md

Exit status: 0 measured, 1 an answer was not as it must be, 2 cannot run.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from itertools import cycle
from random import Random, random

import httpx
import pandas as pd

from benchmarks.validation import machine, table
from schemas.problems import CannotRunError
from scripts.build import MANIFEST
from scripts.cli import command, out_option
from tests.hostile import DOWNLOAD, addresses
from tests.serving import peak_kb, serving

HOSTILE, HONEST = "127.0.0.66", "127.0.0.7"
PAGES = {
    "health": "/-/health",
    "home": "/",
    "database page": "/sister_cities",
    "dossier": "/sister_cities/pairs/us-il-chicago--ru-mow-moscow",
    "place": "/sister_cities/places/us-il-chicago",
    "source": "/sister_cities/sources/albany-tula-alliance-about-albany-tula",
    "table": "/sister_cities/pairs",
    "search": "/sister_cities/pairs?_search=moscow",
    "question": "/sister_cities/status_on_a_date",
    "SQL": "/sister_cities.json?sql=select+count(*)+from+pairs+where+pair_id+>+:new&new=NEW",
}
QUERIES = {"search", "question", "SQL"}  # they wait for a worker
ALONE, ATTACK = 5, 30  # seconds that eight clients ask for one page, and that the attack lasts
Answer = tuple[str, float, int]  # name of the page, milliseconds, status (0: no answer)


@command(out_option("build", "a directory from make build"))
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    if not (options.out / MANIFEST).is_file():
        raise CannotRunError(f"{options.out} is no build: run make build")
    with serving(options.out) as (url, process):
        alone = framed(together(url))
        honest, hostile, memory = attacked(url, process, ATTACK)
    print(report(alone, honest, hostile, memory))
    return int((alone["status"] != 200).any() or (honest["status"] != 200).any())


def framed(readers: Iterable[Future[list[Answer]]]) -> pd.DataFrame:
    """What readers got, as a table."""
    answers = [answer for reader in readers for answer in reader.result()]
    return pd.DataFrame(answers, columns=["page", "milliseconds", "status"])


def together(url: str) -> Iterator[Future[list[Answer]]]:
    """Eight honest readers at one page after the other."""
    with ThreadPoolExecutor(8) as pool:
        for page in PAGES.items():
            until = time.monotonic() + ALONE
            yield from [pool.submit(read, url, [page], HONEST, until) for _ in range(8)]


def attacked(url: str, process: int, seconds: float) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Two honest readers beside four hostile ones at one address: what each kind got, and the most MB."""
    until, most = time.monotonic() + seconds, 0
    paths = [(path, path) for path in addresses()]
    with ThreadPoolExecutor(6) as pool:
        orders = [Random(seed).sample(paths, len(paths)) for seed in range(4)]
        hostile = [pool.submit(read, url, order, HOSTILE, until) for order in orders]
        honest = [pool.submit(read, url, PAGES.items(), HONEST, until) for _ in range(2)]
        while time.monotonic() < until:
            time.sleep(0.25)
            most = max(most, peak_kb(process) // 1024)
        return framed(honest), framed(hostile), most


def read(url: str, pages: Iterable[tuple[str, str]], address: str, until: float) -> list[Answer]:
    """What one reader gets who asks for the pages, again and again until that moment."""
    answers: list[Answer] = []
    transport = httpx.HTTPTransport(local_address=address)
    with httpx.Client(base_url=url, transport=transport, timeout=60) as client:
        for name, path in cycle(pages):
            if time.monotonic() > until:
                break
            elsewhere = {"x-forwarded-for": f"203.0.113.{len(answers) % 250}"}  # which nobody is to believe
            start, status = time.monotonic(), 0
            with suppress(httpx.TransportError):
                status = client.get(path.replace("NEW", str(random())), headers=elsewhere).status_code
            answers.append((name, 1000 * (time.monotonic() - start), status))
    return answers


def lines(answers: pd.DataFrame) -> pd.DataFrame:
    """A line of results for each page."""
    times = answers.groupby("page", sort=False)["milliseconds"].describe(percentiles=[0.5, 0.95, 0.99])
    failed = (answers["status"] != 200).groupby(answers["page"]).sum()
    return times[["count", "50%", "95%", "99%", "max"]].round().assign(failed=failed).astype(int)


def report(alone: pd.DataFrame, honest: pd.DataFrame, hostile: pd.DataFrame, memory: int) -> str:
    """What was measured, as Markdown."""
    paged = honest.loc[~honest["page"].isin(QUERIES), "milliseconds"]
    attack = hostile[hostile["page"] != DOWNLOAD]
    refused = attack.loc[attack["status"] != 200, "status"].value_counts().to_dict()
    return f"""# Serving: what was measured

`python -m benchmarks.serving` on {date.today().isoformat()}; load of the machine at the end
{os.getloadavg()[0]:.1f}: {machine(("datasette", "uvicorn", "h11"))}.
The readers share the cores with the server. All times are milliseconds.

## Eight clients at one page

{ALONE} seconds each. p99 to reach: 500 for home, database page, question and SQL, 150 for the others.

{table(lines(alone))}
## Beside four hostile readers at one address

They ask for {len(addresses())} addresses in turn, without pause. Two others read meanwhile.

{table(lines(honest))}
- pages and health together: p95 {paged.quantile(0.95):.0f}, to reach 1,000;
  worst {paged.max():.0f}, to reach 3,000
- the hostile: {len(attack)} answers, worst {attack["milliseconds"].max():.0f}, to reach 4,000;
  other than 200: {refused}
- memory of all processes: at most {memory} MB, to reach 600"""


if __name__ == "__main__":
    sys.exit(main())
