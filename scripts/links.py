"""Check every address of the sources, and write those that do not answer, with an archived copy, as CSV.

What refuses, fails or leads to a home page is unclear: look at the page. An interrupted run goes on where it
stopped; until it is done, its results stand in .links.jsonl beside the descriptor.

Exit status: 0 every address answers, 1 some do not, 2 cannot run, for example without a network.
"""

import asyncio
import csv
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx  # comes with Datasette

from schemas.problems import CannotRunError
from scripts.cli import PACKAGE, Options, command, option, progress
from scripts.format import replace
from scripts.versions.snapshots import canonical, folder_state

WAYBACK = "https://archive.org/wayback/available"
AGENT = "sister-cities-in-wartime (an open data package, checking the addresses of its sources)"
HOSTS_AT_ONCE = 20
LONGEST_WAIT = 120  # seconds; a host that asks for more is not asked again
ANSWERS, GONE, UNCLEAR = "answers", "gone", "unclear"
COPY = re.compile(r"https?://(web\.archive\.org/web/\d{14}/\S+)")
FAILURES = (TimeoutError, httpx.HTTPError, httpx.InvalidURL, UnicodeError)  # the last: of a host's name


@command(
    PACKAGE,
    option("--out", type=Path, help="the file to write (default: standard output)"),
    option("--write", action="store_true", help="put copies into empty cells of archived_url"),
    option("--wayback", default=WAYBACK, help=f"the availability service (default: {WAYBACK})"),
    option("--pause", type=float, default=2, help="seconds a host rests (default: 2)"),
)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    folder = options.descriptor.absolute().parent
    sources = folder_state(folder).rows["sources"].values()
    days = {row["url"]: row["accessed_on"] or row["published_on"] for row in sources if row["url"]}
    results = checked(days, folder / ".links.jsonl", options)
    state = folder_state(folder)  # again, as someone may have edited it since
    table, rows = state.tables["sources"], state.rows["sources"]
    silent = []
    for key, row in rows.items():
        result, why, copy = results.get(row["url"], (ANSWERS, "", ""))
        if result != ANSWERS:
            row["archived_url"] = row["archived_url"] or copy
            silent.append([key, row["url"], result, why, row["archived_url"]])
    with options.out.open("w", encoding="utf-8") if options.out else nullcontext(sys.stdout) as file:
        header = ["source_id", "url", "result", "why", "archived_url"]
        csv.writer(file, lineterminator="\n").writerows([header, *silent])
    if options.write:
        replace(folder / table.path, canonical(table, rows.values()))
    return 1 if silent else 0


def checked(days: dict[str, str], kept: Path, options: Options) -> dict[str, tuple[str, str, str]]:
    """The result, why, and copy of each address; the file `kept` keeps them until all are there."""
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    results = {url: tuple(result) for url, *result in map(json.loads, lines)}
    left = {url: day for url, day in days.items() if url not in results}
    with kept.open("a", encoding="utf-8") as file, progress("checking addresses") as show:

        def keep(url: str, *result: str) -> None:
            results[url] = result
            print(json.dumps([url, *result]), file=file, flush=True)
            show(f"{len(results)} of {len(days)}")

        asyncio.run(check_addresses(left, keep, options.wayback, options.pause))
    kept.unlink()
    if results and all(why.startswith("ConnectError") for _, why, _ in results.values()):
        raise CannotRunError("nothing can be reached: is there a network?")
    return results


@dataclass
class Host:
    """A host that gets one request at a time, of at most `timeout` seconds, then `pause` seconds of rest."""

    client: httpx.AsyncClient
    pause: float
    timeout: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    refuses: bool = False

    async def get(self, url: str, whole: bool = False) -> httpx.Response:
        """The answer after redirects, with its body if `whole`; asks again after a wait that the host wants.

        Raises one of FAILURES; TimeoutError also where the host has wanted more than LONGEST_WAIT.
        """
        async with self.turn:
            if self.refuses:
                raise TimeoutError("not asked, as the host wants a long wait")
            for again in (True, False):
                try:
                    async with asyncio.timeout(self.timeout), self.client.stream("GET", url) as response:
                        if whole:
                            await response.aread()
                finally:
                    await asyncio.sleep(self.pause)
                wait = wait_wanted(response)
                if not (again and 0 < wait <= LONGEST_WAIT):
                    break
                await asyncio.sleep(wait)
            self.refuses = wait > 0
            return response


def wait_wanted(response: httpx.Response) -> float:
    """The seconds of a Retry-After (RFC 9110, 10.2.3): 0 without one, infinite where it names a day."""
    wanted = response.headers.get("Retry-After")
    if response.status_code not in (429, 503) or not wanted:
        return 0
    return float(wanted) if wanted.isdecimal() else math.inf


async def check_addresses(
    days: dict[str, str],
    keep: Callable[[str, str, str, str], None],
    wayback: str,
    pause: float,
    timeout: float = 30,
) -> None:
    """Call `keep` with each address, its result, why, and the address of a copy, as they come.

    Hosts are asked beside each other. `days` has the addresses, each with the ISO date near which a copy is
    wanted (empty: any). `wayback` is the address of a Wayback availability service.
    """
    hosts, free = defaultdict(list), asyncio.Semaphore(HOSTS_AT_ONCE)
    for url in days:
        hosts[url.partition("://")[2].partition("/")[0]].append(url)

    async def check_host(urls: list[str]) -> None:
        host = Host(client, pause, timeout)
        async with free:
            for url in urls:
                result, why = await state_of(host, url)
                copy = "" if result == ANSWERS else await copy_of(archive, wayback, url, days[url])
                keep(url, result, why, copy)

    agent = {"User-Agent": AGENT}
    async with httpx.AsyncClient(headers=agent, follow_redirects=True, timeout=None) as client:
        archive = Host(client, pause, timeout)
        async with asyncio.TaskGroup() as tasks:
            for urls in hosts.values():
                tasks.create_task(check_host(urls))


async def state_of(host: Host, url: str) -> tuple[str, str]:
    """ANSWERS, GONE or UNCLEAR, and why it is not the first."""
    try:
        response = await host.get(url)
    except FAILURES as error:
        return UNCLEAR, " ".join(f"{type(error).__name__} {error}".split())
    if not response.is_success:
        return GONE if response.status_code in (404, 410) else UNCLEAR, str(response.status_code)
    if response.url.path == "/" and urlsplit(url).path not in ("", "/"):
        return UNCLEAR, "leads to a home page"
    return ANSWERS, ""


async def copy_of(archive: Host, wayback: str, url: str, day: str) -> str:
    """The address of the archived copy nearest to a day; empty where the service knows none, or fails."""
    try:
        question = urlencode({"url": url, "timestamp": day.replace("-", "")})
        answer = await archive.get(f"{wayback}?{question}", whole=True)
        closest = answer.json()["archived_snapshots"]["closest"]
        copy = COPY.fullmatch(closest["url"]) if closest["status"] == "200" else None
    except (*FAILURES, ValueError, KeyError, TypeError):
        return ""
    return f"https://{copy[1]}" if copy else ""


if __name__ == "__main__":
    sys.exit(main())
