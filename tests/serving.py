"""`datasette build/` as a process on a free port, and the browser of this machine."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> Path | None:
    """The Chromium of this machine, or None."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


@contextmanager
def browsing() -> Iterator[Browser]:
    """A Chromium to open pages in, closed at the end."""
    path = chromium()
    assert path, "CI must have a Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def free_port() -> int:
    """A port on which nothing listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    """Return when something answers; raises after half a minute."""
    for _ in range(150):
        try:
            httpx.get(url, timeout=5, trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(url)


@contextmanager
def serving(build: Path, log: Path | None = None, **environment: str) -> Iterator[tuple[str, int]]:
    """The address and process id of Datasette over a directory, as its documentation says to start it."""
    port = free_port()
    command = [sys.executable, "-m", "datasette", "serve", build.name, "--port", str(port)]
    with (log or Path(os.devnull)).open("wb") as out:
        process = subprocess.Popen(
            command, cwd=build.parent, stdout=out, stderr=out, env=os.environ | environment
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/-/health")
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.kill()
            process.wait()


def peak_kb(process: int) -> int:
    """The most memory that a process and its children have held, where Linux tells it."""
    children = " ".join(task.read_text("ascii") for task in Path(f"/proc/{process}/task").glob("*/children"))
    texts = []
    for pid in (str(process), *children.split()):
        with suppress(OSError):  # a child that has ended meanwhile
            texts.append(Path(f"/proc/{pid}/status").read_text("ascii"))
    return sum(int(found[1]) for text in texts if (found := re.search(r"VmHWM:\s+(\d+)", text)))
