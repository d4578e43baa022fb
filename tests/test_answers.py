"""Answers that are kept: the same as those that are not, and kept only where anyone may have them."""

import asyncio
import gzip

import httpx
import pytest

QUERY = "/sister_cities/who_said_what.json"


@pytest.mark.parametrize("path", ["/", "/sister_cities/pairs", QUERY, "/sister_cities/who_said_what.csv"])
async def test_second_answer_is_the_first(site, path):
    first, second = [await site.client.get(path) for _ in range(2)]
    assert (second.content, second.headers) == (first.content, first.headers)


@pytest.mark.parametrize(
    ("path", "sent", "kept"),
    [
        (QUERY, {}, True),
        ("/", {}, True),
        (QUERY + "?_ttl=0", {}, False),
        (QUERY, {"cookie": "a=b"}, False),
        (QUERY, {"authorization": "Bearer x"}, False),
        ("/sister_cities/nothing.json", {}, False),
        ("/-/health", {}, False),
        ("/sister_cities.db", {}, True),
    ],
)
async def test_answer_is_kept_where_anyone_may_have_it(site, monkeypatch, path, sent, kept):
    asked = []
    execute = type(site.get_database()).execute_fn

    async def counting(database, fn):
        asked.append(fn)
        return await execute(database, fn)

    await site.client.get(path, headers=sent)
    monkeypatch.setattr(type(site.get_database()), "execute_fn", counting)
    await site.client.get(path, headers=sent)
    assert (asked == []) == kept


@pytest.mark.parametrize(("takes", "packed"), [("gzip, br", True), ("identity", False), ("", False)])
async def test_answer_is_packed_for_those_who_can_unpack(site, takes, packed):
    response = await site.client.get(QUERY, headers={"accept-encoding": takes})
    assert (response.headers.get("content-encoding") == "gzip", response.json()["truncated"]) == (
        packed,
        False,
    )


async def test_packed_answer_unpacks_to_the_plain_one(site):
    plain = await site.client.get(QUERY, headers={"accept-encoding": "identity"})
    transport = httpx.ASGITransport(app=site.client.app)
    async with httpx.AsyncClient(transport=transport) as client:
        stream = client.stream("GET", f"http://localhost{QUERY}", headers={"accept-encoding": "gzip"})
        async with stream as response:
            packed = b"".join([part async for part in response.aiter_raw()])
    assert gzip.decompress(packed) == plain.content


async def test_hosts_do_not_share_answers(site):
    ours, theirs = [await site.client.get("/", headers={"host": host}) for host in ("a.example", "b.example")]
    assert ("b.example" in theirs.headers["link"], "b.example" in ours.headers["link"]) == (True, False)


async def test_head_has_the_headers_of_get_and_no_body(site):
    head, get = await site.client.head(QUERY), await site.client.get(QUERY)
    assert (head.content, head.headers["content-length"]) == (b"", get.headers["content-length"])


async def test_those_who_ask_together_get_the_same(site):
    answers = await asyncio.gather(*[site.client.get(QUERY) for _ in range(20)])
    assert len({answer.content for answer in answers}) == 1


async def test_file_is_given_whole(site, built):
    whole = (built / "sister_cities.db").read_bytes()
    assert (await site.client.get("/sister_cities.db")).content == whole
