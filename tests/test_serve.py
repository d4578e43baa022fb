"""`make serve` as a process: it answers, refuses a taken port, and ends when it is told to."""

import signal
import socket
import subprocess
import sys
from contextlib import closing

import httpx
import pytest
from conftest import ROOT
from serving import free_port, wait_for

from scripts.serve import main


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    port = free_port()
    out = tmp_path_factory.mktemp("serve") / "build"
    command = [sys.executable, "-m", "scripts.serve", "--port", str(port), "--out", str(out)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield url
        process.send_signal(signal.SIGINT)
        process.wait(20)
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/sister_cities", 200),
        ("/sister_cities/pairs", 200),
        ("/sister_cities/pairs/us-il-chicago--ru-mow-moscow", 200),
        ("/sister_cities/where_sources_disagree.json", 200),
        ("/sister_cities/where_sources_disagree.csv", 200),
        ("/sister_cities.db", 200),
        ("/nowhere", 404),
    ],
)
def test_served_process_answers(server, path, status):
    assert httpx.get(server + path, trust_env=False).status_code == status


def test_database_is_served_immutable(server):
    (database,) = httpx.get(f"{server}/-/databases.json", trust_env=False).json()
    assert database["is_mutable"] is False


def test_other_sites_may_read(server):
    answer = httpx.get(f"{server}/sister_cities.json", trust_env=False)
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("port", ["taken", 80_000])
def test_port_that_cannot_be_used_is_one_line(port, capsys, tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as holder:
        number = holder.getsockname()[1] if port == "taken" else port
        status = main(["--port", str(number), "--out", str(tmp_path / "build")])
    error = capsys.readouterr().err
    assert (status, error.count("\n"), f"port {number}" in error) == (2, 1, True)
