"""Addresses asked of a server on loopback that does what hosts do, and the monthly workflow up to GitHub."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from conftest import ROOT, TINY, composed
from serving import HANGS

from scripts.links import check_addresses, main

COPY = "web.archive.org/web/20260101000000/https://example.org/"
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "links.yml").read_text("utf-8"))
STEPS = WORKFLOW["jobs"]["links"]["steps"]


class Hosts(BaseHTTPRequestHandler):
    """Answers by the last part of the path; `/available` is a Wayback availability service."""

    def do_GET(self):
        self.server.asked.append((time.monotonic(), self.path, self.headers["User-Agent"]))
        kind = urlsplit(self.path).path.rpartition("/")[2]
        times = sum(path == self.path for _, path, _ in self.server.asked)
        if kind == "slow":
            self.server.stopped.wait(HANGS)
        elif kind == "available":
            self.answer(200, json.dumps(self.server.archive(parse_qs(urlsplit(self.path).query))))
        elif kind in ("moved", "loop", "home"):
            self.answer(301, Location={"moved": "/fine", "loop": "/loop", "home": "/"}[kind])
        elif kind.startswith("busy"):  # for seconds, once
            self.answer(429 if times == 1 else 200, **{"Retry-After": kind.removeprefix("busy")})
        else:
            self.answer(int(kind) if kind.isdecimal() else 200)

    def answer(self, status, body="", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass


def archive(question):
    """What the service says: a copy of the page, a copy of an error, a copy elsewhere, or none."""
    kind = question["url"][0].rpartition("/")[2]
    known = {
        "410": {"url": f"http://{COPY}", "status": "200"},
        "500": {"url": f"http://{COPY}", "status": "404"},
        "loop": {"url": "https://evil.example/web/20260101000000/x", "status": "200"},
    }
    return {"archived_snapshots": {"closest": known[kind]} if kind in known else {}}


@contextmanager
def hosts():
    """A server on loopback, and its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hosts)
    server.asked, server.stopped, server.archive = [], Event(), archive
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def host(monkeypatch):
    """A server on loopback, and its address; no proxy of this machine stands between."""
    monkeypatch.setenv("no_proxy", "*")
    with hosts() as running:
        yield running


async def results(wayback, *urls, pause=0.0, timeout=HANGS):
    """What is kept of each address, without the address."""
    found = []
    await check_addresses(
        dict.fromkeys(urls, "2022-06-06"),
        lambda url, *result: found.append(result),
        f"{wayback}/available",
        pause,
        timeout,
    )
    return found


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("/200", ("answers", "", "")),
        ("/moved", ("answers", "", "")),
        ("/", ("answers", "", "")),
        ("/busy1", ("answers", "", "")),
        ("/404", ("gone", "404", "")),
        ("/410", ("gone", "410", f"https://{COPY}")),
        ("/403", ("unclear", "403", "")),
        ("/500", ("unclear", "500", "")),
        ("/home", ("unclear", "leads to a home page", "")),
        ("/loop", ("unclear", "TooManyRedirects Exceeded maximum allowed redirects.", "")),
        ("/busy600", ("unclear", "429", "")),
        ("/busy-till-tomorrow", ("unclear", "429", "")),
    ],
)
async def test_result_follows_from_what_the_host_does(host, path, result):
    assert await results(host[1], f"{host[1]}{path}") == [result]


async def test_host_that_does_not_answer_is_unclear(host):
    assert await results(host[1], f"{host[1]}/slow", timeout=0.5) == [("unclear", "TimeoutError", "")]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1:{port}/tls", "ConnectError [SSL"),
        ("http://127.0.0.1:1/closed", "ConnectError"),
        ("ftp://127.0.0.1/file", "UnsupportedProtocol"),
        ("http://[x]/", "InvalidURL"),
        ("http://xn--/", "IDNAError"),
    ],
)
async def test_failure_is_unclear_and_named(host, url, why):
    (found,) = await results(host[1], url.format(port=host[0].server_address[1]))
    assert (found[0], found[1].startswith(why)) == ("unclear", True)


async def test_host_is_asked_one_thing_at_a_time_with_a_pause(host):
    server, base = host
    await results(base, *(f"{base}/{i}/200" for i in range(3)), pause=0.2)
    times = [time for time, *_ in server.asked]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.2


async def test_hosts_are_asked_beside_each_other(host):
    server, base = host
    with hosts() as (other, another):
        await results(base, *(f"{one}/{i}/200" for one in (base, another) for i in range(3)), pause=0.2)
    assert other.asked[0] < server.asked[-1]


async def test_host_that_wants_a_long_wait_is_asked_no_more(host):
    server, base = host
    found = await results(f"{base}/wayback", f"{base}/busy600", f"{base}/200")
    assert ([path for _, path, _ in server.asked if "wayback" not in path], found[1][0]) == (
        ["/busy600"],
        "unclear",
    )


async def test_request_names_the_project(host):
    server, base = host
    await results(base, f"{base}/200")
    assert server.asked[0][2].startswith("sister-cities-in-wartime ")


async def test_archive_is_asked_for_the_copy_of_the_day(host):
    server, base = host
    await results(base, f"{base}/410")
    assert parse_qs(urlsplit(server.asked[1][1]).query) == {"url": [f"{base}/410"], "timestamp": ["20220606"]}


def addressed(descriptor, *urls):
    """Give the first sources of the tiny package, which have addresses, others."""
    path = descriptor.parent / "data" / "sources.csv"
    text = path.read_text("utf-8")
    for old, new in zip(("letter", "report?a=1", "essay"), urls, strict=True):
        text = text.replace(f"https://example.org/{old}", new)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def sources(tiny, host):
    """The table of sources in a copy of the tiny package: one answers, one is gone, one has a copy."""
    return addressed(tiny, f"{host[1]}/200", f"{host[1]}/404", f"{host[1]}/410")


def run(descriptor, host, *options):
    """The exit status of the command with the archive on loopback."""
    return main([str(descriptor), "--wayback", f"{host[1]}/available", "--pause", "0", *options])


def test_report_has_what_does_not_answer(tiny, host, sources, capsys):
    status = run(tiny, host)
    assert (status, *capsys.readouterr()) == (
        1,
        "source_id,url,result,why,archived_url\n"
        f"daily-2022-03-02-report,{host[1]}/404,gone,404,\n"
        f"weekly-2022-06-06-essay,{host[1]}/410,gone,410,https://{COPY}\n",
        "",
    )


def test_report_goes_to_a_file(tiny, host, sources, tmp_path, capsys):
    run(tiny, host, "--out", str(tmp_path / "links.csv"))
    written = (tmp_path / "links.csv").read_text("utf-8")
    assert (len(written.splitlines()), capsys.readouterr().out) == (3, "")


def test_status_is_0_where_all_answer(tiny, host):
    addressed(tiny, f"{host[1]}/200", f"{host[1]}/moved", f"{host[1]}/")
    assert run(tiny, host) == 0


def test_table_stays_without_write(tiny, host, sources):
    before = sources.read_bytes()
    run(tiny, host)
    assert sources.read_bytes() == before


@pytest.mark.parametrize("known", ["", "https://example.org/copy"])
def test_write_fills_empty_cells_alone(tiny, host, sources, known):
    before = sources.read_text("utf-8").replace("/410,,", f"/410,{known},")
    sources.write_text(before, "utf-8")
    run(tiny, host, "--write")
    assert sources.read_text("utf-8") == before.replace("/410,,", f"/410,https://{COPY},")


@pytest.mark.slow
def test_interrupted_run_goes_on_where_it_stopped(tiny, host):
    server, base = host
    addressed(tiny, f"{base}/404", f"{base}/slow", f"{base}/410")
    state = tiny.parent / ".links.jsonl"
    command = [sys.executable, "-m", "scripts.links", str(tiny), "--wayback", f"{base}/available"]
    with subprocess.Popen([*command, "--pause", "0"], cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + HANGS
        while not (state.exists() and state.read_text("utf-8")) and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
    asked = len(server.asked)
    server.stopped.set()
    run(tiny, host)
    again = [path for _, path, _ in server.asked[asked:]]
    assert ("/404" in again, "/410" in again, state.exists()) == (False, True, False)


def test_no_network_is_said(tiny, host, capsys):
    addressed(tiny, *(f"http://127.0.0.1:1/{i}" for i in range(3)))
    assert (run(tiny, host), "is there a network?" in capsys.readouterr().err) == (2, True)


def test_table_out_of_order_is_not_read(tiny, host, sources, capsys):
    sources.write_text(sources.read_text("utf-8") + "ragged,row\n", "utf-8")
    assert (run(tiny, host), "make validate" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize("uses", [step["uses"] for step in STEPS if "uses" in step])
def test_workflow_names_actions_by_commit(uses):
    assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", uses)


def test_workflow_has_the_least_rights():
    assert (WORKFLOW["permissions"], WORKFLOW["jobs"]["links"]["permissions"]) == (
        {},
        {"contents": "read", "issues": "write"},
    )


def test_workflow_gives_the_shell_no_text_of_others():
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []


GH = """#!/bin/sh
echo "$@" >> "$RUNNER_TEMP/asked"
if [ "$2" = list ]; then echo "$OPEN"; fi
"""


def step(name, folder, **environment):
    """Run a step of the workflow in a folder as a runner does; nothing but loopback can be reached."""
    (command,) = [step["run"] for step in STEPS if step.get("name") == name]
    environment = os.environ | {"RUNNER_TEMP": str(folder), "https_proxy": "http://127.0.0.1:1"} | environment
    return subprocess.run(["bash", "-e", "-c", command], cwd=folder, env=environment, check=False).returncode


@pytest.fixture
def checkout(tmp_path):
    """A folder with the code, the tiny package, its Python, and a `gh` that notes what it is asked."""
    folder = tmp_path / "checkout"
    composed(TINY, folder)
    for part in ("schemas", "scripts"):
        shutil.copytree(ROOT / part, folder / part)
    for name, text in {
        ".venv/bin/python": f'#!/bin/sh\nexec "{sys.executable}" "$@"\n',
        "bin/gh": GH,
    }.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.slow
def test_workflow_reports_what_does_not_answer(checkout, host):
    addressed(checkout / "datapackage.json", f"{host[1]}/404", f"{host[1]}/200", "http://127.0.0.1:1/x")
    statuses = [
        step(name, checkout, no_proxy="127.0.0.1") for name in ("Check every address", "Write the report")
    ]
    rows = re.findall(r"^\S+,http\S+,(gone|unclear),", (checkout / "report.md").read_text("utf-8"), re.M)
    assert (statuses, rows) == ([0, 0], ["gone", "unclear"])


def test_workflow_ends_where_the_check_cannot_run(checkout):
    (checkout / "data" / "sources.csv").unlink()
    assert step("Check every address", checkout) != 0


@pytest.mark.parametrize(
    ("rows", "number", "asked"),
    [
        (1, "", "issue create --title Dead --body-file {}/report.md"),
        (1, "7", "issue edit 7 --body-file {}/report.md"),
        (0, "7", "issue edit 7 --body-file {}/report.md"),
        (0, "", "issue list --app github-actions"),
    ],
)
def test_workflow_keeps_one_issue(checkout, rows, number, asked):
    (checkout / "links.csv").write_text("header\n" + "row\n" * rows)
    path = f"{checkout / 'bin'}:{os.environ['PATH']}"
    status = step("Open or update the issue", checkout, PATH=path, OPEN=number, TITLE="Dead")
    last = (checkout / "asked").read_text("utf-8").splitlines()[-1]
    assert (status, last.startswith(asked.format(checkout))) == (0, True)
