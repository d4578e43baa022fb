"""The derived tables as the contract would describe them: schemas/derived.json with its references resolved.

A derived table is a view of the database (schemas/views.sql, scripts/database/derived.py) and a CSV file
of a release, never a file in data/. A field that shows a column of the contract, or of a derived table
before it, names it in `like` and says only what differs; `more_categories` are added to those of that column.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from schemas.contract import Table, table_of

WRITTEN = Path(__file__).with_name("derived.json")


def derived_tables(descriptor: dict[str, Any]) -> list[Table]:
    """The derived tables that belong to a package's descriptor."""
    return [table_of(resource) for resource in derived_resources(descriptor)]


def derived_resources(descriptor: dict[str, Any]) -> list[dict[str, Any]]:
    """The resource descriptors of the derived tables, as they stand in a released package.

    Raises KeyError where `like` names a column that is not there.
    """
    known = {
        f"{resource['name']}.{field['name']}": field
        for resource in descriptor["resources"]
        for field in resource["schema"]["fields"]
    }
    keys = {resource["name"]: resource["schema"]["primaryKey"] for resource in descriptor["resources"]}
    resources = []
    for entry in json.loads(WRITTEN.read_text("utf-8")):
        fields = [resolved(field, known) for field in entry["fields"]]
        known |= {f"{entry['name']}.{field['name']}": field for field in fields}
        resources.append(resource_of(entry, fields, keys, descriptor["resources"][0]))
    return resources


def resolved(field: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A field with what it takes over from the column that it is like."""
    own = dict(field)
    whole: dict[str, Any] = dict(known[own.pop("like")]) if "like" in own else {}
    more = own.pop("more_categories", [])
    whole |= own
    if more:
        whole["categories"] = [*whole["categories"], *more]
    if not whole.get("constraints"):
        whole.pop("constraints", None)
    return whole


def resource_of(
    entry: dict[str, Any], fields: list[dict[str, Any]], keys: dict[str, list[str]], model: dict[str, Any]
) -> dict[str, Any]:
    """The resource descriptor of a derived table; what all tables have in common is taken from `model`."""
    schema = dict(model["schema"]) | {"fields": fields, "primaryKey": entry["primaryKey"]}
    schema.pop("uniqueKeys", None)
    schema.pop("foreignKeys", None)
    if entry["foreignKeys"]:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": table, "fields": keys[table]}}
            for column, table in entry["foreignKeys"].items()
        ]
    own = {
        "name": entry["name"],
        "title": entry["title"],
        "description": entry["description"],
        "path": f"derived/{entry['name']}.csv",
        "schema": schema,
    }
    return {key: own.get(key, value) for key, value in model.items()}
