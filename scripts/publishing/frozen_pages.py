"""The pages that Datasette shows of a build, as files that lead to each other wherever they lie."""

import json
import re
import sqlite3
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from datasette.app import Datasette
from datasette.filters import Filters, TemplatedFilter
from datasette.utils import tilde_encode

from schemas.problems import CannotRunError
from scripts.publishing.files import write_json
from scripts.publishing.paths import KEPT, Addresses, file_of, up_from

NO_PAGE = "/no-such-page"
IN_BROWSER = "/static/browser.js"  # answers what is asked of a page besides what it shows
DESCRIPTION = "browser.json"  # what it needs to know for that
SCRIPTS = "script-src 'self' 'wasm-unsafe-eval'"
LEAD = '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>\
<meta http-equiv="refresh" content="0; url={url}"></head>\
<body><p>The key was retired: <a href="{url}">{name}</a>.</p></body></html>\n'
SHOWN = ("facets", "sort", "sort_desc", "fts_table")
SUCCESSORS = "select table_name, row_id, successor from retired_keys where successor is not null"
Step = Callable[[str], None]
Json = dict[str, Any]


async def write_pages(datasette: Datasette, addresses: Addresses, out: Path, step: Step) -> None:
    """Write every linked page, from `addresses.found` on. Raises CannotRunError where one is missing."""
    seen: set[str] = set()
    while waiting := sorted(addresses.found - seen):
        seen |= addresses.found
        for path in waiting:
            if not path.startswith(KEPT) and not (out / file_of(path)).exists():
                step(path)
                answer = await asked(datasette, path.rstrip("/") or "/", 200)
                write(out / file_of(path), frozen(answer, path, up_from(path), addresses))
    answer = await asked(datasette, NO_PAGE, 404)
    write(out / "404.html", frozen(answer, NO_PAGE, urlsplit(addresses.home).path, addresses))


async def asked(datasette: Datasette, path: str, status: int) -> Any:
    """Datasette's answer. Raises CannotRunError where it has another status."""
    answer = await datasette.client.get(path)
    if answer.status_code != status:
        raise CannotRunError(f"{path} is answered with {answer.status_code} instead of {status}")
    return answer


def frozen(answer: Any, path: str, up: str, addresses: Addresses) -> str:
    """An answer as it is among the files; a page has its policy, and the script that answers in its place."""
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "application/json":
        return json.dumps(without(answer.json(), "query_ms"), ensure_ascii=False) + "\n"
    if kind != "text/html":
        return addresses.text(answer.text)
    policy = re.sub("script-src [^;]*", SCRIPTS, answer.headers["content-security-policy"])
    policy = re.sub("; frame-ancestors [^;]*", "", policy)  # a page cannot say it of itself
    head = f'<meta charset="utf-8">\n  <meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
    text = answer.text.replace('<meta charset="utf-8">', head, 1)
    if path.startswith(f"/{addresses.database}/") and path.count("/") < 4:
        script = f'<script type="module" src="{IN_BROWSER}"></script>\n</head>'
        text = text.replace("</head>", script, 1)
    return addresses.page(text, up)


def without(content: Json, name: str) -> Json:
    """The content but for one of its parts."""
    return {key: value for key, value in content.items() if key != name}


def write(path: Path, text: str) -> None:
    """Write a text, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def write_successors(db: sqlite3.Connection, out: Path) -> None:
    """Write a page for each retired key that leads to the row that has its place."""
    for table, key, successor in db.execute(SUCCESSORS):
        url = escape(f"../{tilde_encode(successor)}/")
        write(out / table / tilde_encode(key) / "index.html", LEAD.format(url=url, name=escape(successor)))


def write_description(datasette: Datasette, described: Json, addresses: Addresses, out: Path) -> None:
    """Write what the browser needs to ask as Datasette does: tables, questions, names of rows, filters."""
    site = datasette.jinja_env.globals["site"]
    shown = described["metadata"]["tables"]
    content = {
        "database": site.database.name,
        "as_of": site.as_of,
        "version": site.package["version"],
        "page_size": datasette.setting("default_page_size"),
        "most_rows": datasette.setting("max_returned_rows"),
        "leads_to": site.contract.keys,
        "states": site.states,
        "countries": site.countries,
        "keys": {table: columns[0] for table, columns in addresses.keys.items() if columns},
        "detailed": addresses.detailed,
        "names": site.names,
        "questions": described["metadata"]["queries"],
        "tables": {
            name: {
                "title": table["title"],
                "columns": {
                    column: without(field, "description") for column, field in table["columns"].items()
                },
                **{key: shown.get(name, {}).get(key) for key in SHOWN},
            }
            for name, table in described["tables"].items()
        },
        "filters": {
            one.key: [one.sql_template, one.format, one.display]
            for one in Filters._filters
            if isinstance(one, TemplatedFilter)
        },
    }
    write_json(out / DESCRIPTION, content)
