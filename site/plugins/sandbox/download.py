"""The database as a file, of the bytes that are served: with its hash as ETag, and in parts (RFC 9110)."""

import re
from typing import Any

from datasette import NotFound, Response

from sandbox.database import ServedDatabase

RANGE = re.compile(r"bytes=(\d*)-(\d*)")  # several ranges at once are answered with the whole, as is allowed


async def download(datasette: Any, request: Any) -> Response:
    """The file, or the part that was asked for; raises NotFound where there is none of that name."""
    name = request.url_vars["database"]
    database = datasette.databases.get(name)
    if not isinstance(database, ServedDatabase):
        raise NotFound("Database not found")
    tag, content = f'"{database.hash}"', database.content
    headers = {"etag": tag, "accept-ranges": "bytes"}
    if tag in re.split(r",\s*", request.headers.get("if-none-match", "").replace("W/", "")):
        return Response(b"", status=304, headers=headers)
    headers["content-disposition"] = f'attachment; filename="{database.path}"'
    status = 200
    asked_for = RANGE.fullmatch(request.headers.get("range", ""))
    if asked_for and any(asked_for.groups()) and request.headers.get("if-range", tag) == tag:
        start, end = bounds(asked_for[1], asked_for[2], len(content))
        if start >= end:
            headers["content-range"] = f"bytes */{len(content)}"
            return Response(b"", status=416, headers=headers)
        headers["content-range"] = f"bytes {start}-{end - 1}/{len(content)}"
        content, status = content[start:end], 206
    headers["content-length"] = str(len(content))
    return Response(content, status=status, headers=headers, content_type="application/octet-stream")


def bounds(first: str, last: str, length: int) -> tuple[int, int]:
    """The bytes from and up to which a range goes: `5-9`, `5-` and `-5`, the last five."""
    if not first:
        return max(length - int(last), 0), length
    return int(first), min(int(last) + 1, length) if last else length
