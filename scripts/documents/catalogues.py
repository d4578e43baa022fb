"""The package in the words of catalogues: CITATION.cff, Zenodo, schema.org, DCAT and Croissant.

All of it is read from the descriptor. What does not exist (a DOI, an address of the project) is left out.
"""

from __future__ import annotations

from typing import Any

import yaml

Descriptor = dict[str, Any]

# The words of Croissant 1.0 that its files must bring along:
# https://docs.mlcommons.org/croissant/docs/croissant-spec.html#appendix-1-json-ld-context
CROISSANT_WORDS = [
    *("citeAs", "column", "field", "fileObject", "fileSet", "format", "includes", "isLiveDataset", "key"),
    *("md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "separator"),
    *("source", "subField", "transform", "jsonPath", "extract", "equivalentProperty", "samplingRate"),
    "fileProperty",
]
CROISSANT_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "year": "sc:Integer",
}


def authors(descriptor: Descriptor) -> list[str]:
    """Those who made the package."""
    return [one["title"] for one in descriptor["contributors"] if "creator" in one["roles"]]


def day(descriptor: Descriptor) -> str:
    """The day on which this version was made."""
    return str(descriptor["created"])[:10]


def cite_as(descriptor: Descriptor) -> str:
    """The reference to print."""
    who = ", ".join(authors(descriptor))
    title, version = descriptor["title"], descriptor["version"]
    return f"{who} ({day(descriptor)[:4]}). {title} (version {version}) [Data package]."


def citation(descriptor: Descriptor) -> str:
    """CITATION.cff, Citation File Format 1.2.0."""
    entry = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them with their version.",
        "type": "dataset",
        "title": descriptor["title"],
        "abstract": descriptor["description"],
        "authors": [{"name": name} for name in authors(descriptor)],
        "version": descriptor["version"],
        "date-released": day(descriptor),
        "license": descriptor["licenses"][0]["name"],
        "keywords": descriptor["keywords"],
    }
    return yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=110)


def zenodo(descriptor: Descriptor) -> Descriptor:
    """.zenodo.json, the deposit metadata of https://developers.zenodo.org/#representation."""
    return {
        "upload_type": "dataset",
        "title": descriptor["title"],
        "description": descriptor["description"],
        "creators": [{"name": name} for name in authors(descriptor)],
        "version": descriptor["version"],
        "publication_date": day(descriptor),
        "access_right": "open",
        "license": descriptor["licenses"][0]["name"].lower(),
        "keywords": descriptor["keywords"],
        "language": "eng",
    }


def schema_org(descriptor: Descriptor) -> Descriptor:
    """A schema.org Dataset, https://schema.org/Dataset."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        **about(descriptor),
        "isBasedOn": [
            {"@type": "CreativeWork", "name": source["title"], "url": source["path"]}
            for source in descriptor["sources"]
        ],
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": f"{resource['name']}.{field['name']}",
                "description": field["description"],
            }
            for resource in descriptor["resources"]
            for field in resource["schema"]["fields"]
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": resource["path"],
                "description": resource["description"],
                "encodingFormat": resource["mediatype"],
            }
            for resource in descriptor["resources"]
        ],
    }


def about(descriptor: Descriptor) -> Descriptor:
    """What schema.org and Croissant say alike."""
    return {
        "name": descriptor["title"],
        "description": descriptor["description"],
        "version": descriptor["version"],
        "license": descriptor["licenses"][0]["path"],
        "creator": [{"@type": "Organization", "name": name} for name in authors(descriptor)],
        "datePublished": day(descriptor),
        "keywords": descriptor["keywords"],
        "inLanguage": "en",
        "isAccessibleForFree": True,
    }


def dcat(descriptor: Descriptor) -> Descriptor:
    """A DCAT 3 Dataset as JSON-LD, https://www.w3.org/TR/vocab-dcat-3/."""
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dcterms": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@type": "dcat:Dataset",
        "dcterms:identifier": descriptor["name"],
        "dcterms:title": english(descriptor["title"]),
        "dcterms:description": english(descriptor["description"]),
        "dcat:version": descriptor["version"],
        "dcterms:issued": {"@type": "xsd:date", "@value": day(descriptor)},
        "dcterms:license": {"@id": descriptor["licenses"][0]["path"]},
        "dcterms:creator": [{"@type": "foaf:Agent", "foaf:name": name} for name in authors(descriptor)],
        "dcterms:language": {"@id": "http://id.loc.gov/vocabulary/iso639-1/en"},
        "dcterms:source": [{"@id": source["path"]} for source in descriptor["sources"]],
        "dcat:keyword": [english(word) for word in descriptor["keywords"]],
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcterms:title": english(resource["title"]),
                "dcterms:description": english(resource["description"]),
                "dcterms:license": {"@id": descriptor["licenses"][0]["path"]},
                "dcat:mediaType": {
                    "@id": f"https://www.iana.org/assignments/media-types/{resource['mediatype']}"
                },
            }
            for resource in descriptor["resources"]
        ],
    }


def english(text: str) -> dict[str, str]:
    """A text with its language."""
    return {"@language": "en", "@value": text}


def croissant(descriptor: Descriptor) -> Descriptor:
    """Croissant 1.0 beside the files that it names; it tells their hashes where the descriptor does."""
    return {
        "@context": croissant_context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **about(descriptor),
        "citeAs": cite_as(descriptor),
        "distribution": [file_object(resource) for resource in descriptor["resources"]],
        "recordSet": [record_set(resource) for resource in descriptor["resources"]],
    }


def croissant_context() -> Descriptor:
    """The context that Croissant prescribes."""
    special = {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
    }
    return special | {word: f"cr:{word}" for word in CROISSANT_WORDS}


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
    """A table of the package with its columns and keys."""
    name, schema = resource["name"], resource["schema"]
    leads = {
        key["fields"][0]: f"{key['reference']['resource']}/{key['reference']['fields'][0]}"
        for key in schema.get("foreignKeys", [])
        if "resource" in key["reference"]  # mlcroissant reads no table that leads to itself
    }
    fields = []
    for field in schema["fields"]:
        column = {
            "@type": "cr:Field",
            "@id": f"{name}/{field['name']}",
            "name": f"{name}/{field['name']}",
            "description": field["description"],
            "dataType": CROISSANT_TYPES[field["type"]],
            "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": field["name"]}},
        }
        if field["name"] in leads:
            column["references"] = {"field": {"@id": leads[field["name"]]}}
        fields.append(column)
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": resource["description"],
        "key": [{"@id": f"{name}/{column}"} for column in schema["primaryKey"]],
        "field": fields,
    }
