"""Answers kept in memory: what was asked before is answered from here, compressed where that helps.

The database cannot change while the process runs, so an answer stays true; only what a query makes of
today's date changes, and answers are kept for one day. Kept are those that any shared cache may keep
(RFC 9111, 3): to GET and HEAD, without cookie or credentials, of status 200, with a max-age.
"""

from __future__ import annotations

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from datasette import hookimpl

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

KEPT_BYTES = 64 * 1024**2
ANSWER_BYTES = 2 * 1024**2  # a longer one is passed on as it comes
WORTH_COMPRESSING = 512
TEXTS = (b"text/", b"application/json", b"application/ld+json", b"application/atom+xml", b"image/svg")
PERSONAL = (b"cookie", b"authorization")


class Answer:
    """One whole answer; `headers` without length and encoding."""

    def __init__(self, status: int, headers: list[Header], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body
        self.compressed: bytes | None = None

    def size(self) -> int:
        """The bytes it may come to hold."""
        return 2 * len(self.body) + 1024

    def can_be_kept(self) -> bool:
        """Whether a shared cache may keep it."""
        headers = dict(self.headers)
        fresh = headers.get(b"cache-control", b"")
        return self.status == 200 and b"max-age=" in fresh and b"private" not in fresh

    def messages(self, packed: bool) -> tuple[Message, Message]:
        """The answer as ASGI sends it."""
        body, headers = self.body, self.headers
        kind = next((value for name, value in headers if name == b"content-type"), b"")
        if len(body) >= WORTH_COMPRESSING and kind.startswith(TEXTS):
            headers = [*headers, (b"vary", b"Accept-Encoding")]
            if packed:
                self.compressed = self.compressed or gzip.compress(body, 6, mtime=0)
                body, headers = self.compressed, [*headers, (b"content-encoding", b"gzip")]
        headers = [*headers, (b"content-length", b"%d" % len(body))]
        start = {"type": "http.response.start", "status": self.status, "headers": headers}
        return start, {"type": "http.response.body", "body": body}


class Kept:
    """The latest answers, up to a sum of bytes."""

    def __init__(self) -> None:
        self.answers: OrderedDict[tuple[Any, ...], Answer] = OrderedDict()
        self.size = 0
        self.awaited: dict[tuple[Any, ...], asyncio.Event] = {}

    def get(self, key: tuple[Any, ...]) -> Answer | None:
        """The answer to a request, if it is here."""
        answer = self.answers.get(key)
        if answer:
            self.answers.move_to_end(key)
        return answer

    def put(self, key: tuple[Any, ...], answer: Answer) -> None:
        """Keep an answer; the ones not asked for longest go."""
        before = self.answers.pop(key, None)
        self.answers[key] = answer
        self.size += answer.size() - (before.size() if before else 0)
        while self.size > KEPT_BYTES:
            self.size -= self.answers.popitem(last=False)[1].size()

    async def asked(
        self, key: tuple[Any, ...], app: App, scope: Scope, receive: Any, send: Send
    ) -> Answer | None:
        """What the application answers, kept if it may be; None if it was too long and has been sent."""
        done = asyncio.Event()
        collecting = Collecting(send, done)
        self.awaited.setdefault(key, done)
        try:
            await app(dict(scope, method="GET"), receive, collecting)  # kept for GET and HEAD alike
            answer = collecting.answer()
            if answer and answer.can_be_kept():
                self.put(key, answer)
            return answer
        finally:
            done.set()
            if self.awaited.get(key) is done:
                del self.awaited[key]


class Collecting:
    """Receives an answer; passes it on from the moment at which it is too long to be kept."""

    def __init__(self, send: Send, settled: asyncio.Event) -> None:
        self.send, self.settled = send, settled
        self.start: Message = {}
        self.parts: list[bytes] = []
        self.length = 0
        self.passing = False

    async def __call__(self, message: Message) -> None:
        """One ASGI message."""
        if self.passing:
            await self.send(message)
        elif message["type"] == "http.response.start":
            self.start = message
        else:
            self.parts.append(message.get("body", b""))
            self.length += len(self.parts[-1])
            if self.length > ANSWER_BYTES:
                self.passing = True
                self.settled.set()  # nobody waits for the pace at which this client reads
                await self.send(self.start)
                await self.send({**message, "body": b"".join(self.parts)})

    def answer(self) -> Answer | None:
        """The whole answer, unless it was passed on or there is none."""
        if self.passing or not self.start:
            return None
        headers = [(name, value) for name, value in self.start["headers"] if name != b"content-length"]
        return Answer(self.start["status"], headers, b"".join(self.parts))


@hookimpl(trylast=True)  # the last wrapper is the outermost
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Answer from what is kept."""
    changing = [name for name, one in datasette.databases.items() if one.is_mutable and name != "_internal"]

    def wrap(app: App) -> App:
        kept = Kept()

        async def answering(scope: Scope, receive: Any, send: Send) -> None:
            key = None if changing else key_of(scope)
            if key is None:
                await app(scope, receive, send)
                return
            if key in kept.awaited:  # one asks, the others wait for what it is told
                await kept.awaited[key].wait()
            answer = kept.get(key)
            if answer is None:
                answer = await kept.asked(key, app, scope, receive, send)
                if answer is None:
                    return
            for message in answer.messages(takes_gzip(scope)):
                await send(message)

        return answering

    return wrap


def takes_gzip(scope: Scope) -> bool:
    """Whether the client can unpack gzip."""
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


def key_of(scope: Scope) -> tuple[Any, ...] | None:
    """What an answer depends on, or None where it may depend on who asks."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    host = b""
    for name, value in scope["headers"]:
        if name in PERSONAL:
            return None
        if name == b"host":
            host = value
    path = scope.get("raw_path") or scope["path"]
    return datetime.now(UTC).date(), scope.get("scheme"), host, path, scope["query_string"]
