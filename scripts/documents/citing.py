"""How to cite the package, in one wording: as a sentence, BibTeX, CITATION.cff and Zenodo's deposit metadata.

All of it is read from the descriptor. What does not exist (a DOI, an address of the project) is left out.
"""

from copy import deepcopy
from typing import Any

import yaml

Descriptor = dict[str, Any]


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
    address = f" {descriptor['homepage']}" if "homepage" in descriptor else ""
    return f"{who} ({day(descriptor)[:4]}). {title} (version {version}) [Data package].{address}"


def bibtex(descriptor: Descriptor) -> str:
    """The same for BibTeX; names in braces are not split into first and last."""
    entry = {
        "author": " and ".join(f"{{{name}}}" for name in authors(descriptor)),
        "title": f"{{{descriptor['title']}}}",
        "year": day(descriptor)[:4],
        "version": descriptor["version"],
        "publisher": f"{{{authors(descriptor)[0]}}}",
        "note": "Data package",
    }
    if "homepage" in descriptor:
        entry["url"] = descriptor["homepage"]
    lines = [f"  {name} = {{{value}}},\n" for name, value in entry.items()]
    return f"@misc{{{descriptor['name']}-{descriptor['version']},\n{''.join(lines)}}}\n"


def citation(descriptor: Descriptor) -> str:
    """CITATION.cff, Citation File Format 1.2.0; its preferred citation alone has room for a publisher."""
    entry = {
        "title": descriptor["title"],
        "authors": [{"name": name} for name in authors(descriptor)],
        "version": descriptor["version"],
        "date-released": day(descriptor),
    }
    if "homepage" in descriptor:
        entry |= {"url": descriptor["homepage"], "repository": descriptor["homepage"]}
    whole = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them with their version.",
        "type": "dataset",
        "abstract": descriptor["description"],
        **entry,
        "license": descriptor["licenses"][0]["name"],
        "keywords": descriptor["keywords"],
        "preferred-citation": {
            "type": "data",
            **deepcopy(entry),  # the same object twice would be an alias in YAML
            "year": int(day(descriptor)[:4]),
            "publisher": {"name": authors(descriptor)[0]},
        },
    }
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110)


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
