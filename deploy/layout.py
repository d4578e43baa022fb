"""Where the parts of an installation lie, and its configuration files filled in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = re.compile(r"{{(\w+)}}")


@dataclass(frozen=True)
class Layout:
    """One installation; `processes` is how many serve one version."""

    versions: Path
    sockets: Path
    cache: Path
    version_conf: Path
    datasette: Path
    listen: str
    host: str
    processes: int = 2

    def socket(self, version: str, number: int) -> Path:
        """Where a process of a version listens."""
        return self.sockets / f"{version}-{number}.sock"

    def numbers(self) -> range:
        """The processes of a version, from 1."""
        return range(1, self.processes + 1)


def filled(template: str, **values: object) -> str:
    """A template with its places filled; KeyError where one has no value, ValueError for values not used."""
    text = (HERE / template).read_text("utf-8")
    unused = values.keys() - set(PLACE.findall(text))
    if unused:
        raise ValueError(f"{template} has no place for {', '.join(sorted(unused))}")
    return PLACE.sub(lambda place: str(values[place[1]]), text)


def site_conf(layout: Layout) -> str:
    """The site, for nginx."""
    return filled(
        "site.conf",
        version_conf=layout.version_conf,
        cache=layout.cache,
        listen=layout.listen,
        host=layout.host,
    )


def version_conf(layout: Layout, version: str) -> str:
    """The version served, for nginx; a dead process costs one refused connection."""
    servers = [f"server unix:{layout.socket(version, number)} max_fails=0;" for number in layout.numbers()]
    return filled("version.conf", version=version, servers="\n    ".join(servers))


def service(layout: Layout, number: int) -> str:
    """A process, for systemd."""
    return filled(
        "process.service",
        number=number,
        datasette=layout.datasette,
        versions=layout.versions,
        sockets=layout.sockets,
    )


def fingerprint(build: Path) -> str:
    """The version that a build directory is: a hash of every file in it, the database first of all.

    Raises FileNotFoundError where `build` holds no build.
    """
    if not (build / "inspect-data.json").exists():
        raise FileNotFoundError(f"{build} is no build directory: it has no inspect-data.json")
    sum_of_all = hashlib.sha256()
    for path in sorted(path for path in build.rglob("*") if path.is_file()):
        if "__pycache__" not in path.parts:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            sum_of_all.update(f"{content} {path.relative_to(build).as_posix()}\n".encode())
    return sum_of_all.hexdigest()[:16]
