"""The files of deploy/, with the nginx and the systemd of this machine."""

import http.client
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, suppress

import httpx
import pytest
from conftest import ROOT
from serving import HANGS, free_port, slowness

pytestmark = pytest.mark.slow

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
needs_nginx = pytest.mark.skipif(
    not NGINX and not os.environ.get("CI"), reason="nginx is not installed (apt-get install nginx)"
)
CONF = (ROOT / "deploy/nginx.conf").read_text("utf-8")
# Debian's nginx.conf in short: 768 connections a worker, and nothing of what ours bounds.
AROUND = """
daemon off; {user} pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 768; }}
http {{
    include /etc/nginx/mime.types; sendfile on; tcp_nopush on; gzip on; access_log {folder}/access.log;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
SECRET = "a-private-topic"


@pytest.fixture(scope="module")
def folder(built, tmp_path_factory):
    """The recipe as ordinary processes in a folder; its `port` file tells where nginx listens."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    conf = CONF.replace("/var/cache/nginx/sister-cities", f"{folder}/cache")
    conf = conf.replace("/run/sister-cities/site.sock", f"{folder}/site.sock")
    conf = conf.replace("listen 80 ", f"listen 127.0.0.1:{port} ").replace("data.example.org", "localhost")
    (folder / "site.conf").write_text(conf.replace("header_timeout 10s", "header_timeout 2s"), "utf-8")
    user = "" if os.getuid() else f"user {pwd.getpwuid(0).pw_name};"  # else nginx gives its work to another
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), "utf-8")
    (folder / "port").write_text(str(port), "ascii")
    commands = [
        [sys.executable, "-m", "datasette", "serve", str(built), "--uds", str(folder / "site.sock")],
        [NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")],
    ]
    with ExitStack() as stack, (folder / "server.log").open("wb") as log:
        for command in commands:
            environment = os.environ | {"FORWARDED_ALLOW_IPS": "*"}
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
            stack.callback(process.wait, HANGS)
            stack.callback(process.send_signal, signal.SIGTERM)
        until = time.monotonic() + HANGS
        while not healthy(folder):
            assert time.monotonic() < until, (folder / "server.log").read_text("utf-8")
            time.sleep(0.1)
        yield folder


def healthy(folder):
    """Whether the site answers through nginx."""
    with suppress(httpx.TransportError):
        return asked(folder, "/-/health").status_code == 200
    return False


def address(folder):
    return "127.0.0.1", int((folder / "port").read_text("ascii"))


def asked(folder, path, **headers):
    """An answer through nginx."""
    headers = {"host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}
    url = "http://{}:{}".format(*address(folder))
    return httpx.get(url + path, headers=headers, timeout=HANGS, trust_env=False)


def raw(folder, head):
    """What nginx answers to bytes that no client would send."""
    with closing(socket.create_connection(address(folder), timeout=HANGS)) as line, suppress(ConnectionError):
        line.sendall(head)
        return b"".join(iter(lambda: line.recv(65536), b""))
    return b""


@needs_nginx
@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhostgzip\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost:8001gzip\r\n\r\n",
        b"GET http://localhost/robots.txt HTTP/1.1\r\nHost: localhostgzip\r\n\r\n",
        b"GET http://127.0.0.1/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
    ],
)
def test_request_for_another_host_gets_no_answer(folder, head):
    assert raw(folder, head) == b""


@needs_nginx
def test_request_line_may_name_the_site_itself(folder):
    head = b"GET http://localhost/robots.txt HTTP/1.1\r\nHost: LOCALHOST:80\r\nConnection: close\r\n\r\n"
    assert b"Sitemap: http://localhost/sitemap.xml" in raw(folder, head)


@needs_nginx
@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/-/decisions.atom"])
def test_kept_answer_names_the_site_alone(folder, path):
    asked(folder, path, host="localhost:8001")
    answer = asked(folder, path)
    hosts = set(re.findall(r"http://(localhost[^/]*)/", answer.text))
    assert (answer.headers["x-cache"], hosts) == ("HIT", {"localhost"})


@needs_nginx
@pytest.mark.parametrize("path", ["/", "/sister_cities/pairs", "/sister_cities.db", "/-/static/app.css"])
def test_second_answer_comes_from_the_cache(folder, path):
    first, second = asked(folder, path), asked(folder, path)
    assert (second.headers["x-cache"], second.content == first.content) == ("HIT", True)


@needs_nginx
def test_database_is_given_in_part(folder):
    whole, part = asked(folder, "/sister_cities.db"), asked(folder, "/sister_cities.db", range="bytes=16-31")
    assert (part.status_code, part.content) == (206, whole.content[16:32])


@needs_nginx
@pytest.mark.parametrize(
    ("takes", "packed"), [("gzip", "gzip"), ("gzip;q=0", None), ("identity", None), ("br, gzip;q=1", "gzip")]
)
def test_answer_is_compressed_for_those_who_ask_for_it(folder, takes, packed):
    answer = asked(folder, "/sister_cities/pairs.json", accept_encoding=takes)
    assert (answer.headers.get("content-encoding"), answer.json()["table"]) == (packed, "pairs")


@needs_nginx
@pytest.mark.parametrize(("length", "status"), [(7_500, 200), (16_000, 200), (17_000, 414), (30_000, 414)])
@pytest.mark.parametrize("path", ["/", "/sister_cities/pairs"])
def test_long_address_is_answered_or_refused(folder, path, length, status):
    assert asked(folder, f"{path}?_z={'%C3' * (length // 3)}").status_code == status


@needs_nginx
def test_refusal_tells_no_version_of_nginx(folder):
    assert asked(folder, "/?_z=" + "a" * 30_000).headers["server"] == "nginx"


def ended(line):
    """Whether the other side has closed a connection."""
    line.setblocking(False)
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


@needs_nginx
def test_slow_heads_are_cut_off(folder):
    with ExitStack() as lines:
        made = [lines.enter_context(closing(socket.create_connection(address(folder)))) for _ in range(400)]
        for line in made:
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        statuses = {asked(folder, "/").status_code for _ in range(5)}
        time.sleep(4 * slowness())  # twice the bound, which is 2 seconds here
        still_open = [line for line in made if not ended(line)]
    assert (statuses, still_open) == ({200}, [])


@needs_nginx
def test_many_connections_of_one_address_are_refused(folder):
    head = b"GET /sister_cities.db HTTP/1.1\r\nHost: localhost\r\n\r\n" * 10  # more than is buffered
    with ExitStack() as lines:
        for _ in range(60):
            line = lines.enter_context(closing(socket.create_connection(address(folder))))
            line.sendall(head)
        until = time.monotonic() + 5  # after 10 seconds they are cut off
        while (status := asked(folder, "/").status_code) != 429 and time.monotonic() < until:
            time.sleep(0.1)
    assert status == 429


@needs_nginx
@pytest.mark.parametrize(
    "header", ["content-security-policy", "x-content-type-options", "access-control-allow-origin"]
)
def test_headers_pass_through_once(folder, header):
    assert len(asked(folder, "/").headers.get_list(header)) == 1


@needs_nginx
def test_body_is_not_passed_on(folder):
    connection = http.client.HTTPConnection(*address(folder), timeout=HANGS)
    with closing(connection):
        connection.request("POST", "/", body=b"x" * 100, headers={"Host": "localhost"})
        assert connection.getresponse().status == 405


@needs_nginx
def test_readers_are_counted_by_what_nginx_says_of_them(folder):
    assert asked(folder, "/-/health", x_forwarded_for="203.0.113.77").json()["ok"]


@needs_nginx
def test_no_log_has_anything_of_a_request(folder):
    for path in (
        f"/?_z={SECRET}",
        f"/sister_cities/find_a_tie?q={SECRET}",
        f"/{SECRET}",
        f"/?{SECRET * 2000}",
    ):
        asked(folder, path)
    asked(folder, "/sister_cities.json", sql=SECRET)
    logs = "".join(path.read_text("utf-8", "replace") for path in folder.glob("*.log"))
    assert [word for word in (SECRET, "GET ", "127.0.0.1:") if word in logs] == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_unit(tmp_path):
    text = (ROOT / "deploy/sister-cities.service").read_text("utf-8")
    unit = tmp_path / "sister-cities.service"
    unit.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.M), "utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line for line in ran.stderr.splitlines() if "sister-cities" in line] == []
