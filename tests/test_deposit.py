"""The deposit on Zenodo, asked of a service on this machine that keeps what it is told."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import jsonschema
import pytest
from conftest import ROOT, VERSION
from test_release import NAME

from scripts.checking.validator import check
from scripts.deposit import main

SCHEMA = json.loads((ROOT / "tests" / "zenodo.schema.json").read_text("utf-8"))
CONCEPT = "https://doi.org/10.5281/zenodo.100"


class Zenodo(BaseHTTPRequestHandler):
    """The part of https://developers.zenodo.org/ that a deposit needs."""

    def do(self):
        service = self.server
        content = self.rfile.read(int(self.headers["Content-Length"] or 0))
        service.asked.append((self.command, self.path, content))
        here = f"http://127.0.0.1:{service.server_port}"
        draft = {
            "links": {"self": f"{here}/draft", "bucket": f"{here}/bucket", "publish": f"{here}/publish"},
            "files": [{"links": {"self": f"{here}/old/{name}"}} for name in service.files],
        }
        answers = {
            "/api/deposit/depositions": draft,
            "/api/records/100": {"id": 107},
            "/api/deposit/depositions/107/actions/newversion": {"links": {"latest_draft": f"{here}/copied"}},
            "/copied": draft,
            "/publish": {"conceptdoi": "10.5281/zenodo.100"},
        }
        refused = self.path == service.refuses or self.headers["Authorization"] != "Bearer secret"
        body = json.dumps({"message": "No."} if refused else answers.get(self.path, {})).encode()
        self.send_response(400 if refused else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Zenodo)
    server.asked, server.files, server.refuses = [], [], None
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def deposited(service, frozen, dist, monkeypatch):
    """A function that deposits the frozen release, with its descriptor's DOI if one is given."""

    def run(doi=None, token="secret"):
        monkeypatch.setenv("ZENODO_TOKEN", token)
        told = json.loads(frozen.read_text("utf-8")) | ({"id": doi} if doi else {})
        frozen.write_text(json.dumps(told), "utf-8")
        return main(
            [str(frozen), "--dist", str(dist), "--api", f"http://127.0.0.1:{service.server_port}/api"]
        )

    return run


def test_metadata_is_what_zenodo_asks_for(service, deposited):
    status = deposited()
    (content,) = [content for method, path, content in service.asked if (method, path) == ("PUT", "/draft")]
    metadata = json.loads(content)["metadata"]
    jsonschema.validate(metadata, SCHEMA)
    assert (status, metadata["version"]) == (0, VERSION)


def test_every_file_of_the_release_is_there_byte_by_byte(service, deposited, dist):
    deposited()
    files = {
        path.removeprefix("/bucket/"): content for _, path, content in service.asked if "/bucket/" in path
    }
    assert files == {path.name: path.read_bytes() for path in dist.rglob("*") if path.is_file()}
    assert f"{NAME}.zip" in files


def test_first_version_is_published_last_and_its_doi_told(service, deposited, capsys):
    deposited()
    asked = [(method, path) for method, path, _ in service.asked if "/bucket/" not in path]
    assert (asked, capsys.readouterr().out) == (
        [("POST", "/api/deposit/depositions"), ("PUT", "/draft"), ("POST", "/publish")],
        "deposited as 10.5281/zenodo.100\n",
    )


def test_later_version_follows_the_newest_and_has_none_of_its_files(service, deposited):
    service.files = ["old.zip"]
    deposited(CONCEPT)
    asked = [(method, path) for method, path, _ in service.asked if "/bucket/" not in path]
    assert asked == [
        ("GET", "/api/records/100"),
        ("POST", "/api/deposit/depositions/107/actions/newversion"),
        ("GET", "/copied"),
        ("DELETE", "/old/old.zip"),
        ("PUT", "/draft"),
        ("POST", "/publish"),
    ]


@pytest.mark.parametrize(("refuses", "token"), [("/draft", "secret"), (None, "wrong")])
def test_refusal_is_told_and_nothing_published(service, deposited, capsys, refuses, token):
    service.refuses = refuses
    status = deposited(token=token)
    published = [path for _, path, _ in service.asked if path == "/publish"]
    assert (status, published, 'is answered 400: {"message": "No."}' in capsys.readouterr().err) == (
        2,
        [],
        True,
    )


def test_without_a_token_nothing_is_deposited(service, deposited, capsys):
    assert (deposited(token=""), service.asked) == (0, [])


def test_another_release_is_not_deposited(service, deposited, frozen):
    frozen.write_text(
        frozen.read_text("utf-8").replace(f'"version": "{VERSION}"', '"version": "9.9.9"'), "utf-8"
    )
    assert (deposited(), service.asked) == (2, [])


def test_descriptor_takes_the_doi_of_all_versions(frozen):
    text = frozen.read_text("utf-8").replace('"name":', f'"id": "{CONCEPT}", "name":', 1)
    frozen.write_text(text, "utf-8")
    assert check(frozen).problems == []
