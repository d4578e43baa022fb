"""What Datasette and the site's pages read beside the database: datasette/metadata.json and site.json."""

import sqlite3
from typing import Any

from schemas.contract import Package, Table
from schemas.derived import derived_tables, views
from schemas.vocabulary import INVASION, PARTNERS
from scripts.documents.catalogues import about
from scripts.documents.citing import citations, repository

Json = dict[str, Any]
# Columns that hold keys although no foreign key says so.
LEADS_TO = {"source_ids": "sources", "earlier_event_id": "pair_events", "later_event_id": "pair_events"}


def merged_metadata(package: Package, metadata: Json, name: str, db: sqlite3.Connection) -> Json:
    """metadata.yml with what the contract says of the database `name`, and the choices of every question."""
    descriptor = package.descriptor
    licence = descriptor["licenses"][0]
    database = metadata["databases"][name]
    for part in (metadata, database):
        part.setdefault("title", descriptor["title"])
        part.setdefault("description", descriptor["description"])
        part["license"], part["license_url"] = licence["title"], licence["path"]
    tables = described(package)
    for table in tables.values():
        shown = database["tables"].setdefault(table.name, {})
        shown["title"], shown["description"] = table.title, table.description
        shown["columns"] = {column.name: column.description for column in table.columns}
        if table not in package.tables:
            shown["derived"] = True
    for query in database["queries"].values():
        query["parameters"] = [
            parameter | {"choices": choices(parameter.get("choices", {}), tables, package, db)}
            for parameter in query.get("parameters", [])
        ]
        query["params"] = [parameter["name"] for parameter in query["parameters"]]
    return metadata


def described(package: Package) -> dict[str, Table]:
    """Every table and view that the contract or the derived contract describes, by name."""
    descriptor = package.descriptor
    return {table.name: table for table in (*package.tables, *derived_tables(descriptor), *views(descriptor))}


def choices(
    wanted: Json | str, tables: dict[str, Table], package: Package, db: sqlite3.Connection
) -> list[list[str]]:
    """The values of a parameter, each with its label and perhaps a code, as metadata.yml asks for them."""
    if isinstance(wanted, dict):
        return [[value, label] for value, label in wanted.items()]
    if wanted == "tables":
        return [[table.name, table.title] for table in package.tables]
    if wanted.startswith("select "):
        rows = (row for row in db.execute(wanted) if row[0] is not None)
        return [[str(row[0]), *map(str, row[1:] or row)] for row in rows]
    table, column = wanted.split(".")
    return [[value, label] for value, label in tables[table].column(column).categories.items()]


def site_description(package: Package) -> Json:
    """What the pages need to know of the contract and of the words that the project shares."""
    tables = described(package)
    return {
        "tables": {
            name: {
                "title": table.title,
                "kind": "table" if table in package.tables else "derived" if table.primary_key else "view",
                "columns": {
                    one.name: {
                        "title": one.title,
                        "type": one.type,
                        "description": one.description,
                        "labels": one.categories,
                    }
                    for one in table.columns
                },
            }
            for name, table in tables.items()
        },
        "leads_to": leads_to(list(tables.values())),
        "invasion": INVASION,
        "countries": PARTNERS,
        "data_set": about(package.descriptor, page=""),
        "citations": citations(package.descriptor),
        "repository": repository(package.descriptor),
    }


def leads_to(tables: list[Table]) -> dict[str, str]:
    """The table that a column's values are keys of, by the name of the column."""
    own = {table.primary_key[0]: table.name for table in reversed(tables) if len(table.primary_key) == 1}
    leads = {column: parent for table in tables for column, parent in table.leads.items()}
    return own | leads | LEADS_TO
