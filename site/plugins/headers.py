"""What holds for every answer: who may read it, what a browser may do with it, and what is refused unread.

The Content-Security-Policy lets run only files of this site and the inline scripts of the templates as
they stand on disk, named by their SHA-256 (https://www.w3.org/TR/CSP3/#script-src). Nonces would not do,
because proxies keep answers and give them to many. Inline styles stay allowed: Datasette writes column
names into `<style>` elements and colours into `style` attributes.
"""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from click import ClickException
from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

TARGET_BYTES = 16_384  # of path and query; nginx takes as much in deploy/
PARAMETERS = 100
READING = ("GET", "HEAD", "OPTIONS")
HOST = re.compile(rb"[A-Za-z0-9._:\[\]-]{1,255}")
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
EXPRESSION = re.compile(r"{{\s*datasette_allow_facet\s*}}")
NO_FRAMES_NO_BASE = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

ALWAYS: list[Header] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-expose-headers", b"Link, Data-Version, Data-As-Of, Data-Parameters"),
    (b"access-control-max-age", b"86400"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]
REPLACED = {name for name, _ in ALWAYS} | {
    b"access-control-allow-headers",
    b"content-security-policy",
    b"transfer-encoding",  # Datasette sets it beside Content-Length, which RFC 9112, 6.2 forbids
}


@hookimpl
def startup() -> None:
    """Raises ClickException without the guard."""
    if not pm.has_plugin("guard.py"):
        raise ClickException("plugins/guard.py is missing, so nothing is served. Build it again: make build")


@hookimpl(trylast=True)  # the outermost
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Guard the application and dress its answers."""
    ttl = b"max-age=%d" % datasette.setting("default_cache_ttl")

    def wrap(app: App) -> App:
        policy: list[Header] = []

        async def guarded(scope: Scope, receive: Any, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            if not policy:  # templates are known only after start
                policy.append((b"content-security-policy", content_policy(datasette).encode()))

            last = [(b"connection", b"close")] if has_body(scope) else []  # the body is not read

            async def dress(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message = dict(message, headers=dressed(message, ttl, [*ALWAYS, *policy, *last]))
                await send(message)

            scope = under(scope, datasette.setting("base_url"))
            refusal = refused(scope)
            if refusal:
                await answer(dress, *refusal)
            else:
                await app(scope, receive, dress)

        return guarded

    return wrap


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Close the pages that are for those who run a site, and hide where its files lie."""
    closed = "actor|allow-debug|auth-token|logout|messages|patterns|permissions|threads"
    return [(rf"/-/({closed})(\.json)?$", no_page), (r"/-/databases(\.(?P<format>json))?$", databases)]


async def no_page() -> None:
    """Raises NotFound."""
    raise NotFound("There is no such page here")


async def databases(datasette: Any) -> Any:
    """The databases without the paths of their files."""
    shown = [
        {key: value for key, value in database.items() if key != "path"}
        for database in datasette._connected_databases()
    ]
    return Response.json(shown)


def under(scope: Scope, base: str) -> Scope:
    """The request as it is without the path under which the site lies, where a proxy passes that on."""
    if base == "/" or not scope["path"].startswith(base):
        return scope
    raw = scope.get("raw_path") or scope["path"].encode()
    return {**scope, "path": scope["path"][len(base) - 1 :], "raw_path": raw[len(base) - 1 :]}


def has_body(scope: Scope) -> bool:
    """Whether a request announces a body."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


def refused(scope: Scope) -> tuple[int, str] | None:
    """The status and sentence for a request that nothing further should see, or None."""
    target = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if scope["method"] == "OPTIONS":
        return 204, ""
    if scope["method"] not in READING:
        return 405, "This site can only be read: GET, HEAD or OPTIONS."
    if target > TARGET_BYTES:
        return 414, f"The address is longer than {TARGET_BYTES} bytes."
    if scope["query_string"].count(b"&") >= PARAMETERS:
        return 400, f"The address has more than {PARAMETERS} parameters."
    if len(hosts) > 1 or not all(HOST.fullmatch(host) for host in hosts):
        return 400, "The Host header is not a host."
    return None


async def answer(send: Send, status: int, sentence: str) -> None:
    """Send a short text."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if status in (204, 405):
        headers.append((b"allow", ", ".join(READING).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})


def dressed(start: Message, ttl: bytes, always: list[Header]) -> list[Header]:
    """The headers of an answer with ours in the place of their namesakes."""
    headers = [(name.lower(), value) for name, value in start.get("headers", [])]
    kept = [header for header in headers if header[0] not in REPLACED]
    if start["status"] == 200 and not any(name in (b"cache-control", b"set-cookie") for name, _ in kept):
        kept.append((b"cache-control", ttl))
    return kept + always


def content_policy(datasette: Any) -> str:
    """The Content-Security-Policy of every answer."""
    hashes = sorted({f"'sha256-{digest(text)}'" for text in inline_scripts(datasette.jinja_env)})
    parts = [
        "default-src 'none'",
        " ".join(["script-src 'self'", *hashes]),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        NO_FRAMES_NO_BASE,
    ]
    return "; ".join(parts)


def inline_scripts(environment: Any) -> Iterator[str]:
    """The inline scripts of all templates that are the same on every page; Datasette's one flag as both."""
    for name in environment.list_templates(filter_func=lambda name: name.endswith(".html")):
        source = environment.loader.get_source(environment, name)[0]
        for script in SCRIPT.findall(source):
            for flag in ("true", "false"):
                text = EXPRESSION.sub(flag, script)
                if "{{" not in text and "{%" not in text:
                    yield text


def digest(text: str) -> str:
    """A SHA-256 as CSP spells it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
