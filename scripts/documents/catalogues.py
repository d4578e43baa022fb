"""The package in the words of catalogues: schema.org and DCAT-AP.

All of it is read from the descriptor. Addresses are relative to the catalogue's file, so that they hold
wherever the package is put; its page is `homepage` where the descriptor has one, else its README.
"""

from typing import Any

from schemas.vocabulary import INVASION
from scripts.documents.citing import authors, cite_as, day

Descriptor = dict[str, Any]

UP = "../"  # from catalogue/ to the package
AUTHORITY = "http://publications.europa.eu/resource/authority/"  # the lists that DCAT-AP asks for
SPACES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def countries(descriptor: Descriptor) -> list[str]:
    """The countries whose places the package is about; none where it has no places."""
    return [
        category["label"]
        for resource in descriptor["resources"]
        for field in resource["schema"]["fields"]
        if (resource["name"], field["name"]) == ("places", "country")
        for category in field["categories"]
    ]


def about(descriptor: Descriptor, page: str) -> Descriptor:
    """What schema.org and Croissant say alike; `page` describes a package that has no homepage."""
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


def schema_org(descriptor: Descriptor) -> Descriptor:
    """A schema.org Dataset, https://schema.org/Dataset."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        **about(descriptor, f"{UP}README.md"),
        "citation": cite_as(descriptor),
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
                "contentUrl": UP + resource["path"],
                "encodingFormat": resource["mediatype"],
            }
            for resource in descriptor["resources"]
        ],
    }


def dcat(descriptor: Descriptor) -> Descriptor:
    """A Dataset in DCAT-AP 3, https://semiceu.github.io/DCAT-AP/releases/3.0.1/, as JSON-LD."""
    agents = [{"@type": "foaf:Agent", "foaf:name": name} for name in authors(descriptor)]
    return {
        "@context": SPACES,
        "@id": f"{UP}datapackage.json",
        "@type": "dcat:Dataset",
        "dcterms:identifier": descriptor["name"],
        "dcterms:title": english(descriptor["title"]),
        "dcterms:description": english(descriptor["description"]),
        "dcat:version": descriptor["version"],
        "dcterms:issued": {"@type": "xsd:date", "@value": day(descriptor)},
        "dcterms:creator": agents,
        "dcterms:publisher": agents[0],
        "dcat:landingPage": of_class("foaf:Document", descriptor.get("homepage", f"{UP}README.md")),
        "dcterms:language": of_class("dcterms:LinguisticSystem", f"{AUTHORITY}language/ENG"),
        "dcterms:provenance": [
            {"@type": "dcterms:ProvenanceStatement", "rdfs:label": english(source["title"])}
            for source in descriptor["sources"]
        ],
        "dcterms:spatial": [
            {"@type": "dcterms:Location", "skos:prefLabel": english(name)} for name in countries(descriptor)
        ],
        "dcterms:temporal": {
            "@type": "dcterms:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:date", "@value": INVASION},
        },
        "dcat:theme": {
            **of_class("skos:Concept", f"{AUTHORITY}data-theme/INTR"),
            "skos:prefLabel": english("International issues"),
        },
        "dcat:keyword": [english(word) for word in descriptor["keywords"]],
        "dcat:distribution": [distribution(resource, descriptor) for resource in descriptor["resources"]],
    }


def distribution(resource: Descriptor, descriptor: Descriptor) -> Descriptor:
    """A file of the package in DCAT."""
    file = {"@id": UP + resource["path"]}
    media = f"https://www.iana.org/assignments/media-types/{resource['mediatype']}"
    return {
        "@id": f"{UP}{resource['path']}#distribution",
        "@type": "dcat:Distribution",
        "dcterms:title": english(resource["title"]),
        "dcterms:description": english(resource["description"]),
        "dcat:accessURL": file,
        "dcat:downloadURL": file,
        "dcterms:license": of_class("dcterms:LicenseDocument", descriptor["licenses"][0]["path"]),
        "dcterms:format": of_class("dcterms:MediaTypeOrExtent", f"{AUTHORITY}file-type/CSV"),
        "dcat:mediaType": of_class("dcterms:MediaType", media),
    }


def of_class(name: str, address: str) -> dict[str, str]:
    """Something that has an address, with the class that DCAT-AP requires."""
    return {"@id": address, "@type": name}


def english(text: str) -> dict[str, str]:
    """A text with its language."""
    return {"@language": "en", "@value": text}
