"""The notes of a release: what it is, how to cite it, what changed, and beside them which cells."""

import re
from pathlib import Path

from schemas.contract import Package
from schemas.vocabulary import version_of
from scripts.documents.citing import cite_as, day
from scripts.documents.markdown import markdown
from scripts.releasing.figures import derived_changes, derived_of
from scripts.versions.changes import changes
from scripts.versions.report import as_markdown
from scripts.versions.snapshots import folder_state, releases, zip_state

NOTES, CHANGES = "RELEASE_NOTES.md", "CHANGES.md"


def release_notes(package: Package, rows: dict[str, int], released: Path) -> tuple[str, str]:
    """The notes, with the rows of each table, and every change row by row, both as Markdown.

    `released` is the archive of the release. What changed is what differs from the last release before this
    version. The notes are the text of the release, of which GitHub takes 125,000 characters.
    """
    descriptor, state = package.descriptor, folder_state(package.folder)
    earlier = [
        path
        for version, path in releases(package.folder).items()
        if version_of(version) < version_of(state.version)
    ]
    before = zip_state(earlier[-1]) if earlier else None
    between, changed = changes(before, state), ""
    if earlier:
        moved = derived_changes(derived_of(earlier[-1]), derived_of(released), state, between)
        changed = f"## Figures and statuses\n\n{moved}"
    title = f"# {descriptor['title']} {state.version}"
    parts = [
        f"{title}, {day(descriptor)}",
        f"Cite as: {cite_as(descriptor)}",
        section(state.changelog, state.version),
        "## What is in it",
        markdown(["table", "rows"], [[f"`{table}`", count] for table, count in rows.items()]),
        changed,
        "## What changed",
        as_markdown(between, [], each_row=False),
        f"`{CHANGES}` names every row and cell." if earlier else "",
    ]
    notes = "\n\n".join(part.strip() for part in parts if part) + "\n"
    return notes, f"{title}, row by row\n\n{as_markdown(between, [])}"


def section(changelog: str, version: str) -> str:
    """What CHANGELOG.md says of a version, without its heading."""
    text = re.search(rf"^## {re.escape(version)}\b.*?\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    return text[1] if text else ""
