"""The servers that are compared, each started over the same build and ended again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

from deploy.alone import Alone, alone, end

DATABASE = "sister_cities"


def free_port() -> int:
    """A port on which nothing listens."""
    with create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def asked(port: int, path: str, body: str | None = None) -> bytes:
    """The answer of a server on 127.0.0.1; raises URLError where there is none."""
    data = body.encode() if body else None
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data=data, timeout=30) as answer:
        return bytes(answer.read())


def wait_for(port: int, path: str) -> None:
    """Return when a server answers; raises TimeoutError after half a minute."""
    for _ in range(300):
        try:
            asked(port, path)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


@contextmanager
def started(command: list[str], port: int, path: str, folder: Path | None = None) -> Iterator[int]:
    """A server, from when it answers at `path`; gives its port and ends it."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, path)
        yield port
    finally:
        end(process)


@contextmanager
def datasette(build: Path, path: str = "/-/health") -> Iterator[int]:
    """One Datasette, as `datasette build/` starts it; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "datasette", "serve", str(build), "--port", str(port)]
    with started(command, port, path):
        yield port


@contextmanager
def datasette_as_it_comes(build: Path) -> Iterator[int]:
    """One Datasette over the same database and questions without our plugins; gives its port."""
    with tempfile.TemporaryDirectory() as name:
        bare = Path(name) / "build"
        shutil.copytree(build, bare, ignore=shutil.ignore_patterns("plugins", "templates", "static"))
        with datasette(bare, "/-/versions.json") as port:
            yield port


@contextmanager
def roapi(build: Path, tables: list[str]) -> Iterator[int]:
    """ROAPI over the same tables; gives its port. Raises FileNotFoundError where it is not installed."""
    program = shutil.which("roapi") or shutil.which("roapi", path=str(Path(sys.executable).parent))
    if not program:
        raise FileNotFoundError("roapi is not installed (pip install roapi)")
    port = free_port()
    command = [program, "--addr-http", f"127.0.0.1:{port}"]
    for option in ("--addr-postgres", "--addr-flight-sql"):
        command += [option, f"127.0.0.1:{free_port()}"]
    for table in tables:
        command += ["--table", f"{table}=sqlite://{DATABASE}.db"]
    with started(command, port, f"/api/tables/{tables[0]}?limit=1", build):
        yield port


@contextmanager
def recipe(build: Path) -> Iterator[tuple[Alone, int, int]]:
    """The recipe of deploy/, and in the same nginx a server of plain files; gives both ports."""
    port, plain = free_port(), free_port()
    with alone(build, port) as machine:
        (machine.folder / "plain").mkdir()
        (machine.folder / "also" / "plain.conf").write_text(
            f"server {{ listen 127.0.0.1:{plain}; root {machine.folder}/plain; access_log off; "
            "tcp_nopush off; keepalive_requests 100000; open_file_cache max=10000 inactive=1h; "
            "default_type application/json; }\n"
        )
        machine.reload()
        time.sleep(1)  # the old workers finish
        yield machine, port, plain


def rows_of(text: bytes) -> list[dict[str, object]]:
    """Rows as an array of objects, without the empty cells, which one leaves out and another calls null."""
    return [{key: value for key, value in row.items() if value is not None} for row in json.loads(text)]
