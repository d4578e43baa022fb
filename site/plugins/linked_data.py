"""The package and its tables described by schema.org, for search engines of data.

Templates get it as `linked_data`, a script element that holds data and so is none for the
Content-Security-Policy (https://html.spec.whatwg.org/#data-block). Guidance on what to say:
https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from markupsafe import Markup

if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

from sister_pages.context import Context, context_of

# Inside a script element no `<`, and no line end that old JavaScript took for one.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
Json = dict[str, Any]


@hookimpl
def extra_template_vars(
    datasette: Any, request: Any, view_name: str, table: str
) -> Callable[[], Awaitable[Json]]:
    """The variable `linked_data`; empty on pages that describe neither the package nor a table."""

    async def variables() -> Json:
        site = context_of(datasette)
        if view_name == "index":
            return {"linked_data": element(whole(site, request))}
        if view_name == "table" and table in site.contract.titles:
            return {"linked_data": element(part(site, request, table))}
        return {"linked_data": Markup("")}

    return variables


def element(data_set: Json) -> Markup:
    """A script element that holds JSON-LD."""
    said = {"@context": "https://schema.org/", "@type": "Dataset", **data_set}
    text = json.dumps(said, ensure_ascii=False).translate(ESCAPES)
    return Markup(f'<script type="application/ld+json">{text}</script>')


def whole(site: Context, request: Any) -> Json:
    """The package with a download and its tables, as the catalogue describes it."""
    home = site.datasette.absolute_url(request, site.datasette.urls.instance())
    file = f"{address(site, request)}.db"
    return site.data_set | {
        "@id": home,
        "url": home,
        "dateModified": site.package["created"],
        "distribution": [download(file, "application/vnd.sqlite3")],
        "hasPart": [
            {"@type": "Dataset", "name": title, "url": address(site, request, table)}
            for table, title in site.contract.titles.items()
        ],
    }


def part(site: Context, request: Any, table: str) -> Json:
    """A table with its columns and downloads."""
    url = address(site, request, table)
    common = {name: site.data_set[name] for name in ("version", "license", "creator", "isAccessibleForFree")}
    return common | {
        "@id": url,
        "url": url,
        "name": site.contract.titles[table],
        "description": site.datasette.table_metadata(site.database.name, table)["description"],
        "dateModified": site.package["created"],
        "isPartOf": {"@id": site.datasette.absolute_url(request, site.datasette.urls.instance())},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column, "description": field.description}
            for (name, column), field in site.contract.fields.items()
            if name == table
        ],
        "distribution": [
            download(f"{url}.csv?_stream=on", "text/csv"),
            download(f"{url}.json?_shape=array", "application/json"),
        ],
    }


def address(site: Context, request: Any, table: str | None = None) -> str:
    """The whole address of a table, or of the database."""
    urls, name = site.datasette.urls, site.database.name
    return str(
        site.datasette.absolute_url(request, urls.table(name, table) if table else urls.database(name))
    )


def download(url: str, kind: str) -> Json:
    """A file to take away."""
    return {"@type": "DataDownload", "contentUrl": url, "encodingFormat": kind}
