"""One request: what it asks of the database, on whose behalf, and its answer on the way out."""

import asyncio
import ipaddress
from typing import Any

from datasette import Response
from datasette.utils import tilde_decode

from sandbox.database import ServedDatabase, asked
from sandbox.headers import App, Message, Scope, Send
from sandbox.state import REPLACED
from sandbox.workers import StoppedError, Turn

SHAPES = {"_stream", "_shape", "_size", "_labels", "_nl", "_dl", "_header", "_ttl", "_nofacet", "_nocount"}
PIECE = 64 * 1024  # bytes of an answer that are handed on at once
SLOW = 20  # seconds in which a client has to take a piece
LATER = {"Cache-Control": "no-store", "Retry-After": "60"}


class ReplacedError(BaseException):
    """The build is no more the one that was read; nothing between here and there may answer."""


async def answer(database: ServedDatabase, app: App, scope: Scope, receive: Any, send: Send) -> None:
    """Answer a request while the build is the one that was read; else say that it is not."""
    turn = turn_of(database, scope)
    token = asked.set(turn)
    try:
        await app(scope, receive, Outgoing(database, turn, send))
    except ReplacedError:
        await Response.text(REPLACED, 503, LATER).asgi_send(send)
    finally:
        asked.reset(token)
        if turn:
            turn.end()


class Outgoing:
    """Passes an answer on: its start with what has happened meanwhile, its body in pieces of one size."""

    def __init__(self, database: ServedDatabase, turn: Turn | None, send: Send) -> None:
        self.database, self.turn, self.send = database, turn, send
        self.stopped: StoppedError | None = None  # before the answer began
        self.kept = bytearray()

    async def __call__(self, message: Message) -> None:
        """One message of ASGI; raises where a table has begun to come and cannot come whole."""
        if message["type"] == "http.response.start":
            await self.start(message)
        elif self.turn and self.turn.stopped is not self.stopped:
            raise ConnectionAbortedError("the rest of a table did not get its turn")
        else:
            await self.part(message.get("body", b""), message.get("more_body", False))

    async def start(self, message: Message) -> None:
        """The start, with the status of what the request came to."""
        if self.turn:
            self.turn.end()
            self.stopped = self.turn.stopped
        if self.database.state.replaced:
            raise ReplacedError
        if self.stopped and self.stopped.kind == "busy" and message["status"] == 400:
            message = {**message, "status": 503, "headers": [*message["headers"], (b"retry-after", b"60")]}
        await self.send(message)

    async def part(self, body: bytes, more: bool) -> None:
        """A part of the body; raises TimeoutError where the client does not take it."""
        self.kept += body
        while len(self.kept) > PIECE or not more:
            piece = bytes(self.kept[:PIECE])
            del self.kept[:PIECE]
            last = not (more or self.kept)
            message = {"type": "http.response.body", "body": piece, "more_body": not last}
            await asyncio.wait_for(self.send(message), SLOW)
            await asyncio.sleep(0)  # others have their turn
            if last:
                break


def turn_of(database: ServedDatabase, scope: Scope) -> Turn | None:
    """The turn of a request; None where its queries hold nothing of a reader's, so that it waits for none.

    Such are the pages of rows, tables without a filter, also as data, and all that is no table or query.
    """
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    parts = path.strip("/").split("/")
    if len(parts) > 2 or tilde_decode(parts[0].partition(".")[0]) != database.route:
        return None
    name, _, form = parts[-1].partition(".")
    own_sql = len(parts) == 1 or name not in database.tables
    given = {pair.partition(b"=")[0].decode("latin-1") for pair in scope["query_string"].split(b"&") if pair}
    if not given and (len(parts) == 1 or not own_sql):
        return None
    if not own_sql and form and given <= SHAPES:
        return None
    return Turn(database.workers, reader(scope), form, own_sql, database.ds.sql_time_limit_ms / 1000)


def reader(scope: Scope) -> str:
    """On whose behalf a request comes: its address; of IPv6 the network, since one reader has all of it.

    What a proxy says in X-Forwarded-For stands there already, if uvicorn is set to believe it.
    """
    host = (scope.get("client") or ("",))[0] or ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return host
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
