"""The site as files: whole, the same every time, and at home under any prefix of any static server."""

import functools
import gzip
import hashlib
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from conftest import CREATED, DATABASE, ROOT, VERSION, copied, edited, rows_of
from serving import client

from schemas.contract import package_of
from scripts.publishing.frozen_pages import write_successors
from scripts.publishing.paths import Addresses
from scripts.site import main as publish

HOME = package_of(ROOT / "datapackage.json").descriptor.get("homepage", "").rstrip("/") + "/"
ADDRESSES = Addresses("db", "https://a.example/x/", {"votes": ["a", "b"]})


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def served(folder):
    """The address of a folder's grandparent, served by Python alone."""
    handler = functools.partial(Quiet, directory=str(folder.parents[1]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/some/where/"
    finally:
        server.shutdown()
        server.server_close()


class Links(HTMLParser):
    """The addresses that a page leads to or needs, and the places in it."""

    def __init__(self, text):
        super().__init__()
        self.found, self.places = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.places.add(given.get("id"))
        if given.get("rel") != "canonical":
            self.found += [given[name] for name in ("href", "src", "action") if given.get(name) is not None]


def crawl(start):
    """The pages and files that are reached from an address, and the links that lead nowhere."""
    pages, wanted, dead = {}, {start: start}, []
    with client(start) as reader:
        while waiting := [url for url in wanted if url not in pages]:
            for url in waiting:
                response = reader.get(url, follow_redirects=True)
                if response.status_code != 200:
                    dead.append((wanted[url], url))
                is_page = response.headers["content-type"].startswith("text/html")
                pages[url] = links = Links(response.text if is_page else "")
                for link in links.found:
                    target = urldefrag(urljoin(url, link)).url
                    if target.startswith(start):
                        wanted.setdefault(target.partition("?")[0], url)
    return pages, dead


@pytest.fixture(scope="session")
def crawled(public):
    with served(public) as address:
        return (address, *crawl(address))


def test_no_link_is_dead(crawled):
    _, pages, dead = crawled
    assert (len(pages) > 300, dead) == (True, [])


def test_no_link_leads_out_of_the_prefix(crawled):
    address, pages, _ = crawled
    host = address.removesuffix("some/where/")
    outside = {
        (url, link)
        for url, links in pages.items()
        for link in links.found
        if urljoin(url, link).startswith((host, "http://localhost"))
        and not urljoin(url, link).startswith(address)
    }
    assert outside == set()


def test_every_place_in_a_page_is_there(crawled):
    _, pages, _ = crawled
    missing = {
        (url, link)
        for url, links in pages.items()
        for link in links.found
        for target, place in [urldefrag(urljoin(url, link))]
        if place and target in pages and pages[target].found and place not in pages[target].places
    }
    assert missing == set()


def test_every_file_is_reached(crawled, public):
    _, pages, _ = crawled
    reached = {urlsplit(url).path.removesuffix("index.html") for url in pages}
    files = {path.relative_to(public).as_posix() for path in public.rglob("index.html")}
    unreached = {file for file in files if f"/some/where/{file.removesuffix('index.html')}" not in reached}
    assert unreached == set()


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("/", "/"),
        ("/#map", "/#map"),
        ("/db?sql=select+1", "/db/?sql=select+1"),
        ("/db/pairs?kind=a&_next=b", "/db/pairs/?kind=a&_next=b"),
        ("/db/pairs.csv?_stream=on&_dl=on", "/db/pairs.csv"),
        ("/db/pairs.csv?pair_id=a", "/db/pairs/?pair_id=a"),
        ("/db/pairs.json", "/db/pairs.json"),
        ("/db/cell_values.csv?_stream=on", "/db/?sql=select+%2A+from+cell_values"),
        ("/db/pairs/a--b", "/db/pairs/a--b/"),
        ("/db/pairs/a--b.json", "/db/pairs/a--b.json"),
        ("/db/votes/a~2Eb,c", "/db/votes/?a=a.b&b=c"),
        ("/-/policy#x", "/-/policy/#x"),
        ("/-/decisions.atom", "/-/decisions.atom"),
        ("/static/site.css?123", "/static/site.css?123"),
        ("/v/1.0.0/", "/v/1.0.0/"),
    ],
)
def test_address_among_the_files(url, target):
    assert ADDRESSES.moved(url) == target


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ('<a href="/db/pairs">', '<a href="../../db/pairs/">'),
        ('<a href="http://localhost/db?a=1&amp;b=2">', '<a href="../../db/?a=1&amp;b=2">'),
        ('<a href="https://b.example/">', '<a href="https://b.example/">'),
        ('<link rel="canonical" href="http://localhost/db/find">', '<link rel="canonical" href="https://a.example/x/db/find/">'),
        ('<meta name="twitter:image" content="/static/a.png">', '<meta name="twitter:image" content="https://a.example/x/static/a.png">'),
        ('{"url": "http://localhost/db/pairs"}', '{"url": "https://a.example/x/db/pairs/"}'),
    ],
)  # fmt: skip
def test_link_leads_from_any_page(text, page):
    assert ADDRESSES.page(text, "../../") == page


@pytest.mark.parametrize(
    "told", ['<link rel="canonical" href="/db">', '<meta property="og:image" content="/static/card.png">']
)
def test_page_of_a_site_without_an_address_tells_of_none(told):
    site = Addresses("db", "/", {})
    assert (
        site.page(f'<title>A</title>\n  {told}\n<a href="/db">', "../")
        == '<title>A</title>\n<a href="../db/">'
    )


def test_database_is_there_twice(public):
    plain = (public / f"{DATABASE}.db").read_bytes()
    assert gzip.decompress((public / f"{DATABASE}.db.gz").read_bytes()) == plain


def test_sums_of_the_release_hold(public):
    lines = (public / "SHA256SUMS").read_text("ascii").splitlines()
    wrong = [
        line for line in lines if hashlib.sha256((public / line[66:]).read_bytes()).hexdigest() != line[:64]
    ]
    assert (bool(lines), wrong) == (True, [])


def test_release_of_other_data_is_refused(frozen, dist, tmp_path, capsys):
    edited(frozen, "places", [{"place_id": rows_of("places")[0]["place_id"], "notes": "Other."}])
    status = publish([str(frozen), "--out", str(tmp_path / "public"), "--dist", str(dist)])
    assert (status, "other data" in capsys.readouterr().err) == (2, True)


FILES = ["pairs", "pair_events", "decisions", "find_a_tie", "share_suspended_or_ended"]


@pytest.mark.parametrize("name", FILES)
async def test_file_has_what_datasette_answers(site, public, name):
    address = f"/{DATABASE}/{name}"
    theirs = (await site.client.get(f"{address}.json?_size=max")).json()
    ours = json.loads((public / DATABASE / f"{name}.json").read_text("utf-8"))
    csv_file = (public / DATABASE / f"{name}.csv").read_bytes().decode()
    assert ([ours["rows"], ours["answers"]], csv_file) == (
        [theirs["rows"], theirs["answers"]],
        (await site.client.get(f"{address}.csv")).text,
    )


def test_csv_file_has_its_day_and_parameters_beside_it(public):
    text = (public / DATABASE / "share_suspended_or_ended.csv-metadata.json").read_text("utf-8")
    ((said,), day) = json.loads(text)["notes"], CREATED[:10]
    assert said == {"version": VERSION, "as-of": day, "parameters": f"date={day}"}


class Retired:
    async def execute(self, _sql):
        return SimpleNamespace(rows=[("pairs", "us-a--ru-b", "us-a--ru-c")])


async def test_retired_key_leads_to_its_successor(tmp_path):
    await write_successors(Retired(), tmp_path)
    page = (tmp_path / "pairs" / "us-a--ru-b" / "index.html").read_text("utf-8")
    assert '<meta http-equiv="refresh" content="0; url=../us-a--ru-c/">' in page


LATER = """
import sys, time
now = time.time
time.time = lambda: now() + 40 * 24 * 3600
from scripts.site import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
def test_site_is_the_same_elsewhere_and_on_another_day(public, package, dist, tmp_path):
    descriptor = copied(package, tmp_path / "elsewhere")
    command = [sys.executable, "-c", LATER, str(descriptor), "--out", str(tmp_path / "public")]
    command += ["--dist", str(dist), "--prefix", "/some/where/"]
    environment = os.environ | {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert contents(tmp_path / "public") == contents(public)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
