"""The pages that Datasette shows of a build, as files that lead to each other wherever they lie."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from datasette.app import Datasette
from datasette.database import Database
from datasette.filters import Filters, TemplatedFilter
from datasette.utils import tilde_encode

from schemas.problems import CannotRunError
from scripts.checking.validator import Progress
from scripts.publishing.paths import DETAILED, KEPT, Addresses, file_of, up_from

FIRST = ("/", "/robots.txt", "/sitemap.xml")
WHOLE = "?_size=max&_nofacet=1"
NO_PAGE = "/no-such-page"
IN_BROWSER = "/static/browser.js"  # answers what is asked of a page besides what it shows
DESCRIPTION = "browser.json"  # what it needs to know for that
SCRIPTS = "script-src 'self' 'wasm-unsafe-eval'"
LEAD = '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>\
<meta http-equiv="refresh" content="0; url={url}"></head>\
<body><p>The key was retired: <a href="{url}">{name}</a>.</p></body></html>\n'
SHOWN = ("sort", "sort_desc", "fts_table")
SUCCESSORS = "select table_name, row_id, successor from retired_keys where successor is not null"
Json = dict[str, Any]


async def write_pages(datasette: Datasette, addresses: Addresses, out: Path, step: Progress) -> None:
    """Write the first page and all that is linked. Raises CannotRunError where something is missing."""
    names = datasette.jinja_env.globals["site"].names
    addresses.linked.update(FIRST)
    for table in DETAILED:
        addresses.linked.update(f"/{addresses.database}/{table}/{tilde_encode(key)}/" for key in names[table])
    seen: set[str] = set()
    while waiting := sorted(addresses.linked - seen):
        seen |= addresses.linked
        for path in waiting:
            file = out / file_of(path)
            if not path.startswith(KEPT) and not file.exists():
                step(path)
                answer = await asked(datasette, path.rstrip("/") or "/", 200)
                write(file, frozen(answer, path, up_from(path), addresses))
                if path.endswith(".csv"):
                    write(file.with_name(f"{file.name}-metadata.json"), csv_metadata(answer, file.name))
    answer = await asked(datasette, NO_PAGE, 404)
    write(out / "404.html", frozen(answer, NO_PAGE, urlsplit(addresses.home).path, addresses))


async def asked(datasette: Datasette, path: str, status: int) -> Any:
    """Datasette's answer, JSON with all its rows. Raises CannotRunError where it is none with that status."""
    answer = await datasette.client.get(path + (WHOLE if path.endswith(".json") else ""))
    if answer.status_code != status:
        raise CannotRunError(f"{path} is answered with {answer.status_code} instead of {status}")
    return answer


def frozen(answer: Any, path: str, up: str, addresses: Addresses) -> str:
    """An answer as it is among the files; a page has its policy, and the script that answers in its place.

    Raises CannotRunError where it is JSON that is cut off.
    """
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "application/json":
        content = answer.json()
        if content.get("truncated") or content.get("next"):
            raise CannotRunError(f"{path} has more rows than max_returned_rows in settings.json")
        return as_json({name: value for name, value in content.items() if name != "query_ms"})
    if kind != "text/html":
        return addresses.text(answer.text)
    policy = re.sub("script-src [^;]*", SCRIPTS, answer.headers["content-security-policy"])
    policy = re.sub("; frame-ancestors [^;]*", "", policy)  # a page cannot say it of itself
    head = f'<meta charset="utf-8">\n  <meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
    text = answer.text.replace('<meta charset="utf-8">', head, 1)
    if path.startswith(f"/{addresses.database}/") and path.count("/") < 4:
        text = text.replace("</head>", f'<script type="module" src="{IN_BROWSER}"></script>\n</head>', 1)
    return addresses.page(text, up)


def csv_metadata(answer: Any, name: str) -> str:
    """What a CSV file answers, as https://www.w3.org/TR/tabular-metadata/ has it beside the file."""
    said = {key: answer.headers.get(f"data-{key}", "") for key in ("version", "as-of", "parameters")}
    return as_json({"@context": "http://www.w3.org/ns/csvw", "url": name, "notes": [said]})


def as_json(value: object) -> str:
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def write(path: Path, text: str) -> None:
    """Write a text, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


async def write_successors(database: Database, out: Path) -> None:
    """Write a page for each retired key that leads to the row that has its place."""
    for table, key, successor in (await database.execute(SUCCESSORS)).rows:
        url = escape(f"../{tilde_encode(successor)}/")
        write(out / table / tilde_encode(key) / "index.html", LEAD.format(url=url, name=escape(successor)))


def write_description(datasette: Datasette, built: Path, addresses: Addresses, out: Path) -> None:
    """Write what the browser needs to ask and show as Datasette does."""
    site = datasette.jinja_env.globals["site"]
    text = (built / "datasette" / "metadata.json").read_text("utf-8")
    metadata = json.loads(text)["databases"][addresses.database]
    content = {
        "database": addresses.database,
        "file": f"{addresses.database}.db.gz",
        "as_of": site.as_of,
        "version": site.package["version"],
        "page_size": datasette.setting("default_page_size"),
        "most_rows": datasette.setting("max_returned_rows"),
        "leads_to": site.contract.keys,
        "states": site.states,
        "countries": site.countries,
        "titles": site.contract.tables,
        "keys": addresses.keys,
        "detailed": DETAILED,
        "names": site.names,
        "questions": metadata["queries"],
        "tables": {name: {key: one.get(key) for key in SHOWN} for name, one in metadata["tables"].items()},
        "columns": meanings(site.contract),
        "values": json.loads((built / "static" / "values.json").read_text("utf-8")),
        "filters": {
            one.key: [one.sql_template, one.format, one.display]
            for one in Filters._filters
            if isinstance(one, TemplatedFilter)
        },
    }
    write(out / DESCRIPTION, as_json(content))


def meanings(contract: Any) -> Json:
    """Each column of a table as a page shows it; under no table, what one means wherever it stands."""
    columns: Json = {"": {}}
    for table, column in contract.fields:
        for where in (table, ""):
            if field := contract.field(where, column):
                codes = {value: [label, field.short(value)] for value, label in field.labels.items()}
                said = {"heading": contract.heading(where, column), "type": field.type, "codes": codes}
                columns.setdefault(where, {})[column] = said
    return columns
