"""Deposit the release in dist/ on Zenodo: all its files, with the metadata of .zenodo.json, and publish it.

The token is taken from ZENODO_TOKEN; without one nothing is deposited. Where the descriptor's `id` is the DOI
that Zenodo gave to all versions of the package, this is a new version there; else it is the first one, whose
DOI for all versions is printed: write it as `id` into datapackage.json. Only that one can stand in the files,
since the DOI of a version exists when its files are published.

Exit status: 0 deposited or no token, 2 cannot run.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from schemas.problems import CannotRunError
from scripts.cli import ROOT, Options, command, option, package_argument
from scripts.documents.citing import zenodo

Answer = dict[str, Any]
MINUTES = 5  # after which a request is given up


@command(
    package_argument,
    option("--dist", type=Path, default=ROOT / "dist", help="the release (default: dist)"),
    option("--api", default="https://zenodo.org/api", help="the service (default: Zenodo)"),
)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    token = os.environ.get("ZENODO_TOKEN")
    if not token:
        print("nothing was deposited, because ZENODO_TOKEN is not set")
        return 0
    descriptor = json.loads(options.descriptor.read_text("utf-8"))
    archive = options.dist / f"{descriptor['name']}-{descriptor['version']}.zip"
    if not archive.is_file():
        raise CannotRunError(f"{archive} is not there: run make release first")
    print(f"deposited as {deposit(descriptor, options.dist, options.api, token)}")
    return 0


def deposit(descriptor: Answer, dist: Path, api: str, token: str) -> str:
    """Publish the files of a release as one version; returns the DOI of all versions.

    Raises CannotRunError with the service's answer where it refuses. A draft that was begun stays there.
    """
    draft = begun(descriptor.get("id"), api, token)
    for old in draft.get("files", ()):
        ask("DELETE", old["links"]["self"], token)
    for path in sorted(path for path in dist.rglob("*") if path.is_file()):
        ask("PUT", f"{draft['links']['bucket']}/{quote(path.name)}", token, path.read_bytes())
    ask("PUT", draft["links"]["self"], token, {"metadata": zenodo(descriptor)})
    published = ask("POST", draft["links"]["publish"], token)
    return str(published["conceptdoi"])


def begun(concept: str | None, api: str, token: str) -> Answer:
    """The draft of a new version of what has that DOI, or of a first version."""
    if not concept:
        return ask("POST", f"{api}/deposit/depositions", token, {})
    latest = ask("GET", f"{api}/records/{concept.rpartition('.')[2]}", token)
    copied = ask("POST", f"{api}/deposit/depositions/{latest['id']}/actions/newversion", token)
    return ask("GET", copied["links"]["latest_draft"], token)


def ask(method: str, url: str, token: str, content: bytes | Answer | None = None) -> Answer:
    """Ask the service and return what it answers; bytes are a file, a dictionary is JSON."""
    kind = "application/octet-stream" if isinstance(content, bytes) else "application/json"
    data = json.dumps(content).encode() if isinstance(content, dict) else content
    headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=MINUTES * 60) as response:
            return dict(json.loads(response.read() or b"{}"))
    except urllib.error.HTTPError as error:
        answer = error.read().decode(errors="replace")[:1000]
        raise CannotRunError(f"{method} {url} is answered {error.code}: {answer}") from None


if __name__ == "__main__":
    sys.exit(main())
