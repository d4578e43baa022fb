"""The package and its tables described by schema.org, for search engines of data.

Guidance on what to say: https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from sister_pages.context import Context

Json = dict[str, Any]
# What is said of the whole and holds for each table.
OF_PARTS = ("version", "license", "creator", "temporalCoverage", "spatialCoverage", "isAccessibleForFree")


def linked_data(site: Context, request: Any, table: str | None = None) -> Markup:
    """The package or one of its tables as JSON-LD, for the head of its page; nothing for a view.

    The element holds data, and so is no script for the Content-Security-Policy
    (https://html.spec.whatwg.org/#data-block).
    """
    if table and table not in site.contract.titles:
        return Markup("")
    described = part(site, request, table) if table else whole(site, request)
    common = {"@context": "https://schema.org/", "@type": "Dataset", "@id": described["url"]}
    text = htmlsafe_json_dumps(common | described | {"dateModified": site.package["created"]})
    return Markup('<script type="application/ld+json">{}</script>').format(text)


def whole(site: Context, request: Any) -> Json:
    """The package with a download and its tables."""
    database = site.datasette.urls.database(site.database.name)
    return site.data_set | {
        "citation": site.cited()["APA"],
        "url": site.whole(request, site.datasette.urls.instance()),
        "distribution": [download(f"{site.whole(request, database)}.db", "application/vnd.sqlite3")],
        "hasPart": [
            {"@type": "Dataset", "name": title, "url": address(site, request, table)}
            for table, title in site.contract.titles.items()
        ],
    }


def part(site: Context, request: Any, table: str) -> Json:
    """A table with its columns and downloads."""
    url = address(site, request, table)
    return {name: site.data_set[name] for name in OF_PARTS} | {
        "identifier": f"{site.data_set['identifier']}/{table}",
        "url": url,
        "name": site.contract.titles[table],
        "description": site.datasette.table_metadata(site.database.name, table)["description"],
        "isPartOf": {"@id": site.whole(request, site.datasette.urls.instance())},
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


def address(site: Context, request: Any, table: str) -> str:
    """The whole address of a table."""
    return site.whole(request, site.datasette.urls.table(site.database.name, table))


def download(url: str, kind: str) -> Json:
    """A file to take away."""
    return {"@type": "DataDownload", "contentUrl": url, "encodingFormat": kind}
