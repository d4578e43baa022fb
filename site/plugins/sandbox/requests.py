"""One request: what it asks of the database, on whose behalf, and its answer on the way out."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.database import Asked, ServedDatabase, asked
from sandbox.state import REPLACED
from sandbox.workers import Turn

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

PIECE = 64 * 1024  # bytes of an answer that are handed on at once
SLOW = 20  # seconds in which a client has to take a piece


async def answer(database: ServedDatabase, app: App, scope: Scope, receive: Any, send: Send) -> None:
    """Answer a request while the build is the one that was read; else say that it is not."""
    now = asked_by(database, scope)
    replaced = False

    async def checked(message: Message) -> None:
        nonlocal replaced
        if message["type"] != "http.response.start":
            if not replaced:
                await send_in_pieces(send, message)
            return
        if now:
            now.turn.end()
        replaced = database.state.replaced
        if replaced:
            await refuse(send, scope["path"])
        else:
            await send(with_status(message, now))

    token = asked.set(now)
    try:
        await app(scope, receive, checked)
    finally:
        asked.reset(token)
        if now:
            now.turn.end()


def asked_by(database: ServedDatabase, scope: Scope) -> Asked | None:
    """What a request asks of the database; None where its queries hold nothing of a reader's.

    Such are the pages of rows, tables without a filter, and everything that is no table or query.
    """
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    parts = path.strip("/").split("/")
    name, _, form = parts[-1].partition(".")
    own_sql = len(parts) == 1 or name not in database.tables
    if len(parts) > 2 or not (scope["query_string"] or (len(parts) == 2 and own_sql)):
        return None
    return Asked(Turn(database.workers, reader(scope)), form, own_sql)


def reader(scope: Scope) -> str:
    """On whose behalf a request comes: its address; of IPv6 the network, since one reader has all of it.

    What a proxy says in X-Forwarded-For stands there already, if uvicorn was told to believe it.
    """
    host = (scope.get("client") or ("",))[0] or ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def with_status(message: Message, now: Asked | None) -> Message:
    """The start of an answer; a query that did not get its turn may be asked again."""
    if now and now.stopped and now.stopped.kind == "busy" and message["status"] == 400:
        return {**message, "status": 503, "headers": [*message["headers"], (b"retry-after", b"60")]}
    return message


async def send_in_pieces(send: Send, message: Message) -> None:
    """Send a part of the body; raises TimeoutError where the client does not take it."""
    body = message.get("body", b"")
    if len(body) <= PIECE:
        await send(message)
        return
    for start in range(0, len(body), PIECE):
        last = start + PIECE >= len(body)
        more = message.get("more_body", False) or not last
        piece = {**message, "body": body[start : start + PIECE], "more_body": more}
        await asyncio.wait_for(send(piece), SLOW)


async def refuse(send: Send, path: str) -> None:
    """Say that the build was replaced."""
    body, kind = REPLACED, "text/plain; charset=utf-8"
    if path.endswith(".json"):
        body, kind = json.dumps({"ok": False, "status": 503, "error": REPLACED}), "application/json"
    headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store"), (b"retry-after", b"60")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
