"""What holds for every answer: who may read it, what a browser may do with it, and what is refused unread."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

TARGET_BYTES = 16_384  # of path and query; nginx takes as much in deploy/
PARAMETERS = 100
READING = ("GET", "HEAD", "OPTIONS")
HOST = re.compile(rb"[A-Za-z0-9._:\[\]-]{1,255}")

EMBEDDED = "/embed/"  # the pages that others may show in a frame
# No inline script runs. Inline styles do, since Datasette's own pages have them.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ALWAYS: list[Header] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-expose-headers", b"Link, Data-Version, Data-As-Of, Data-Parameters"),
    (b"access-control-max-age", b"86400"),
    (b"content-security-policy", POLICY.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]
FRAMED = [  # in the place of ALWAYS
    (name, value.replace(b"frame-ancestors 'none'", b"frame-ancestors *"))
    for name, value in ALWAYS
    if name != b"x-frame-options"
]
DROPPED = {name for name, _ in ALWAYS} | {
    b"access-control-allow-headers",
    b"transfer-encoding",  # Datasette sets it beside Content-Length, which RFC 9112, 6.2 forbids
}


async def dressed(scope: Scope, send: Send, ttl: int, message: Message) -> None:
    """Pass an answer on with our headers; one that names no other time may be kept for `ttl` seconds."""
    if message["type"] == "http.response.start":
        asked = dict(scope["headers"])
        always = FRAMED if scope["path"].startswith(EMBEDDED) else ALWAYS
        if b"transfer-encoding" in asked or asked.get(b"content-length", b"0") != b"0":
            always = [*always, (b"connection", b"close")]  # as the body is not read
        headers = [(name.lower(), value) for name, value in message.get("headers", [])]
        headers = [header for header in headers if header[0] not in DROPPED]
        if message["status"] == 200 and not {b"cache-control", b"set-cookie"} & dict(headers).keys():
            headers.append((b"cache-control", b"max-age=%d" % ttl))
        message = {**message, "headers": headers + always}
    await send(message)


def under(scope: Scope, base: str) -> Scope:
    """The request as it is without the path under which the site lies, where a proxy passes that on."""
    if base == "/" or not scope["path"].startswith(base):
        return scope
    raw = scope.get("raw_path") or scope["path"].encode()
    return {**scope, "path": scope["path"][len(base) - 1 :], "raw_path": raw[len(base) - 1 :]}


def refused(scope: Scope) -> Response | None:
    """The answer to a request that nothing further should see, or None."""
    target = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    status, sentence = 200, ""
    if scope["method"] == "OPTIONS":
        status = 204
    elif scope["method"] not in READING:
        status, sentence = 405, "This site can only be read: GET, HEAD or OPTIONS."
    elif target > TARGET_BYTES:
        status, sentence = 414, f"The address is longer than {TARGET_BYTES} bytes."
    elif scope["query_string"].count(b"&") >= PARAMETERS:
        status, sentence = 400, f"The address has more than {PARAMETERS} parameters."
    elif len(hosts) > 1 or not all(HOST.fullmatch(host) for host in hosts):
        status, sentence = 400, "The Host header is not a host."
    allow = {"allow": ", ".join(READING)} if status in (204, 405) else {}
    return Response.text(sentence, status, {"cache-control": "no-store", **allow}) if status != 200 else None
