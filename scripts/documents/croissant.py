"""The package in Croissant 1.1: https://github.com/mlcommons/croissant/blob/main/docs/croissant-spec-1.1.md."""

import json
from pathlib import Path

from scripts.documents.catalogues import about
from scripts.documents.citing import Descriptor, cite_as

# What Croissant prescribes, with the words that its files must bring along (appendix 1 of the specification).
CONTEXT = json.loads(Path(__file__).with_name("croissant_context.json").read_text("utf-8"))
TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "year": "sc:Integer",
}


def croissant(descriptor: Descriptor) -> Descriptor:
    """Croissant beside the files that it names; it tells their hashes where the descriptor does."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        **about(descriptor, "README.md"),
        "citeAs": cite_as(descriptor),
        "distribution": [file_object(resource) for resource in descriptor["resources"]],
        "recordSet": [record_set(resource) for resource in descriptor["resources"]],
    }


def file_object(resource: Descriptor) -> Descriptor:
    """A file of the package."""
    entry = {
        "@type": "cr:FileObject",
        "@id": resource["path"],
        "name": resource["path"],
        "description": resource["description"],
        "contentUrl": resource["path"],
        "encodingFormat": resource["mediatype"],
    }
    if "hash" in resource:
        entry |= {"contentSize": f"{resource['bytes']} B", "sha256": resource["hash"].removeprefix("sha256:")}
    return entry


def record_set(resource: Descriptor) -> Descriptor:
    """A table of the package with its columns and its key.

    Keys to other tables are left out: mlcroissant 1.1.1 reads no second table of a Dataset where they are.
    """
    name = resource["name"]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": resource["description"],
        "key": [{"@id": f"{name}/{column}"} for column in resource["schema"]["primaryKey"]],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field['name']}",
                "name": f"{name}/{field['name']}",
                "description": field["description"],
                "dataType": TYPES[field["type"]],
                "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": field["name"]}},
            }
            for field in resource["schema"]["fields"]
        ],
    }
