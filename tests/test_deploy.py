"""The recipe for many readers: no request fails when a process dies or the version changes."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import httpx
import pytest
from serving import free_port

from deploy.alone import NGINX, alone
from deploy.install import files, layout_for, main
from deploy.layout import filled, fingerprint
from deploy.switch import NoAnswerError, switch
from scripts.build import build
from scripts.checking.check import check

needs_nginx = pytest.mark.skipif(
    not NGINX and not os.environ.get("CI"), reason="nginx is not installed (apt-get install nginx)"
)
PATHS = ["/", "/sister_cities/pairs", "/sister_cities/who_said_what.json", "/robots.txt", "/-/health"]


@pytest.fixture(scope="module")
def machine(built):
    with alone(built, free_port()) as started:
        yield started


@pytest.fixture
def client(machine):
    base = f"http://{machine.layout.listen}"
    with httpx.Client(base_url=base, timeout=30, trust_env=False) as made:
        yield made


@pytest.fixture
def newer(frozen, tmp_path):
    """A build of the data with one word changed."""
    file = frozen.parent / "data" / "statements.csv"
    file.write_text(file.read_text("utf-8").replace("Pledges continuing", "Pledges enduring", 1), "utf-8")
    told = json.loads(frozen.read_text("utf-8"))
    frozen.write_text(json.dumps(told | {"version": "9.0.0"}), "utf-8")
    out = tmp_path / "newer"
    report = check(frozen)
    assert report.problems == []
    build(report, out, lambda step: None)
    return out


class Readers:
    """Clients that read without pause and note what fails, each as a browser would: a request on a kept
    connection that was closed before any answer came is sent once more (RFC 9112, 9.3.1)."""

    def __init__(self, address: str, number: int = 6) -> None:
        self.address = address
        self.answered = 0
        self.failed: list[str] = []
        self.enough = threading.Event()
        self.threads = [threading.Thread(target=self.read, args=[i], daemon=True) for i in range(number)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_exception):
        self.enough.set()
        for thread in self.threads:
            thread.join(30)

    def wait(self, more: int = 200) -> None:
        """Return when so many more have been answered, or any has failed."""
        goal = self.answered + more
        until = time.monotonic() + 30
        while self.answered < goal and not self.failed and time.monotonic() < until:
            time.sleep(0.02)

    def read(self, number: int) -> None:
        connection, used, turn = http.client.HTTPConnection(self.address, timeout=20), False, number
        while not self.enough.is_set():
            # Every other address is new to all caches, so that the processes themselves are asked.
            path = PATHS[turn % len(PATHS)] + (f"?n={number}-{turn}" if turn % 2 else "")
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                used = not answer.will_close
                turn += 1
                if answer.status == 200:
                    self.answered += 1
                else:
                    self.failed.append(f"{answer.status} {path}")
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                connection.close()
                if not used:
                    self.failed.append(f"{error!r} {path}")
                used = False
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self.failed.append(f"{error!r} {path}")
        connection.close()


@needs_nginx
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_request_fails_when_a_process_ends(machine, how):
    with Readers(machine.layout.listen) as readers:
        readers.wait()
        (version,) = {version for version, _ in machine.processes}
        machine.processes[version, 1].send_signal(how)
        machine.processes[version, 1].wait(30)
        readers.wait()
        machine.start(version)
        readers.wait()
    assert (readers.failed, readers.answered > 500) == ([], True)


@needs_nginx
def test_no_request_fails_when_the_version_changes(machine, client, newer, built):
    before = client.get("/-/health").json()
    with Readers(machine.layout.listen) as readers:
        readers.wait()
        switch(machine.layout, machine, newer, last_requests=1)
        readers.wait()
        between = client.get("/-/health").json()
        switch(machine.layout, machine, built, last_requests=1)
        readers.wait()
    assert (
        readers.failed,
        readers.answered > 500,
        between["version"][0],
        client.get("/-/health").json(),
    ) == (
        [],
        True,
        "9",
        before,
    )


@needs_nginx
def test_new_version_is_never_answered_from_the_old_ones_cache(machine, client, newer, built):
    path = "/sister_cities/who_said_what.json"
    old = [client.get(path) for _ in range(2)][1]
    switch(machine.layout, machine, newer, last_requests=0)
    new = client.get(path)
    switch(machine.layout, machine, built, last_requests=0)
    assert ("Pledges enduring" in old.text, old.headers["x-cache"], "Pledges enduring" in new.text) == (
        False,
        "HIT",
        True,
    )


@needs_nginx
def test_version_that_does_not_answer_changes_nothing(machine, client, built, tmp_path, monkeypatch):
    monkeypatch.setattr("deploy.switch.ANSWERS_WITHIN", 2)
    before = client.get("/-/health").json()
    shutil.copytree(built, tmp_path / "broken")
    (tmp_path / "broken" / "metadata.json").write_text("{", "utf-8")
    with pytest.raises(NoAnswerError):
        switch(machine.layout, machine, tmp_path / "broken", last_requests=0)
    assert (client.get("/-/health").json(), len({version for version, _ in machine.processes})) == (before, 1)


@needs_nginx
@pytest.mark.parametrize("path", ["/", "/sister_cities/pairs", "/sister_cities.db", "/-/static/app.css"])
def test_second_answer_comes_from_the_cache(client, path):
    assert [client.get(path).status_code, client.get(path).headers["x-cache"]] == [200, "HIT"]


@needs_nginx
@pytest.mark.parametrize(
    "sent", [{"cookie": "a=b"}, {"authorization": "x"}, {"accept-encoding": "br, gzip;q=1"}]
)
def test_headers_of_readers_do_not_split_the_cache(client, sent):
    client.get("/sister_cities")
    assert client.get("/sister_cities", headers=sent).headers["x-cache"] == "HIT"


@needs_nginx
@pytest.mark.parametrize(("takes", "packed"), [("gzip", "gzip"), ("identity", None)])
def test_answers_are_compressed_for_those_who_can_unpack(client, takes, packed):
    response = client.get("/sister_cities/pairs.json", headers={"accept-encoding": takes})
    assert (response.headers.get("content-encoding"), response.json()["table"]) == (packed, "pairs")


@needs_nginx
@pytest.mark.parametrize("name", ["sql", "_where", "s%71l", "SQL"])
def test_raw_sql_is_limited_by_address(client, name):
    statuses = {client.get(f"/sister_cities.json?{name}=select+{n}").status_code for n in range(40)}
    assert 429 in statuses


@needs_nginx
def test_pages_are_not_limited(client):
    assert {client.get("/sister_cities/pairs").status_code for _ in range(60)} == {200}


@needs_nginx
@pytest.mark.parametrize("host", ["evil.example", '"><script>', ""])
def test_other_hosts_get_no_answer(client, host):
    try:
        status = client.get("/", headers={"host": host}).status_code
    except httpx.RemoteProtocolError:
        status = None
    assert status in (None, 400)


@needs_nginx
@pytest.mark.parametrize(
    "header", ["content-security-policy", "x-content-type-options", "access-control-allow-origin"]
)
def test_headers_pass_through_once(client, header):
    assert len(client.get("/").headers.get_list(header)) == 1


@needs_nginx
def test_slow_clients_keep_nobody_waiting(client, machine):
    host, _, port = machine.layout.listen.partition(":")
    with ExitStack() as lines:
        for _ in range(80):
            line = lines.enter_context(closing(http.client.HTTPConnection(host, int(port))))
            line.connect()
            line.sock.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        statuses = [client.get("/").status_code for _ in range(5)]
    assert statuses == [200] * 5


@needs_nginx
@pytest.mark.parametrize("target", ["/" + "a" * 1_000_000, "/?a=" + "b" * 20_000])
def test_long_url_is_refused(client, machine, target):
    connection = http.client.HTTPConnection(machine.layout.listen)
    status = 414
    with closing(connection), suppress(ConnectionError):
        connection.request("GET", target)
        status = connection.getresponse().status
    assert (status in (400, 414), client.get("/").status_code) == (True, 200)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_units(tmp_path, built):
    (tmp_path / "venv/bin").mkdir(parents=True)
    shutil.copy("/bin/true", tmp_path / "venv/bin/datasette")
    main(["data.example.org", "--root", str(tmp_path), "--etc", str(tmp_path / "etc")])
    units = sorted((tmp_path / "etc/systemd/system").glob("*.service"))
    named = [unit.rename(unit.with_name(unit.name.replace("@", "@abc"))) for unit in units]
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, named)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in ran.stderr.splitlines() if "sister-cities" in line]
    assert (len(named), ours) == (2, [])


def test_install_leaves_what_is_there(tmp_path, capsys):
    arguments = ["data.example.org", "--root", str(tmp_path / "root"), "--etc", str(tmp_path / "etc")]
    main(arguments)
    conf = tmp_path / "etc/nginx/conf.d/sister-cities.conf"
    conf.write_text("edited", "utf-8")
    main(arguments)
    assert (conf.read_text("utf-8"), f"left {conf}" in capsys.readouterr().out) == ("edited", True)


@pytest.mark.parametrize("path", [path.name for path in files(layout_for(Path("/srv/x")), Path("/etc"))])
def test_every_place_is_filled(path):
    text = next(
        text for file, text in files(layout_for(Path("/srv/x")), Path("/etc")).items() if file.name == path
    )
    assert re.findall(r"{{\w*}}", text) == []


def test_place_without_a_value_is_an_error():
    with pytest.raises(KeyError):
        filled("version.conf", version="1")


def test_value_without_a_place_is_an_error():
    with pytest.raises(ValueError, match="no place for port"):
        filled("version.conf", version="1", servers="", port=1)


def test_fingerprint_is_that_of_the_content(built, tmp_path):
    copy = shutil.copytree(built, tmp_path / "copy")
    assert fingerprint(copy) == fingerprint(built)


@pytest.mark.parametrize("file", ["sister_cities.db", "settings.json", "templates/base.html"])
def test_fingerprint_changes_with_any_file(built, tmp_path, file):
    copy = shutil.copytree(built, tmp_path / "copy")
    with (copy / file).open("ab") as changed:
        changed.write(b" ")
    assert fingerprint(copy) != fingerprint(built)
