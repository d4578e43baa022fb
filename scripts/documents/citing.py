"""How to cite the package, in one wording: a sentence, BibTeX, RIS, CITATION.cff, Zenodo's deposit metadata.

All of it is read from the descriptor. What does not exist (a DOI, an address of the project) is left out.
"""

import re
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


def repository(descriptor: Descriptor) -> str:
    """The repository whose GitHub Pages `homepage` is; empty for any other site.

    >>> repository({"homepage": "https://example.github.io/ties/"})
    'https://github.com/example/ties'
    """
    pages = re.fullmatch(r"https://([\w-]+)\.github\.io/([\w.-]+)/?", descriptor.get("homepage", ""))
    return f"https://github.com/{pages[1]}/{pages[2]}" if pages else ""


def stays_at(descriptor: Descriptor) -> str:
    """Where this version stays: its pages on the site, else the DOI of all versions, else nowhere."""
    if "homepage" in descriptor:
        return f"{descriptor['homepage'].rstrip('/')}/v/{descriptor['version']}/"
    return str(descriptor.get("id", ""))


def cite_as(descriptor: Descriptor, part: str = "", address: str = "") -> str:
    """The reference to print, by the manual of the APA; that of a part has the part's title and address."""
    who = ", ".join(authors(descriptor))
    whole = f"{descriptor['title']} (version {descriptor['version']}) [Data package]."
    address = address or stays_at(descriptor)
    return f"{who}. ({day(descriptor)[:4]}). {part and f'{part}. In '}{whole} {address}".rstrip()


def bibtex(descriptor: Descriptor, part: str = "", address: str = "", key: str = "") -> str:
    """The same for BibTeX; names in braces are not split into first and last."""
    entry = {
        "author": " and ".join(f"{{{name}}}" for name in authors(descriptor)),
        "title": f"{{{part or descriptor['title']}}}",
        "year": day(descriptor)[:4],
        "version": descriptor["version"],
        "publisher": f"{{{authors(descriptor)[0]}}}",
        "note": f"In {{{descriptor['title']}}}. Data package" if part else "Data package",
        "url": address or stays_at(descriptor),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in entry.items() if value]
    return f"@misc{{{key or descriptor['name']}-{descriptor['version']},\n{''.join(lines)}}}\n"


def ris(descriptor: Descriptor, part: str = "", address: str = "") -> str:
    """The same for reference managers, in the tags of RIS; an author without a comma has one name."""
    entry = [
        ("TY", "DATA"),
        *(("AU", name) for name in authors(descriptor)),
        ("TI", part or descriptor["title"]),
        ("T2", descriptor["title"] if part else None),
        ("PY", day(descriptor)[:4]),
        ("DA", day(descriptor).replace("-", "/")),
        ("ET", descriptor["version"]),
        ("PB", authors(descriptor)[0]),
        ("UR", address or stays_at(descriptor)),
    ]
    return "".join(f"{tag}  - {value}\n" for tag, value in entry if value) + "ER  - \n"


def citations(descriptor: Descriptor) -> dict[str, list[str]]:
    """Each form of the citation of the whole, and of a part with the names that string.Template fills in."""
    part, address, key = "$part", "$address", "$key"
    return {
        "APA": [cite_as(descriptor), cite_as(descriptor, part, address)],
        "BibTeX": [bibtex(descriptor), bibtex(descriptor, part, address, key)],
        "RIS": [ris(descriptor), ris(descriptor, part, address)],
    }


def citation(descriptor: Descriptor) -> str:
    """CITATION.cff, Citation File Format 1.2.0; its preferred citation alone has room for a publisher."""
    entry = {
        "title": descriptor["title"],
        "authors": [{"name": name} for name in authors(descriptor)],
        "version": descriptor["version"],
        "date-released": day(descriptor),
        "url": stays_at(descriptor) if "homepage" in descriptor else "",
        "repository-code": repository(descriptor),
        "doi": descriptor.get("id", "").partition("doi.org/")[2],
    }
    entry = {name: value for name, value in entry.items() if value}
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
