"""The package and its tables described by schema.org, for search engines of data.

Templates get it as `linked_data`, a script element that holds data and so is none for the
Content-Security-Policy (https://html.spec.whatwg.org/#data-block). Guidance on what to say:
https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from markupsafe import Markup

# Inside a script element no `<`, and no line end that old JavaScript took for one.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
Json = dict[str, Any]


@hookimpl
def extra_template_vars(
    datasette: Any, request: Any, view_name: str, database: str, table: str
) -> Callable[[], Awaitable[Json]]:
    """The variable `linked_data`; empty on pages that describe neither the package nor a table."""

    async def variables() -> Json:
        if view_name == "index":
            return {"linked_data": element(await whole(datasette, request))}
        if view_name == "table" and table:
            return {"linked_data": element(await part(datasette, request, database, table))}
        return {"linked_data": Markup("")}

    return variables


def element(told: Json) -> Markup:
    """A script element that holds JSON-LD."""
    text = json.dumps({"@context": "https://schema.org/", **told}, ensure_ascii=False).translate(ESCAPES)
    return Markup(f'<script type="application/ld+json">{text}</script>')


async def whole(datasette: Any, request: Any) -> Json:
    """The package as a Dataset with a download and its tables."""
    database = datasette.get_database()
    row = dict((await database.execute("SELECT * FROM package")).first())
    home = datasette.absolute_url(request, datasette.urls.instance())
    file = datasette.absolute_url(request, f"{datasette.urls.database(database.name)}.db")
    tables = datasette.metadata("databases")[database.name]["tables"]
    return {
        "@type": "Dataset",
        "@id": home,
        "url": home,
        "identifier": row["name"],
        "name": row["title"],
        "description": row["description"],
        "version": row["version"],
        "dateModified": row["created"],
        "license": row["licence_url"],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": f"{row['title']} contributors"},
        "temporalCoverage": "2022-02-24/..",
        "spatialCoverage": ["United States", "Russia", "Ukraine"],
        "distribution": [download(file, "application/vnd.sqlite3")],
        "hasPart": [
            {"@type": "Dataset", **named(datasette, request, database.name, name, told)}
            for name, told in tables.items()
            if told.get("description") and not told.get("hidden")
        ],
    }


async def part(datasette: Any, request: Any, database: str, table: str) -> Json:
    """A table as a Dataset with its columns and downloads."""
    told = datasette.table_metadata(database, table)
    row = dict((await datasette.get_database(database).execute("SELECT * FROM package")).first())
    shown = named(datasette, request, database, table, told)
    return {
        "@type": "Dataset",
        **shown,
        "@id": shown["url"],
        "version": row["version"],
        "dateModified": row["created"],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": f"{row['title']} contributors"},
        "isPartOf": {"@id": datasette.absolute_url(request, datasette.urls.instance())},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": name, "description": description}
            for name, description in told.get("columns", {}).items()
        ],
        "distribution": [
            download(f"{shown['url']}.csv?_stream=on", "text/csv"),
            download(f"{shown['url']}.json?_shape=array", "application/json"),
        ],
    }


def named(datasette: Any, request: Any, database: str, table: str, told: Json) -> Json:
    """What a table is called, what it is, and where."""
    return {
        "name": told.get("title") or table,
        "description": told.get("description") or f"The table {table}.",
        "url": datasette.absolute_url(request, datasette.urls.table(database, table)),
        "license": datasette.metadata("license_url"),
    }


def download(url: str, kind: str) -> Json:
    """A file to take away."""
    return {"@type": "DataDownload", "contentUrl": url, "encodingFormat": kind}
