"""Attacks on the site: each is refused or bounded, and the next honest request is answered."""

import json
import shutil
import socket
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from conftest import FROZEN, ROOT, opened
from datasette.utils import tilde_encode
from poison import MARK, Page, poisoned
from serving import HANGS, client, peak_kb, serving, slowness

from schemas.contract import table_of
from schemas.derived import derived_tables

pytestmark = pytest.mark.slow

DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
TABLES = [table_of(resource) for resource in DESCRIPTOR["resources"]]
METADATA = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["sister_cities"]
SQL = "/sister_cities.json"
HONEST = "/sister_cities/where_sources_disagree.json"
ENDLESS = "with recursive c(i) as (select 1 union all select i + 1 from c) "
MEMORY_KB = 600 * 1024  # of the server and its workers


async def after(site):
    """The status of the next honest request; its address is new, so that no kept answer can be given."""
    return (await site.client.get(f"/sister_cities/pairs.json?_size={id(object()) % 90 + 1}")).status_code


@pytest.fixture(scope="module")
def served(built):
    """A client of a server whose bounds of time are as much longer as everything takes longer here."""
    settings = {"sql_time_limit_ms": round(1000 * slowness())}
    with serving(built, settings=settings) as (url, process), client(url) as reader:
        reader.headers["process"] = str(process)
        yield reader


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS + "select count(*) from c",
        ENDLESS + "select i from c order by -i",
        ENDLESS + "select group_concat(i) from c",
        ENDLESS + "select json_group_array(i) from c",
        ENDLESS + "select hex(zeroblob(99000)) from c",
        ENDLESS + "select zeroblob(199000) from c",
        ENDLESS + "select i, hex(zeroblob(90000)) as v from c order by v, -i",
        ENDLESS + "select " + ", ".join(["i"] * 180) + " from c limit 5000",
        "select length(hex(zeroblob(200000000)))",
        "select zeroblob(1000000000)",
        "select randomblob(1000000000)",
        "select printf('%.*c', 400000000, 'x')",
        "select format('%.400000000c', 'x')",
        "select printf('%1000000000d', 1)",
        "select replace(hex(zeroblob(90000)), '0', hex(zeroblob(90000)))",
        "select count(*) from pairs, pairs a, pairs b, pairs c, pairs d",
        "select json(" + "replace(" * 150 + "'x'" + ", 'x', 'xxxxxxxx')" * 150 + ")",
        "select '" + "a" * 12000 + "' like '%" + "a%" * 600 + "b'",
        "select * from pairs where pair_id in (" + "?," * 4000 + "?)",
    ],
)
def test_query_is_ended_within_its_memory(served, sql):
    status = served.get(SQL, params={"sql": sql}).status_code
    honest = served.get(HONEST).status_code
    taken = peak_kb(int(served.headers["process"]))
    assert (status in (200, 400, 414), honest, taken < MEMORY_KB) == (True, 200, True), (status, taken)


@pytest.mark.parametrize(
    "sql",
    [
        "attach database '/nowhere/other.db' as other",
        "select 1; attach database '/nowhere/other.db' as other",
        "with x as (select 1) insert into pairs select * from pairs",
        "with x as (select 1) delete from pairs",
        "with x as (select 1) update pairs set notes = 'x'",
        "insert into pairs select * from pairs",
        "create table t (a)",
        "drop table pairs",
        "vacuum into '/nowhere/other.db'",
        "pragma writable_schema = on",
        "pragma query_only = off",
        "select * from pragma_query_only",
        "select * from pragma_hard_heap_limit(1)",
        "select load_extension('/nowhere/evil.so')",
        "select fts3_tokenizer('simple')",
        "select writefile('/nowhere/x', 'y')",
        "select readfile('/etc/passwd')",
        "explain attach database '/nowhere/other.db' as other",
    ],
)
async def test_statement_other_than_reading_is_refused(site, sql):
    response = await site.client.get(SQL, params={"sql": sql})
    assert (response.status_code, await after(site)) == (400, 200)


@pytest.mark.parametrize(
    "sql",
    [
        "attach database ':memory:' as other",
        "detach database main",
        "pragma writable_schema = on",
        "pragma query_only = off",
        "pragma journal_mode = delete",
        "pragma hard_heap_limit = 0",
        "select load_extension('evil')",
        "create temp table t (a)",
        "create temp view v as select 1",
        "insert into pairs_fts (pairs_fts) values ('optimize')",
        "update sqlite_master set sql = ''",
        "begin",
        "analyze",
        "reindex",
    ],
)
async def test_connection_itself_refuses_what_a_filter_might_let_through(site, sql):
    with pytest.raises(sqlite3.DatabaseError, match=r"authorized|prohibited|readonly|not be modified"):
        await site.get_database().execute(sql)
    assert await after(site) == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        SQL,
        "/sister_cities/pairs",
        HONEST,
        "/sister_cities/pairs/us-il-chicago--ru-mow-moscow",
        "/-/messages",
    ],
)
async def test_no_verb_writes(site, method, path):
    response = await site.client.request(method, path, content=b'{"sql": "delete from pairs"}')
    assert (response.status_code, response.headers["allow"], await after(site)) == (
        405,
        "GET, HEAD, OPTIONS",
        200,
    )


def test_no_canned_query_writes():
    assert [name for name, query in METADATA["queries"].items() if query.get("write")] == []


@pytest.mark.parametrize(
    "path",
    [
        "/static/../metadata.json",
        "/static/..%2fmetadata.json",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/-/static/../../../../../../etc/passwd",
        "/-/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/-/static//etc/passwd",
        "/-/static/..\\..\\etc\\passwd",
        "/../etc/passwd",
        "/sister_cities/..~2F..~2Fetc~2Fpasswd",
        "/~2Fetc~2Fpasswd.db",
        "/..~2Fsister_cities.db",
        "/metadata.json",
        "/settings.json",
        "/plugins/errors.py",
        "/_internal",
        "/_internal/databases.json",
    ],
)
def test_no_file_outside_is_read(served, path):
    head = f"GET {path} HTTP/1.1\r\nHost: {served.base_url.host}\r\nConnection: close\r\n\r\n"
    answer = raw(served, head.encode())
    status = int(answer.split(b" ")[1])
    assert (status in (301, 302, 400, 403, 404), b"root:" in answer, served.get(HONEST).status_code) == (
        True,
        False,
        200,
    )


def raw(served, sent):
    """What the server answers to bytes that no client would send."""
    address = served.base_url.host, served.base_url.port
    with closing(socket.create_connection(address, timeout=HANGS)) as line:
        line.sendall(sent)
        answer = b""
        while part := line.recv(65536):
            answer += part
    return answer


PATHS_SHOWN = [
    "/-/databases.json",
    "/-/databases",
    "/-/plugins.json?all=1",
    "/-/plugins",
    "/-/metadata.json",
    "/-/versions.json",
    "/-/settings.json",
    "/-/threads.json",
    "/-/allow-debug",
    "/-/nothing.json",
    "/sister_cities/nothing",
    "/sister_cities.json?sql=select+*+from+pragma_database_list",
    "/sister_cities.json?sql=select+*+from+pragma_database_list()",
    "/sister_cities.json?sql=select+PRAGMA_DATABASE_LIST.file+from+pragma_database_list",
    "/sister_cities.json?sql=select+nothing",
    "/sister_cities/pairs.json?_where=nothing",
    "/sister_cities/pairs.json?_timelimit=x",
    "/sister_cities/status_on_a_date.json?_timelimit=x",
    "/sister_cities.json?sql=explain+select+*+from+pragma_database_list",
]


@pytest.mark.parametrize("path", PATHS_SHOWN)
def test_no_path_of_the_machine_is_shown(served, built, path):
    text = served.get(path).text
    places = [str(built.parent), str(ROOT), "site-packages", "/lib/python"]
    assert [place for place in places if place in text] == []


@pytest.mark.parametrize("path", ["/-/nothing.json", "/sister_cities/nothing.json", f"{SQL}?sql=nonsense"])
async def test_error_in_json_is_a_sentence(site, path):
    response = await site.client.get(path)
    told = response.json()
    assert (told["ok"], told["status"] == response.status_code, "<" in told["error"]) == (False, True, False)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b'GET / HTTP/1.1\r\nHost: "><script>alert(1)</script>\r\nConnection: close\r\n\r\n',
        b"GET / HTTP/1.1\r\nHost: a/b@c\r\nConnection: close\r\n\r\n",
        b"GET /%0d%0aSet-Cookie:x=1/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET //evil.example/%2f.. HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /sister_cities/pairs/?x=%0d%0aSet-Cookie:x=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"NONSENSE\r\n\r\n",
    ],
)
def test_header_carries_nothing_in(served, head):
    if not head.startswith(b"GET //evil") and b"Connection: close" not in head:
        head = head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
    answer = raw(served, head)
    headers = answer.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    carried = [
        line for line in headers if line.startswith(b"set-cookie") or b"<" in line or b"//evil" in line
    ]
    assert (carried, served.get(HONEST).status_code) == ([], 200)


@pytest.mark.parametrize(
    "target",
    ["/" + "a" * 1_000_000, f"{SQL}?sql=select+" + "1," * 500_000 + "1", "/?" + "a=b&" * 250_000],
    ids=["path", "query", "parameters"],
)
def test_url_of_a_megabyte_is_refused(served, target):
    head = f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    try:
        status = raw(served, head.encode()).split(b" ")[1]
    except ConnectionError:
        status = b"400"  # the server hung up while the address was still coming
    assert (status in (b"400", b"414"), served.get(HONEST).status_code) == (True, 200)


def test_many_facets_are_refused(served):
    response = served.get("/sister_cities/pairs", params=[("_facet", "tie_kind")] * 200)
    assert (response.status_code, served.get(HONEST).status_code) == (400, 200)


@pytest.mark.parametrize(
    ("clients", "request_sent"),
    [
        (200, b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "),
        (50, b"GET /sister_cities.db HTTP/1.1\r\nHost: a\r\n\r\n"),
    ],
    ids=["slow in asking", "not reading the answer"],
)
def test_slow_clients_keep_nobody_waiting(served, clients, request_sent):
    address = (served.base_url.host, served.base_url.port)
    with ExitStack() as lines:
        for _ in range(clients):
            line = lines.enter_context(closing(socket.create_connection(address)))
            line.sendall(request_sent)
        statuses = [served.get(HONEST).status_code for _ in range(5)]
    assert statuses == [200] * 5


# The poisoned copies: in one every text, so that ids and dates are attacks too; in the other only texts
# that no rule shapes, so that views and feeds still find decisions.
DERIVED = derived_tables(DESCRIPTOR)


def free_texts(tables):
    """The columns that no rule shapes."""
    columns = [(table, column) for table in tables for column in table.columns if column.type == "string"]
    return [(t.name, c.name) for t, c in columns if not (c.categories or c.constraints.get("enum"))]


EVERY_TEXT = [(t.name, c.name) for t in TABLES for c in t.columns if c.type in ("string", "date")]
EVERY_TEXT += free_texts(DERIVED)
FREE_TEXT = free_texts([*TABLES, *DERIVED])
PACKAGE_TEXT = [("package", name) for name in ("name", "title", "version", "licence", "description")]


def has_rows(table):
    path = FROZEN / table.path
    return path.is_file() and path.read_text("utf-8").count("\n") > 1


def pages():
    """A path of every kind; rows by table."""
    yield from ["/", "/sister_cities", "/-/policy", "/nothing", f"/sister_cities?sql=select+'{MARK}'"]
    yield from [f"/sister_cities/{table.name}" for table in TABLES]
    yield from [f"/sister_cities/{name}" for name in METADATA["tables"]]
    yield from [f"/sister_cities/{name}" for name in METADATA["queries"]]
    yield from [f"/sister_cities/{table.name}/:row" for table in TABLES if has_rows(table)]
    yield f"/sister_cities/pairs?_search={MARK}&_facet=tie_kind&us_name_reported__contains={MARK}"
    yield f"/sister_cities/pairs?_where='{MARK}'&_sort={MARK}"
    yield f"/sister_cities/find_a_tie?q={MARK}&{MARK}={MARK}"
    yield f"/sister_cities/{tilde_encode(MARK)}"


@pytest.fixture(
    scope="module", params=[EVERY_TEXT, FREE_TEXT + PACKAGE_TEXT], ids=["every text", "free texts"]
)
async def poisoned_site(request, built, tmp_path_factory):
    async with opened(poisoned(built, tmp_path_factory.mktemp("poisoned") / "build", request.param)) as site:
        yield site


async def got(site, path):
    """The answer to a path, with the key of the first row in the place of `:row`."""
    if path.endswith("/:row"):
        table = next(table for table in TABLES if f"/{table.name}/" in path)
        keys = ", ".join(table.primary_key)
        row = (await site.get_database().execute(f"select {keys} from {table.name} limit 1")).first()
        path = path.replace(":row", ",".join(tilde_encode(value) for value in row))
    return await site.client.get(path)


@pytest.mark.parametrize("path", list(dict.fromkeys(pages())))
async def test_poison_is_shown_and_not_obeyed(poisoned_site, path):
    response = await got(poisoned_site, path)
    assert (response.status_code in (200, 400, 404), Page(response.text).alive) == (True, [])


async def test_poison_is_found_where_it_is_obeyed():
    assert len(Page(f"<p>{MARK}</p><a href='javascript:0'>").alive) == 4


@pytest.mark.parametrize(
    "path", ["/sister_cities/pairs", "/sister_cities/sources/:row", "/sister_cities/statements"]
)
async def test_poison_reaches_the_pages(poisoned_site, path):
    assert "poison-mark" in (await got(poisoned_site, path)).text


@pytest.mark.parametrize("path", ["/sitemap.xml", "/-/decisions.atom"])
async def test_poison_leaves_xml_whole(poisoned_site, path):
    root = ElementTree.fromstring((await poisoned_site.client.get(path)).content)
    assert [element.tag for element in root.iter() if "poison" in element.tag] == []


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("table", ["pairs", "sources", "statements"])
async def test_poison_in_data_is_no_page(poisoned_site, table, form):
    response = await poisoned_site.client.get(f"/sister_cities/{table}.{form}")
    assert ("html" in response.headers["content-type"], response.headers["x-content-type-options"]) == (
        False,
        "nosniff",
    )


def test_poison_was_refused_by_the_database_itself(built, tmp_path):
    shutil.copyfile(built / "sister_cities.db", tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE pairs SET tie_kind = ?", [MARK])
