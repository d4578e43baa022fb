"""`make serve` as a process: it answers, refuses a taken port, and ends when it is told to."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, suppress
from hashlib import sha256
from urllib.parse import quote

import pytest
from conftest import ROOT
from serving import HANGS, asked, free_port, serving, started, within

from scripts.directories import written_beside
from scripts.serve import main

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return tmp_path_factory.mktemp("serve") / "build"


@pytest.fixture(scope="module")
def server(out):
    port = free_port()
    command = [sys.executable, "-m", "scripts.serve", "--port", str(port), "--out", str(out)]
    url = f"http://127.0.0.1:{port}"
    with started(command, url, cwd=ROOT) as process:
        yield url
        process.send_signal(signal.SIGINT)
        process.wait(HANGS)


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
    assert asked(server + path).status_code == status


def test_database_is_served_immutable(server):
    (database,) = asked(f"{server}/-/databases.json").json()
    assert database["is_mutable"] is False


def test_other_sites_may_read(server):
    answer = asked(f"{server}/sister_cities.json")
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.fixture
def copy(built, tmp_path):
    """A copy of the build, to be spoiled."""
    return shutil.copytree(built, tmp_path / "build", ignore=shutil.ignore_patterns("__pycache__"))


def flipped(path):
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("file", "spoil"),
    [
        ("sister_cities.db", lambda path: path.write_bytes(path.read_bytes()[:100_000])),
        ("sister_cities.db", flipped),
        ("sister_cities.db", lambda path: path.write_bytes(b"")),
        ("sister_cities.db", lambda path: path.unlink()),
        ("datapackage.json", lambda path: path.unlink()),
        ("datasette/metadata.json", lambda path: path.unlink()),
        ("datasette/metadata.json", lambda path: path.write_text('{"databases": {', "utf-8")),
        ("datasette/settings.json", lambda path: path.write_text("{", "utf-8")),
        ("templates/base.html", lambda path: path.write_text("changed", "utf-8")),
        ("plugins/pages.py", lambda path: path.unlink()),
        ("plugins/sandbox/headers.py", lambda path: path.unlink()),
        ("plugins/errors.py", lambda path: path.unlink()),
        ("plugins/guard.py", lambda path: path.unlink()),
        ("plugins/stranger.py", lambda path: path.write_text("", "utf-8")),
        ("build.json", lambda path: path.write_text('{"files"', "utf-8")),
        ("build.json", lambda path: path.unlink()),
    ],
)
def test_build_that_is_not_whole_is_refused_with_a_sentence(copy, file, spoil):
    spoil(copy / file)
    command = [sys.executable, "-m", "datasette", "serve", str(copy), "--port", str(free_port())]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False)
    named = file in ran.stderr and "make build" in ran.stderr
    assert (ran.returncode, ran.stderr.count("\n"), named) == (1, 1, True)


def test_build_that_is_replaced_is_not_mixed_with_the_new_one(copy, built):
    with serving(copy) as (url, _):
        before = asked(f"{url}/-/health").json()["database"]
        shutil.move(copy, copy.with_name("old"))
        shutil.copytree(built, copy)
        paths = ["/", "/-/health", "/static/site.css", "/sister_cities.json?sql=select+1"] * 3
        answers = [asked(url + path) for path in paths]
    assert {(answer.status_code, "restart it" in answer.text) for answer in answers} == {(503, True)}
    assert before == sha256((built / "sister_cities.db").read_bytes()).hexdigest()


def test_make_serve_keeps_its_copy(server, out):
    shutil.rmtree(out)
    assert asked(f"{server}/sister_cities/pairs").status_code == 200


SECRET = "a-private-topic"


@pytest.mark.parametrize("proxy", [{}, {"FORWARDED_ALLOW_IPS": "*"}])
def test_nothing_of_a_request_is_logged(built, tmp_path, proxy):
    headers = {"x-forwarded-for": "203.0.113.77", "cookie": SECRET, "user-agent": SECRET}
    with serving(built, tmp_path / "log", **proxy) as (url, _):
        for path in (
            f"/sister_cities/find_a_tie?q={SECRET}",
            f"/sister_cities.json?sql=select+{SECRET}+nonsense",
            f"/sister_cities.csv?sql=select+'{SECRET}'+nonsense",
            f"/sister_cities/pairs?_timelimit={SECRET}",
            f"/sister_cities/pairs.csv?_stream=on&_where='{SECRET}'=nothing",
            f"/{SECRET}",
            f"/?{SECRET * 2000}",
        ):
            asked(url + path, headers=headers)
    log = (tmp_path / "log").read_text("utf-8")
    found = [word for word in (SECRET, "203.0.113", "127.0.0.1:", "GET /") if word in log]
    assert (found, "queries of readers" in log) == (["127.0.0.1:"], True)  # uvicorn's own address


def test_head_without_end_is_refused(built):
    with serving(built) as (url, _):
        line = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=HANGS)
        with closing(line), suppress(ConnectionError):
            line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
            for number in range(3000):
                line.sendall(b"X-%d: %s\r\n" % (number, b"a" * 10_000))
        assert (number < 2999, asked(f"{url}/-/health").status_code) == (True, 200)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_body_is_not_read(built, method):
    with serving(built) as (url, _):
        line = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=HANGS)
        with closing(line), pytest.raises(ConnectionError):
            line.sendall(f"{method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000000\r\n\r\n".encode())
            for _ in range(3000):
                line.sendall(b"x" * 65_536)


SLOW = (
    "with a as (select hex(zeroblob(99000)) x) select " + "+".join(["length(trim(x||1,x))"] * 40) + " from a"
)


@pytest.mark.parametrize("command", ["datasette", "scripts.serve"])
def test_sigterm_ends_everything_in_five_seconds(built, tmp_path, command):
    port = free_port()
    arguments = {
        "datasette": ["datasette", "serve", str(built), "--port", str(port)],
        "scripts.serve": ["scripts.serve", "--port", str(port), "--out", str(tmp_path / "build")],
    }[command]
    command = [sys.executable, "-m", *arguments]
    with started(command, f"http://127.0.0.1:{port}/", cwd=ROOT) as process, ExitStack() as lines:
        for path in ("/sister_cities.db", f"/sister_cities.json?sql={quote(SLOW)}", "/ HTTP/1.1\r\nX:"):
            made = socket.create_connection(("127.0.0.1", port))
            lines.enter_context(closing(made))
            made.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        time.sleep(0.5)
        with within(5):
            process.terminate()
            process.wait(HANGS)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


@pytest.mark.parametrize(("umask", "directory", "file"), [(0o022, 0o755, 0o644), (0o077, 0o700, 0o600)])
def test_modes_of_a_build_follow_the_umask(tmp_path, umask, directory, file):
    before = os.umask(umask)
    try:
        with written_beside(tmp_path / "build", "mark") as new:
            (new / "static").mkdir(mode=0o700)
            (new / "static" / "mark").touch(mode=0o400)
    finally:
        os.umask(before)
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "build", *(tmp_path / "build").rglob("*"))]
    assert modes == [directory, directory, file]


KILLED = """
import os, signal
from pathlib import Path
from scripts.directories import written_beside
with written_beside(Path("out"), "mark") as new:
    (new / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_command_leaves_nothing_that_git_would_add(tmp_path):
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run([sys.executable, "-c", KILLED], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)})
    untracked = subprocess.run(["git", "status", "--short"], cwd=tmp_path, check=True, capture_output=True)
    assert (len(list(tmp_path.glob(".out-*/new/half"))), untracked.stdout) == (1, b"")


def test_what_a_killed_build_left_is_removed_later(tmp_path, tiny):
    for name, age in ((".build-old", 7200), (".build-new", 0)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    with written_beside(tmp_path / "build", "mark") as new:
        (new / "mark").touch()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "tiny") == [".build-new", "build"]


@pytest.mark.parametrize("port", ["taken", 80_000])
def test_port_that_cannot_be_used_is_one_line(port, capsys, tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as holder:
        number = holder.getsockname()[1] if port == "taken" else port
        status = main(["--port", str(number), "--out", str(tmp_path / "build")])
    error = capsys.readouterr().err
    assert (status, error.count("\n"), f"port {number}" in error) == (2, 1, True)
