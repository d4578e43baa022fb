"""`datasette build/` as a process on a free port, and the browser of this machine."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

HANGS = 180  # seconds after which what a test waits for does not come any more; measures nothing
RESERVED: list[socket.socket] = []


def chromium() -> Path | None:
    """The Chromium of this machine, or None."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


@contextmanager
def browsing() -> Iterator[Browser]:
    """A Chromium to open pages in, closed at the end."""
    path = chromium()
    assert path, "CI must have a Chromium"
    expect.set_options(timeout=HANGS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=HANGS * 1000)
        yield browser
        browser.close()


def free_port() -> int:
    """A port on which nothing listens, and which nobody else is given while this process runs.

    A socket that is bound to it and does not listen stands in the way of no server that may use it again.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    RESERVED.append(holder)
    return int(holder.getsockname()[1])


def asked(url: str, **options: Any) -> httpx.Response:
    """The answer of a server on this machine, however slow that is."""
    return httpx.get(url, trust_env=False, timeout=HANGS, **options)


def client(url: str) -> httpx.Client:
    """A client of a server on this machine, however slow that is."""
    return httpx.Client(base_url=url, trust_env=False, timeout=HANGS)


def slowness() -> float:
    """How many times as long as alone a process takes at the moment, because others run besides."""
    start, spent = time.monotonic(), time.thread_time()
    while time.thread_time() - spent < 0.1:
        pass
    return max(1.0, (time.monotonic() - start) / 0.1)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails where something takes longer than it may; on a busy machine all takes as much longer."""
    before, start = slowness(), time.monotonic()
    yield
    took = time.monotonic() - start
    assert took < seconds * before or took < seconds * (after := slowness()), (took, seconds, before, after)


@contextmanager
def started(
    command: list[str], url: str, log: Path | None = None, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A process once it answers, killed at the end. Raises with what it wrote where it does not answer."""
    with log.open("w+b") if log else tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, **options)
        try:
            until = time.monotonic() + HANGS
            while not answers(url):
                if process.poll() is not None or time.monotonic() > until:
                    out.seek(0)
                    told = out.read().decode("utf-8", "replace")
                    raise ChildProcessError(f"{url} does not answer, status {process.returncode}:\n{told}")
                time.sleep(0.1)
            yield process
        finally:
            process.kill()
            process.wait()


def answers(url: str) -> bool:
    """Whether something answers."""
    try:
        asked(url)
    except httpx.TransportError:
        return False
    return True


@contextmanager
def serving(
    build: Path, log: Path | None = None, settings: dict[str, int] | None = None, **environment: str
) -> Iterator[tuple[str, int]]:
    """The address and process id of Datasette over a directory, as its documentation says to start it."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "datasette", "serve", build.name, "--port", str(port)]
    for name, value in (settings or {}).items():
        command += ["--setting", name, str(value)]
    with started(command, f"{url}/-/health", log, cwd=build.parent, env=os.environ | environment) as process:
        yield url, process.pid


def peak_kb(process: int) -> int:
    """The most memory that a process and its children have held, where Linux tells it."""
    children = " ".join(task.read_text("ascii") for task in Path(f"/proc/{process}/task").glob("*/children"))
    texts = []
    for pid in (str(process), *children.split()):
        with suppress(OSError):  # a child that has ended meanwhile
            texts.append(Path(f"/proc/{pid}/status").read_text("ascii"))
    return sum(int(found[1]) for text in texts if (found := re.search(r"VmHWM:\s+(\d+)", text)))
