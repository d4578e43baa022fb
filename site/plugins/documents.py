"""The documents of docs/ as pages: how the data was made, what it covers and leaves out, the data policy."""

from __future__ import annotations

from typing import Any

from datasette import Response, hookimpl

TITLES = {
    "methodology": "How the data was made",
    "data-policy": "Data policy",
    "coverage": "What the record holds",
    "omissions": "What was left out",
}


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """The addresses of the documents; the policy keeps the one that it had at first."""
    return [(rf"/-/(?P<name>policy|{'|'.join(TITLES)})$", document)]


async def document(datasette: Any, request: Any) -> Response:
    """One document, which the build has rendered."""
    name = {"policy": "data-policy"}.get(request.url_vars["name"], request.url_vars["name"])
    context = {"name": name, "document_title": TITLES[name]}
    return Response.html(await datasette.render_template("document.html", context, request=request))
