"""A served build and a browser on this machine: what screenshots and browser tests need."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

HOST = "127.0.0.1"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 60  # seconds for a server to answer


def chromium() -> Path | None:
    """The Chromium of this machine, or None."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


@contextmanager
def served(built: Path) -> Iterator[str]:
    """The address of a build directory, served by a Datasette of its own as long as the block runs.

    Raises TimeoutError where it does not answer.
    """
    with closing(socket.create_server((HOST, 0))) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", str(built), "--host", HOST, "--port", str(port)]
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await_answer(port, server)
        yield f"http://{HOST}:{port}"
    finally:
        server.terminate()
        server.wait()


def await_answer(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return as soon as something listens on the port."""
    for _ in range(PATIENCE * 10):
        try:
            socket.create_connection((HOST, port)).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise TimeoutError(f"no server answers on port {port}")
