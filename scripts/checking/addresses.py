"""Which addresses still answer, and which copies the Wayback Machine has of those that do not."""

import asyncio
import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit

import httpx  # comes with Datasette

AGENT = "sister-cities-in-wartime (an open data package, checking the addresses of its sources)"
HOSTS_AT_ONCE = 20
LONGEST_WAIT = 120  # seconds; a host that asks for more is not asked again
ANSWERS, GONE, UNCLEAR = "answers", "gone", "unclear"
COPY = re.compile(r"https?://(web\.archive\.org/web/\d{14}/\S+)")
FAILURES = (TimeoutError, httpx.HTTPError, httpx.InvalidURL, UnicodeError)  # the last: of a host's name


class Host:
    """A host that gets one request at a time, of at most `timeout` seconds, then `pause` seconds of rest."""

    def __init__(self, client: httpx.AsyncClient, pause: float, timeout: float) -> None:
        self._client, self._pause, self._timeout = client, pause, timeout
        self._turn, self._refuses = asyncio.Lock(), False

    async def get(self, url: str, whole: bool = False) -> httpx.Response:
        """The answer after redirects, with its body if `whole`; asks again after a wait that the host wants.

        Raises one of FAILURES; TimeoutError also where the host has wanted more than LONGEST_WAIT.
        """
        async with self._turn:
            if self._refuses:
                raise TimeoutError("not asked, as the host wants a long wait")
            try:
                response = await self._request(url, whole)
                if 0 < (wait := wait_wanted(response)) <= LONGEST_WAIT:
                    await asyncio.sleep(wait)
                    response = await self._request(url, whole)
                self._refuses = wait_wanted(response) > 0
                return response
            finally:
                await asyncio.sleep(self._pause)

    async def _request(self, url: str, whole: bool) -> httpx.Response:
        async with asyncio.timeout(self._timeout), self._client.stream("GET", url) as response:
            if whole:
                await response.aread()
            return response


def wait_wanted(response: httpx.Response) -> float:
    """The seconds of a Retry-After (RFC 9110, 10.2.3): 0 without one, infinite where it names a day."""
    wanted = response.headers.get("Retry-After")
    if response.status_code not in (429, 503) or not wanted:
        return 0
    return float(wanted) if wanted.isdecimal() else math.inf


async def check_addresses(
    days: Mapping[str, str],
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

    async def check_host(host: Host, urls: list[str]) -> None:
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
                tasks.create_task(check_host(Host(client, pause, timeout), urls))


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
        found = COPY.fullmatch(closest["url"]) if closest["status"] == "200" else None
    except (*FAILURES, ValueError, KeyError, TypeError):
        return ""
    return f"https://{found[1]}" if found else ""
