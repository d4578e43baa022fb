"""The package in the words of catalogues, read from the descriptor: DCAT-AP 3 and Croissant 1.1.

Addresses are relative to the catalogue's file, so that they hold wherever the package is put; its page is
`homepage` where the descriptor has one, else its README.
https://github.com/mlcommons/croissant/blob/main/docs/croissant-spec-1.1.md
https://semiceu.github.io/DCAT-AP/releases/3.0.1/
"""

import json
from pathlib import Path

from schemas.contract import table_of
from schemas.vocabulary import INVASION
from scripts.documents.citing import Descriptor, authors, cite_as, day

UP = "../"  # from catalogue/ to the package
AUTHORITY = "http://publications.europa.eu/resource/authority/"  # the lists that DCAT-AP asks for
TYPES = {"string": "Text", "number": "Float", "year": "Integer"}  # of schema.org, where not called as ours


def context(name: str) -> Descriptor:
    """The vocabularies of a catalogue, and what else its files must bring along of them."""
    return dict(json.loads(Path(__file__).with_name(f"{name}_context.json").read_text("utf-8")))


def countries(descriptor: Descriptor) -> list[str]:
    """The countries whose places the package is about; none where it has no places."""
    places = [table_of(resource) for resource in descriptor["resources"] if resource["name"] == "places"]
    return [label for table in places for label in table.column("country").categories.values()]


def about(descriptor: Descriptor, page: str) -> Descriptor:
    """What Croissant and the site's own record say alike; `page` describes a package without a homepage."""
    return {
        "name": descriptor["title"],
        "description": descriptor["description"],
        "identifier": descriptor["name"],
        "url": descriptor.get("homepage", page),
        "version": descriptor["version"],
        "license": descriptor["licenses"][0]["path"],
        "creator": [{"@type": "Organization", "name": name} for name in authors(descriptor)],
        "publisher": {"@type": "Organization", "name": authors(descriptor)[0]},
        "datePublished": day(descriptor),
        "temporalCoverage": f"{INVASION}/..",
        "spatialCoverage": [{"@type": "Place", "name": name} for name in countries(descriptor)],
        "keywords": descriptor["keywords"],
        "inLanguage": "en",
        "isAccessibleForFree": True,
    }


def dcat(descriptor: Descriptor) -> Descriptor:
    """A Dataset in DCAT-AP, as JSON-LD."""
    agents = [{"@type": "foaf:Agent", "foaf:name": name} for name in authors(descriptor)]
    theme = of_class("skos:Concept", f"{AUTHORITY}data-theme/INTR")
    return {
        "@context": context("dcat"),
        "@id": f"{UP}datapackage.json",
        "@type": "dcat:Dataset",
        "dcterms:identifier": descriptor["name"],
        "dcterms:title": descriptor["title"],
        "dcterms:description": descriptor["description"],
        "dcat:version": descriptor["version"],
        "dcterms:issued": day(descriptor),
        "dcterms:creator": agents,
        "dcterms:publisher": agents[0],
        "dcat:landingPage": of_class("foaf:Document", descriptor.get("homepage", f"{UP}README.md")),
        "dcterms:language": of_class("dcterms:LinguisticSystem", f"{AUTHORITY}language/ENG"),
        "dcterms:provenance": [
            {"@type": "dcterms:ProvenanceStatement", "rdfs:label": source["title"]}
            for source in descriptor["sources"]
        ],
        "dcterms:spatial": [
            {"@type": "dcterms:Location", "skos:prefLabel": name} for name in countries(descriptor)
        ],
        "dcterms:temporal": {"@type": "dcterms:PeriodOfTime", "dcat:startDate": INVASION},
        "dcat:theme": theme | {"skos:prefLabel": "International issues"},
        "dcat:keyword": descriptor["keywords"],
        "dcat:distribution": [distribution(resource, descriptor) for resource in descriptor["resources"]],
    }


def distribution(resource: Descriptor, descriptor: Descriptor) -> Descriptor:
    """A file of the package in DCAT."""
    file = {"@id": UP + resource["path"]}
    media = f"https://www.iana.org/assignments/media-types/{resource['mediatype']}"
    return {
        "@id": f"{UP}{resource['path']}#distribution",
        "@type": "dcat:Distribution",
        "dcterms:title": resource["title"],
        "dcterms:description": resource["description"],
        "dcat:accessURL": file,
        "dcat:downloadURL": file,
        "dcterms:license": of_class("dcterms:LicenseDocument", descriptor["licenses"][0]["path"]),
        "dcterms:format": of_class("dcterms:MediaTypeOrExtent", f"{AUTHORITY}file-type/CSV"),
        "dcat:mediaType": of_class("dcterms:MediaType", media),
    }


def of_class(name: str, address: str) -> dict[str, str]:
    """Something that has an address, with the class that DCAT-AP requires."""
    return {"@id": address, "@type": name}


def croissant(descriptor: Descriptor) -> Descriptor:
    """Croissant beside the files that it names; it tells their hashes where the descriptor does."""
    return {
        "@context": context("croissant"),
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
                "dataType": f"sc:{TYPES.get(field['type'], field['type'].title())}",
                "source": {"fileObject": {"@id": resource["path"]}, "extract": {"column": field["name"]}},
            }
            for field in resource["schema"]["fields"]
        ],
    }
