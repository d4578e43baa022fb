"""Queries of readers: each ends, takes no more than its share, and is seen by nobody else."""

import asyncio
import itertools
import os
import random
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from unittest.mock import Mock

import pytest
from conftest import UNHURRIED
from hostile import DOWNLOAD, SQL
from sandbox.requests import reader, turn_of
from sandbox.workers import TURN, WORKERS, StoppedError, Turn, Worker, Workers
from serving import HANGS, client, serving, slowness, within

from benchmarks.serving import attacked

pytestmark = pytest.mark.slow

TABLE = "/sister_cities/cell_values"


@pytest.fixture(scope="module")
def content(database):
    return database.read_bytes()


@pytest.fixture
def workers(content):
    """Two workers that have the database."""
    made = Workers(content)
    for worker in made.free._queue:
        worker.loading.join(HANGS)
    yield made
    made.end()


@pytest.fixture(scope="module")
def worker(content):
    made = Worker(content)
    yield made
    made.end()


def patient(workers, address):
    """A turn that comes however slow this machine is."""
    return Turn(workers, address, seconds=HANGS)


def question(sql, seconds=HANGS, rows=10, cells=10**6, params=()):
    return {"sql": sql, "params": params, "seconds": seconds, "rows": rows, "cells": cells}


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select 1, 'é', null, 1.5", [[1, "é", None, 1.5]]),
        ("select x'00ff'", [[{"hex": "00ff"}]]),
        ("select value from json_each('[1, 2]')", [[1], [2]]),
        ("select file from pragma_database_list", [[None]]),
        ("with c as (select 1) select count(*) from c", [[1]]),
        ("select count(*) > 0 from pairs_fts where pairs_fts match escape_fts('moscow')", [[1]]),
        ("select count(*) from pairs_fts where pairs_fts match escape_fts('\"')", [[0]]),
        ("select count(*) from pairs_fts where pairs_fts match escape_fts(' ')", [[0]]),
        ("select count(*) from pairs_fts where pairs_fts match escape_fts('a-b * \"')", [[0]]),
    ],
)
def test_worker_answers(worker, sql, rows):
    assert worker.ask(question(sql))["rows"] == rows


@pytest.mark.parametrize(
    ("rows", "cells", "found", "truncated"), [(3, 10**6, 3, True), (10, 10, 2, True), (9, 99, 9, True)]
)
def test_answer_tells_that_it_was_cut_off(worker, rows, cells, found, truncated):
    answer = worker.ask(question("select 1, 2, 3, 4, 5 from cell_values", rows=rows, cells=cells))
    assert (len(answer["rows"]), answer["truncated"]) == (found, truncated)


@pytest.mark.parametrize(
    "table",
    ["sqlite_stmt", "dbstat", "sqlite_dbpage", "pragma_module_list", "pragma_query_only", "fts5vocab"],
)
@pytest.mark.parametrize(
    "select", ["select * from {}", "select count(*) from {}", "select 1 from {} as pairs"]
)
def test_table_that_tells_of_the_process_is_refused(worker, select, table):
    assert worker.ask(question(select.format(table)))["kind"] == "sql"


@pytest.mark.parametrize("sql", SQL)
async def test_hostile_query_ends_in_time(workers, sql):
    turn = patient(workers, "one")
    turn.worker = await turn.take()
    with within(3), suppress(StoppedError):
        await turn.ask(question(sql, seconds=0.3, rows=5000))
    turn.end()


async def test_query_has_its_time_for_itself(content, monkeypatch):
    load = Worker.load
    monkeypatch.setattr(Worker, "load", lambda worker: (time.sleep(1.5), load(worker)))
    workers = Workers(content)
    turn = patient(workers, "one")
    answer = await turn.ask(question("select 1", seconds=1))
    turn.end()
    workers.end()
    assert answer["rows"] == [[1]]


async def test_worker_that_was_killed_is_replaced(workers):
    turn = patient(workers, "one")
    for worker in workers.free._queue:
        worker.process.kill()
        worker.process.wait()
    answer = await turn.ask(question("select 1"))
    turn.end()
    assert answer["rows"] == [[1]]


async def test_worker_that_cannot_be_replaced_is_replaced_later(workers, monkeypatch):
    for worker in workers.free._queue:
        worker.process.kill()
        worker.process.wait()
    turn = patient(workers, "one")
    with monkeypatch.context() as patch:
        patch.setattr("sandbox.workers.subprocess.Popen", Mock(side_effect=BlockingIOError))
        with pytest.raises(StoppedError):
            await turn.ask(question("select 1"))
        turn.end()
    answer = await turn.ask(question("select 1"))
    free = workers.free.qsize()
    turn.end()
    assert (answer["rows"], free) == ([[1]], WORKERS - 1)


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("::ffff:203.0.113.7", 1), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2::1%eth0", 1), "2001:db8:1:2::/64"),
        (("", 0), ""),
        (None, ""),
    ],
)
def test_reader_is_counted_by_address_or_network(client, counted):
    assert reader({"client": client}) == counted


@pytest.mark.parametrize(
    ("path", "query", "waits"),
    [
        ("/", "", False),
        ("/", "_z=1", False),
        ("/-/health", "", False),
        ("/-/policy", "", False),
        ("/-/decisions.atom", "x=1", False),
        ("/sister_cities", "", False),
        ("/sister_cities", "sql=select+1", True),
        ("/sister~5Fcities.json", "sql=select+1", True),
        ("/sister_cities/pairs", "", False),
        ("/sister_cities/pairs.json", "", False),
        ("/sister_cities/pairs.csv", "_stream=on&_size=max", False),
        ("/sister_cities/pairs", "_size=max", True),
        ("/sister_cities/pairs.csv", "_stream=on&_where=1", True),
        ("/sister_cities/pairs.json", "tie_kind=x", True),
        ("/sister_cities/p~61irs", "", True),
        ("/sister_cities/find_a_tie.json", "", True),
        ("/sister_cities/pairs/us-il-chicago--ru-mow-moscow", "_where=1", False),
    ],
)
def test_only_what_a_reader_writes_waits_for_a_worker(site, path, query, waits):
    scope = {"path": path, "raw_path": path.encode(), "query_string": query.encode(), "client": None}
    assert (turn_of(site.get_database(), scope) is not None) == waits


async def test_no_address_has_all_workers(workers):
    first, second, other = (patient(workers, address) for address in ("one", "one", "other"))
    first.worker = await first.take()
    waiting = asyncio.create_task(second.take())
    other.worker = await other.take()
    await asyncio.sleep(0.05)
    assert not waiting.done()
    waiting.cancel()
    first.end()
    other.end()


async def test_addresses_take_turns(workers):
    order = []

    async def ask(address):
        turn = patient(workers, address)
        turn.worker = await turn.take()
        order.append(address)
        await asyncio.sleep(0.02)
        turn.end()

    await asyncio.gather(*map(ask, ["many"] * 6 + ["few"] * 2))
    assert order.index("few") < 2 and order[-2:] == ["many", "many"]


def test_worker_has_the_database_before_it_is_asked(workers):
    ready = [not one.loading.is_alive() and one.process.poll() is None for one in workers.free._queue]
    assert ready == [True] * WORKERS


async def test_waiting_is_bounded(workers, monkeypatch):
    first = patient(workers, "one")
    first.worker = await first.take()
    monkeypatch.setattr("sandbox.workers.PATIENCE", 0.05)
    others = [Turn(workers, "one").take() for _ in range(40)]
    ended = await asyncio.gather(*others, return_exceptions=True)
    free = workers.free.qsize()
    first.end()
    assert ({type(one) for one in ended}, free, first.line.waiting) == ({StoppedError}, 1, 0)


async def test_address_is_forgotten_with_its_last_request(workers):
    turn = patient(workers, "one")
    await turn.ask(question("select 1"))
    turn.end()
    del turn
    assert (list(workers.lines), workers.free.qsize()) == ([], 2)


async def test_worker_of_a_cancelled_request_answers_nobody_else(workers):
    turn = patient(workers, "one")
    slow = asyncio.create_task(turn.ask(question("select printf('%.*c', 99000000, 'x')", rows=1)))
    await asyncio.sleep(0.3)
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)
    turn.end()
    other = patient(workers, "two")
    answer = await other.ask(question("select 2"))
    other.end()
    assert answer["rows"] == [[2]]


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/sister_cities.csv?sql=select+row_id+from+cell_values", 400, "more than 5,000 rows"),
        ("/sister_cities.csv?sql=select+nope", 400, "no such column"),
        ("/sister_cities.json?sql=select+nope", 400, "no such column"),
        ("/sister_cities.json?sql=select+zeroblob(9000000)", 400, "larger than 4 MB"),
        ("/sister_cities.json?sql=select+hex(zeroblob(90000000))", 400, "more memory"),
        (f"{TABLE}?_size=max", 400, "Ask for fewer"),
        (f"{TABLE}?_timelimit=x", 400, "wrong kind"),
        (f"{TABLE}?_through=x", 400, "wrong kind"),
        (f"{TABLE}?_next=x&_sort=value", 400, ""),
    ],
)
async def test_refusal_is_a_sentence(site, path, status, sentence):
    answer = await site.client.get(path)
    assert (answer.status_code, sentence in answer.text) == (status, True)


@pytest.mark.parametrize(
    "path",
    [
        "/sister_cities?sql=select+1",
        "/sister_cities.json?sql=select+1",
        "/sister_cities.csv?sql=select+1",
        f"{TABLE}?value=x",
        "/sister_cities/find_a_tie?q=moscow",
        "/sister_cities/everything_about_one_tie?tie=moscow",
        "/sister_cities/everything_about_one_tie.json?tie=moscow",
    ],
)
async def test_query_that_gets_no_turn_is_told_to_come_again(site, monkeypatch, path):
    holder = patient(site.get_database().workers, "127.0.0.1")  # the address of the client here
    holder.worker = await holder.take()
    monkeypatch.setattr("sandbox.workers.PATIENCE", 0.0005)  # of a minute
    answer = await site.client.get(path)
    holder.end()
    told = (answer.status_code, answer.headers.get("retry-after"), "Try again in a minute" in answer.text)
    assert told == (503, "60", True)


async def test_times_follow_the_setting(site):
    scope = {"path": "/sister_cities", "query_string": b"sql=select+1", "client": None}
    assert turn_of(site.get_database(), scope).left == TURN * UNHURRIED["sql_time_limit_ms"] / 1000


@pytest.fixture
def hurried(own_site, monkeypatch):
    """A site whose queries end soon, though they may wait long for a worker."""
    monkeypatch.setattr("sandbox.workers.PATIENCE", 1000)
    own_site.sql_time_limit_ms = 60
    return own_site


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
async def test_stopped_query_is_told_in_the_form_that_was_asked_for(hurried, form):
    sql = "with recursive c(i) as (select 1 union all select i + 1 from c) select count(*) from c"
    answer = await hurried.client.get(f"/sister_cities{form}", params={"sql": sql})
    box = f">{sql}</textarea>" in answer.text
    assert ("The query took too long" in answer.text, box) == (True, form == "")


async def test_filter_over_time_leaves_out_counts_and_facets(hurried):
    where = "length(value) >= 0 and (select count(*) from cell_values a, cell_values b) > 0"
    answer = await hurried.client.get(TABLE, params={"_where": where})
    assert (answer.status_code, "took too long" in answer.text) == (400, True)


async def test_database_that_is_given_is_the_one_that_is_served(site, content):
    answer = await site.client.get("/sister_cities.db", headers={"if-none-match": '"other"'})
    assert (answer.status_code, answer.content) == (200, content)


@pytest.mark.parametrize("tag", ['"{}"', 'W/"{}"', '"other", "{}"'])
async def test_database_that_a_reader_has_is_not_sent_again(site, tag):
    known = (await site.client.get("/-/health")).json()["database"]
    answer = await site.client.get("/sister_cities.db", headers={"if-none-match": tag.format(known)})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.fixture(scope="module")
def pace():
    """How many times as long as alone everything takes here: by as much all bounds of time are longer."""
    return slowness()


@pytest.fixture(scope="module")
def served(built, pace):
    settings = {"sql_time_limit_ms": round(1000 * pace)}
    with serving(built, settings=settings) as (url, process), client(url) as reader:
        reader.headers["process"] = str(process)
        yield reader


def test_reader_does_not_see_what_another_asks(served):
    seen = []
    tables = itertools.cycle(["sqlite_stmt", "pragma_stats", "sqlite_dbpage", "sqlite_memstat", "bytecode"])
    for number in range(50):
        served.get("/sister_cities.json", params={"sql": f"select 'private topic {number}'"})
        spied = served.get("/sister_cities.json", params={"sql": f"select * from {next(tables)}"}).json()
        seen += [row for row in spied.get("rows", []) if "private topic" in str(row)]
    assert seen == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_four_hostile_readers_stop_nobody(served, pace):
    """A short form of benchmarks/serving.py."""
    honest, hostile, memory = attacked(str(served.base_url), int(served.headers["process"]), 6 * pace)
    worst = hostile[hostile["page"] != DOWNLOAD]["milliseconds"].max()
    refused = honest[honest["status"] != 200].to_dict("records")
    slowest = honest["milliseconds"].max()
    assert (refused, slowest < 3000 * pace, worst < 4000 * pace, memory < 600) == ([], True, True, True), (
        slowest, worst, memory, pace,
    )  # fmt: skip


class Grammar:
    """Random queries of SQLite's grammar, in which heavy functions are common."""

    HEAVY = ("trim", "ltrim", "rtrim", "replace", "instr", "printf", "hex", "zeroblob", "randomblob", "glob")
    LIGHT = ("length", "lower", "abs", "quote", "typeof", "coalesce", "unicode", "json", "date", "max")
    TABLES = ("pairs", "cell_values", "sources", "pairs_overview", "evidence", "json_each('[1,2,3]')", "c")
    LEAVES = ("1", "-1", "null", "'a'", "x'00'", "9e99", "rowid", "t0.rowid", "100000000", "''")
    OPERATORS = ("+", "||", "%", "<<", "and", "=", "<", "like", "glob", "is not", "collate nocase ||")

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pick = self.random.choice

    def some(self, part, least=0, most=4):
        return [part() for _ in range(self.random.randint(least, most))]

    def maybe(self, text):
        return text if self.pick([True, False]) else ""

    def query(self):
        selects = self.some(self.select, 1, 2)
        ends = self.maybe(" order by 1") + self.maybe(f" limit {self.random.randint(0, 9000)}")
        start = "with recursive c(i) as (select 1 union all select i + 1 from c) "
        return start + self.pick([" union ", " except ", " union all "]).join(selects) + ends

    def select(self):
        tables = ", ".join(f"{name} t{n}" for n, name in enumerate(self.some(lambda: self.pick(self.TABLES))))
        text = f"select {self.term(3)}" + (f" from {tables}" if tables else "")
        return text + self.maybe(f" where {self.term(2)}") + self.maybe(f" group by {self.term(1)}")

    def term(self, depth):
        if depth == 0:
            return self.pick(self.LEAVES)
        if self.pick([0, 0, 1]):
            return f"({self.term(depth - 1)} {self.pick(self.OPERATORS)} {self.term(depth - 1)})"
        name = self.pick(self.HEAVY if self.pick([0, 1]) else self.LIGHT)
        arguments = self.some(lambda: self.term(depth - 1), 1, 3)
        if name == "printf":
            arguments[0] = self.pick(["'%.*c'", "'%900000d'", "'%s'"])
        return f"{name}({', '.join(arguments)})"


QUERIES = int(os.environ.get("RANDOM_QUERIES", "200"))  # all: RANDOM_QUERIES=2000


async def test_server_answers_after_random_queries(hurried):
    hurried.sql_time_limit_ms = 20 * slowness()
    grammar, statuses = Grammar(20220224), set()
    for _ in range(QUERIES):
        statuses.add(
            (await hurried.client.get("/sister_cities.json", params={"sql": grammar.query()})).status_code
        )
    hurried.sql_time_limit_ms = UNHURRIED["sql_time_limit_ms"]
    honest = await hurried.client.get("/sister_cities.json?sql=select+count(*)+from+pairs")
    assert (statuses <= {200, 400, 414}, honest.status_code, 200 in statuses) == (True, 200, True)


def test_sqlite_here_is_the_one_of_the_workers(worker):
    assert worker.ask(question("select sqlite_version()"))["rows"] == [[sqlite3.sqlite_version]]
