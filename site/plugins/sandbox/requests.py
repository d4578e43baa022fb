"""One request: what it asks of the database, on whose behalf, and its answer on the way out."""

import asyncio
import ipaddress
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils import tilde_decode

from sandbox.database import Asked, ServedDatabase, asked
from sandbox.state import REPLACED
from sandbox.workers import StoppedError, Turn

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

SHAPES = {"_stream", "_shape", "_size", "_labels", "_nl", "_dl", "_header", "_ttl", "_nofacet", "_nocount"}
PAUSE = 0.01  # seconds for which an answer is made before others have their turn
PIECE = 64 * 1024  # bytes of an answer that are handed on at once
SLOW = 20  # seconds in which a client has to take a piece


async def answer(database: ServedDatabase, app: App, scope: Scope, receive: Any, send: Send) -> None:
    """Answer a request while the build is the one that was read; else say that it is not."""
    now = asked_by(database, scope)
    token = asked.set(now)
    try:
        await app(scope, receive, Outgoing(database, now, scope["path"], send))
    finally:
        asked.reset(token)
        if now:
            now.turn.end()


class Outgoing:
    """Passes an answer on: its start with what has happened meanwhile, its body in pieces of one size."""

    def __init__(self, database: ServedDatabase, now: Asked | None, path: str, send: Send) -> None:
        self.database, self.now, self.path, self.send = database, now, path, send
        self.replaced = False
        self.stopped: StoppedError | None = None  # before the answer began
        self.kept = b""

    async def __call__(self, message: Message) -> None:
        """One message of ASGI; raises where a table has begun to come and cannot come whole."""
        if message["type"] == "http.response.start":
            await self.start(message)
        elif not self.replaced:
            if self.now and self.now.stopped is not self.stopped:
                raise ConnectionAbortedError("the rest of a table did not get its turn")
            await self.part(message)

    async def start(self, message: Message) -> None:
        """The start, with the status of what the request came to."""
        now, headers = self.now, message["headers"]
        if now:
            now.turn.end()
            self.stopped = now.stopped
        self.replaced = self.database.state.replaced
        if self.replaced:
            await refuse(self.send, self.path)
        elif self.stopped and self.stopped.kind == "busy" and message["status"] == 400:
            await self.send({**message, "status": 503, "headers": [*headers, (b"retry-after", b"60")]})
        else:
            await self.send(message)

    async def part(self, message: Message) -> None:
        """A part of the body; raises TimeoutError where the client does not take it."""
        more = message.get("more_body", False)
        self.kept += message.get("body", b"")
        while len(self.kept) > PIECE or not more:
            piece, self.kept = self.kept[:PIECE], self.kept[PIECE:]
            last = not more and not self.kept
            body = {"type": message["type"], "body": piece, "more_body": not last}
            await asyncio.wait_for(self.send(body), SLOW)
            await pace.rest()
            if last:
                break


class Pace:
    """Lets others have their turn while one long answer is made."""

    def __init__(self) -> None:
        self.since = 0.0

    @property
    def over(self) -> bool:
        """Whether somebody else should have a turn."""
        return time.perf_counter() - self.since > PAUSE

    async def rest(self) -> None:
        """Let others have their turn, if it is time."""
        if self.over:
            await asyncio.sleep(0)
            self.since = time.perf_counter()


pace = Pace()


def asked_by(database: ServedDatabase, scope: Scope) -> Asked | None:
    """What a request asks of the database; None where its queries hold nothing of a reader's.

    Such are the pages of rows, tables without a filter, also as data, and all that is no table or query.
    """
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    parts = path.strip("/").split("/")
    if len(parts) > 2 or tilde_decode(parts[0].partition(".")[0]) != database.route:
        return None
    name, _, form = parts[-1].partition(".")
    own_sql = len(parts) == 1 or name not in database.tables
    given = {pair.partition(b"=")[0].decode("latin-1") for pair in scope["query_string"].split(b"&") if pair}
    if not (given or (len(parts) == 2 and own_sql)):
        return None
    if not own_sql and form and given <= SHAPES:
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


async def refuse(send: Send, path: str) -> None:
    """Say that the build was replaced."""
    body, kind = REPLACED, "text/plain; charset=utf-8"
    if path.endswith(".json"):
        body, kind = json.dumps({"ok": False, "status": 503, "error": REPLACED}), "application/json"
    headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store"), (b"retry-after", b"60")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
