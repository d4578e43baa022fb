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
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx  # comes with Datasette

from schemas.problems import CannotRunError
from scripts.cli import PACKAGE, ROOT, Options, command, option
from scripts.documents.citing import zenodo

Answer = dict[str, Any]
MINUTES = 5  # after which a request is given up


@command(
    PACKAGE,
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
    with httpx.Client(
        headers={"Authorization": f"Bearer {token}"}, timeout=MINUTES * 60, follow_redirects=True
    ) as client:
        draft = begun(client, descriptor.get("id"), api)
        for old in draft.get("files", ()):
            ask(client, "DELETE", old["links"]["self"])
        for path in sorted(path for path in dist.rglob("*") if path.is_file()):
            ask(client, "PUT", f"{draft['links']['bucket']}/{quote(path.name)}", content=path.read_bytes())
        ask(client, "PUT", draft["links"]["self"], json={"metadata": zenodo(descriptor)})
        return str(ask(client, "POST", draft["links"]["publish"])["conceptdoi"])


def begun(client: httpx.Client, concept: str | None, api: str) -> Answer:
    """The draft of a new version of what has that DOI, or of a first version."""
    if not concept:
        return ask(client, "POST", f"{api}/deposit/depositions", json={})
    latest = ask(client, "GET", f"{api}/records/{concept.rpartition('.')[2]}")
    copied = ask(client, "POST", f"{api}/deposit/depositions/{latest['id']}/actions/newversion")
    return ask(client, "GET", copied["links"]["latest_draft"])


def ask(client: httpx.Client, method: str, url: str, **content: Any) -> Answer:
    """What the service answers; `content` is what httpx sends: bytes as `content`, else `json`."""
    try:
        answer = client.request(method, url, **content)
    except httpx.HTTPError as error:
        raise CannotRunError(f"{method} {url} fails: {error}") from None
    if answer.is_error:
        raise CannotRunError(f"{method} {url} is answered {answer.status_code}: {answer.text[:1000]}")
    return dict(answer.json()) if answer.content else {}


if __name__ == "__main__":
    sys.exit(main())
