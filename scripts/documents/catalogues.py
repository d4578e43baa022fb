"""The package in the words of catalogues: DCAT-AP, and what schema.org has in common with Croissant.

All of it is read from the descriptor. Addresses are relative to the catalogue's file, so that they hold
wherever the package is put; its page is `homepage` where the descriptor has one, else its README.
"""

import json
from pathlib import Path

from schemas.contract import table_of
from schemas.vocabulary import INVASION
from scripts.documents.citing import Descriptor, authors, day

UP = "../"  # from catalogue/ to the package
AUTHORITY = "http://publications.europa.eu/resource/authority/"  # the lists that DCAT-AP asks for
# The vocabularies, the language of texts, and which values are days.
CONTEXT = json.loads(Path(__file__).with_name("dcat_context.json").read_text("utf-8"))


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
    """A Dataset in DCAT-AP 3, https://semiceu.github.io/DCAT-AP/releases/3.0.1/, as JSON-LD."""
    agents = [{"@type": "foaf:Agent", "foaf:name": name} for name in authors(descriptor)]
    theme = of_class("skos:Concept", f"{AUTHORITY}data-theme/INTR")
    return {
        "@context": CONTEXT,
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
