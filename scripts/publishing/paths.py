"""Where the pages of the site lie as files, and how one leads to another. Nothing here reads or writes."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from datasette.utils import tilde_decode

ORIGIN = "http://localhost"  # of the addresses that Datasette writes where nobody serves it
# What other sites are told of a page needs whole addresses.
WHOLE = r'<link rel="canonical" href|<meta (?:property="og:(?:url|image)"|name="twitter:image") content'
TOLD = re.compile(rf'\s*(?:{WHOLE})="[^"]*">')
LINK = re.compile(rf'({WHOLE}|\b(?:href|src|action))="([^"]*)"')
ABSOLUTE = re.compile(rf"{ORIGIN}(/[^\s\"'<>\\]*)")
OWN_JSON = re.compile(r'\s*<link rel="alternate" type="application/json\+datasette"[^>]*>')
# Parameters that say how rows are written, not which.
SHAPES = {"_stream", "_shape", "_size", "_labels", "_nl", "_dl", "_header", "_nofacet", "_nocount"}
DETAILED = ("pairs", "places", "sources", "statements", "laws")  # tables whose rows have pages
NOT_WHOLE = ("cell_history", "cell_values", "evidence", "own_sources")  # no files: they repeat the others
KEPT = ("/static/", "/v/", "/SHA256SUMS")  # what is a file, or a folder of files, as it is


@dataclass
class Addresses:
    """The addresses of one site. `home` is the address of its first page, with a slash at the end."""

    database: str
    home: str
    keys: Mapping[str, Sequence[str]]  # the columns of each table's key
    linked: set[str] = field(default_factory=set)  # the paths of all that was linked

    def moved(self, url: str) -> str:
        """Where what Datasette has at a path is: pages are folders, data are files, filters stay filters."""
        parts = urlsplit(url)
        path = parts.path
        if path.startswith(KEPT):
            return url
        first, *names = path.strip("/").split("/")
        name, _, form = (names or [""])[-1].partition(".")
        given = [(key, value) for key, value in parse_qsl(parts.query) if key not in SHAPES]
        if first == self.database and len(names) == 2 and names[0] not in DETAILED:
            keys = map(tilde_decode, name.split(","))
            row = urlencode(dict(zip(self.keys.get(names[0], ()), keys, strict=False)))
            return f"/{first}/{names[0]}/?{row}"
        if form in ("csv", "json") and first == self.database:
            if given:
                return self.moved(urlunsplit(("", "", path.removesuffix(f".{form}"), urlencode(given), "")))
            if name in NOT_WHOLE:
                return f"/{first}/?{urlencode({'sql': f'select * from {name}'})}"
        if "." in path.rpartition("/")[2]:
            return path
        return urlunsplit(SplitResult("", "", f"{path.rstrip('/')}/", parts.query, parts.fragment))

    def lead(self, url: str, up: str) -> str:
        """An address of Datasette's as one among the files; `up` leads to the first page. Others stay."""
        url = url.removeprefix(ORIGIN) if url.startswith(f"{ORIGIN}/") else url
        if not url.startswith("/") or url.startswith("//"):
            return url
        target = self.moved(url)
        self.linked.add(urlsplit(target).path)
        return up + target[1:] or "./"

    def page(self, text: str, up: str) -> str:
        """A page of Datasette's with its links as they are among the files.

        Where nobody said at which address they will lie, the page does not tell of one.
        """
        text = OWN_JSON.sub("", text)
        if self.home == "/":
            text = TOLD.sub("", text)

        def as_file(link: re.Match[str]) -> str:
            name, value = link.groups()
            url = self.lead(html.unescape(value), self.home if name.startswith("<") else up)
            return f'{name}="{html.escape(url)}"'

        return self.text(LINK.sub(as_file, text))

    def text(self, text: str) -> str:
        """A text with the whole addresses in it as they are at home."""
        return ABSOLUTE.sub(lambda address: self.lead(address[1], self.home), text)


def up_from(path: str) -> str:
    """What leads from the page at a path to the first page.

    >>> up_from("/"), up_from("/-/policy/")
    ('', '../../')
    """
    return "../" * (path.count("/") - 1)


def file_of(path: str) -> str:
    """The file that a static server gives for a path.

    >>> file_of("/"), file_of("/-/policy/"), file_of("/-/decisions.atom")
    ('index.html', '-/policy/index.html', '-/decisions.atom')
    """
    return f"{path[1:]}index.html" if path.endswith("/") else path[1:]
