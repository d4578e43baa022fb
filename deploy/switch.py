"""Put a build into service without a failed request.

The new version's processes are started beside those of the old one. When every one of them answers, nginx
is told to pass requests to them and to keep their answers apart from the old ones; the old processes stop
when the last requests to them are done. If a new process does not answer, nothing has changed.

Exit status: 0 switched or already in service, 1 the new version does not answer, 2 cannot run.
"""

from __future__ import annotations

import argparse
import http.client
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Protocol

from deploy.install import layout_for
from deploy.layout import Layout, fingerprint, version_conf

ANSWERS_WITHIN = 30  # seconds
LAST_REQUESTS = 20  # seconds; nginx waits 15 for an answer


class NoAnswerError(Exception):
    """A new process did not answer."""


class Machine(Protocol):
    """What starts and stops processes, and tells nginx to read its configuration again."""

    def start(self, version: str) -> None:
        """Start the processes of a version, now and after a reboot."""

    def stop(self, version: str) -> None:
        """Stop them, gracefully and for good."""

    def reload(self) -> None:
        """Let nginx read its configuration; raises where it is not accepted."""


class Systemd:
    """The machine that deploy/install.py prepares."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def units(self, version: str) -> list[str]:
        """The units of a version."""
        return [f"sister-cities-{number}@{version}.service" for number in self.layout.numbers()]

    def start(self, version: str) -> None:
        """Start and enable."""
        subprocess.run(["systemctl", "enable", "--now", *self.units(version)], check=True)

    def stop(self, version: str) -> None:
        """Stop and disable."""
        subprocess.run(["systemctl", "disable", "--now", *self.units(version)], check=True)

    def reload(self) -> None:
        """Check, then reload."""
        subprocess.run(["nginx", "-t", "-q"], check=True)
        subprocess.run(["systemctl", "reload", "nginx"], check=True)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python3 -m deploy.switch", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("build", type=Path, help="a directory that `make build` wrote")
    made.add_argument(
        "--root", type=Path, default=Path("/srv/sister-cities"), help="where the site is installed"
    )
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    layout = layout_for(options.root)
    try:
        version = switch(layout, Systemd(layout), options.build, LAST_REQUESTS)
    except NoAnswerError as error:
        print(f"error: {error}; the old version stays in service", file=sys.stderr)
        return 1
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"version {version} is in service")
    return 0


def switch(layout: Layout, machine: Machine, build: Path, last_requests: float) -> str:
    """Put a build into service; returns its version.

    Raises NoAnswerError when its processes do not answer, after stopping them again.
    """
    version, before = fingerprint(build), in_service(layout)
    if version == before:
        return version
    put_in_place(build, layout.versions / version)
    machine.start(version)
    try:
        for number in layout.numbers():
            wait_until_it_answers(layout.socket(version, number))
    except NoAnswerError:
        machine.stop(version)
        raise
    write_whole(layout.version_conf, version_conf(layout, version))
    machine.reload()
    if before:
        time.sleep(last_requests)
        machine.stop(before)
    for old in layout.versions.iterdir():
        if old.name not in (version, before):  # the one before is kept to go back to
            shutil.rmtree(old)
    return version


def in_service(layout: Layout) -> str | None:
    """The version that nginx was last told to serve."""
    if not layout.version_conf.exists():
        return None
    found = re.search(r"default (\w+);", layout.version_conf.read_text("utf-8"))
    return found[1] if found else None


def put_in_place(build: Path, place: Path) -> None:
    """Copy a build to where it is served from, whole or not at all, readable for the processes."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".new-") as beside:
        shutil.copytree(build, Path(beside) / "build", ignore=shutil.ignore_patterns("__pycache__"))
        (Path(beside) / "build").rename(place)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader finds the old text or the new one."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, "utf-8")
    new.replace(path)


class OverSocket(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=5)
        self.path = path

    def connect(self) -> None:
        """Connect to the path."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(5)
        self.sock.connect(str(self.path))


def wait_until_it_answers(path: Path) -> None:
    """Return when the process at a socket is healthy; raises NoAnswerError after half a minute."""
    until = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < until:
        connection = OverSocket(path)
        try:
            connection.request("GET", "/-/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise NoAnswerError(f"no answer from {path} in {ANSWERS_WITHIN} seconds")


if __name__ == "__main__":
    sys.exit(main())
