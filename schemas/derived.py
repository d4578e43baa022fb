"""The derived tables and views as the contract would describe them: schemas/derived.json, resolved.

Each is worked out by the view of its name in schemas/views.sql. One with a primary key is a derived table:
stored in the database and a CSV file of a release, never a file in data/. The others are views of the
database only. A field that shows a column of the contract, or of one described before it, names it in
`like` and says only what differs; `more_categories` are added to those of that column.
"""

import json
from pathlib import Path
from typing import Any

from schemas.contract import Table, table_of

DESCRIBED = Path(__file__).with_name("derived.json")


def derived_tables(descriptor: dict[str, Any]) -> list[Table]:
    """The derived tables that belong to a package's descriptor."""
    return [table_of(resource) for resource in derived_resources(descriptor)]


def derived_resources(descriptor: dict[str, Any]) -> list[dict[str, Any]]:
    """The resource descriptors of the derived tables, as they stand in a released package."""
    return [resource for resource in described(descriptor) if resource["schema"]["primaryKey"]]


def views(descriptor: dict[str, Any]) -> list[Table]:
    """The views, which have no key and are not released."""
    return [table_of(resource) for resource in described(descriptor) if not resource["schema"]["primaryKey"]]


def described(descriptor: dict[str, Any]) -> list[dict[str, Any]]:
    """A resource descriptor for every derived table and view, in the order of derived.json.

    Raises KeyError where `like` names a column that is not there.
    """
    columns = {
        f"{resource['name']}.{field['name']}": field
        for resource in descriptor["resources"]
        for field in resource["schema"]["fields"]
    }
    keys = {resource["name"]: resource["schema"]["primaryKey"] for resource in descriptor["resources"]}
    resources = []
    for entry in json.loads(DESCRIBED.read_text("utf-8")):
        fields = [resolved(field, columns) for field in entry["fields"]]
        columns |= {f"{entry['name']}.{field['name']}": field for field in fields}
        resources.append(resource_of(entry, fields, keys, descriptor["resources"][0]))
    return resources


def resolved(field: dict[str, Any], columns: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A field with what it takes over from the column that it is like, but that each value stands once."""
    own = {name: value for name, value in field.items() if name not in ("like", "more_categories")}
    like = columns[field["like"]] if "like" in field else {}
    limits = {name: limit for name, limit in like.get("constraints", {}).items() if name != "unique"}
    whole = like | {"constraints": limits} | own
    if "more_categories" in field:
        whole["categories"] = [*whole["categories"], *field["more_categories"]]
    return {name: value for name, value in whole.items() if value or name != "constraints"}


def resource_of(
    entry: dict[str, Any], fields: list[dict[str, Any]], keys: dict[str, list[str]], model: dict[str, Any]
) -> dict[str, Any]:
    """The resource descriptor of one entry; what all tables have in common is taken from `model`."""
    common = {name: v for name, v in model["schema"].items() if name not in ("uniqueKeys", "foreignKeys")}
    schema = common | {"fields": fields, "primaryKey": entry.get("primaryKey", [])}
    if entry.get("foreignKeys"):
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": table, "fields": keys[table]}}
            for column, table in entry["foreignKeys"].items()
        ]
    own = {name: entry[name] for name in ("name", "title", "description")}
    return model | own | {"path": f"derived/{entry['name']}.csv", "schema": schema}
