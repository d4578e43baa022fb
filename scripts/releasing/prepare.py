"""What a release changes in the repository: the version and its day wherever they stand, and documents."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import Any

from schemas.contract import Package, first_sentence
from schemas.vocabulary import UNRELEASED
from scripts.build import DATABASE
from scripts.checking.validator import Report
from scripts.documents.catalogues import dcat, schema_org
from scripts.documents.citing import citation, cite_as, zenodo
from scripts.documents.coverage import coverage
from scripts.documents.examples import with_answers
from scripts.documents.markdown import markdown
from scripts.versions.changes import changes, next_version
from scripts.versions.requirements import HEADING
from scripts.versions.snapshots import CORRECTIONS, canonical, folder_state, last_release

Texts = dict[Path, str]
TABLES = re.compile(r"(<!-- tables -->\n).*?(<!-- /tables -->)", re.S)
CITED = re.compile(r"(<!-- citation -->\n).*?(<!-- /citation -->)", re.S)
PROJECT_VERSION = re.compile(r'^version = ".*"$', re.M)
OPEN_HEADING = re.compile(r"^## (?:unreleased|\d+\.\d+\.\d+ \(unreleased\))$", re.M | re.I)


def following_version(folder: Path) -> str:
    """The version that the changes since the last release make; the package's own before the first one."""
    before, after = last_release(folder), folder_state(folder)
    return next_version(before.version, changes(before, after).bump) if before else after.version


def versioned(package: Package, version: str, day: str) -> Texts:
    """The descriptor, the changelog and the corrections of the release of a day."""
    folder = package.folder
    descriptor = (folder / package.file).read_text("utf-8")
    for name, value in (("version", version), ("created", f"{day}T00:00:00Z")):
        descriptor = re.sub(rf'("{name}": )"[^"]*"', rf'\g<1>"{value}"', descriptor, count=1)
    texts = {folder / package.file: descriptor}
    if (folder / "CHANGELOG.md").is_file():
        changelog = headed((folder / "CHANGELOG.md").read_text("utf-8"), version, day)
        texts[folder / "CHANGELOG.md"] = counted(changelog, version, folder)
    texts[folder / package.table(CORRECTIONS).path] = corrections(folder, version)
    return texts


def counted(changelog: str, version: str, folder: Path) -> str:
    """A changelog whose line on what the record holds, if the version has one, counts the rows."""
    rows = folder_state(folder).rows
    told = [f"{len(rows[table])} {table.replace('_', ' ')}" for table in rows if table != CORRECTIONS]
    line = fill(f"- The record now holds {', '.join(told[:-1])} and {told[-1]}.", 106, subsequent_indent="  ")
    old = rf"(^## {re.escape(version)} (?:(?!^## ).)*?)^- The record now holds [^.]*\."
    return re.sub(old, rf"\g<1>{line}", changelog, flags=re.M | re.S)


def headed(changelog: str, version: str, day: str) -> str:
    """A changelog that begins with the dated heading of a version, in place of one for what is unreleased."""
    heading = f"## {version} ({day})"
    if OPEN_HEADING.search(changelog):
        return OPEN_HEADING.sub(heading, changelog, count=1)
    first = HEADING.search(changelog)
    if first is not None and first[1] == version:
        return re.sub(r"^## .*$", heading, changelog, count=1, flags=re.M)
    at = first.start() if first else len(changelog)
    line = "- Changed values and added rows, as the notes of the release list them."
    return f"{changelog[:at]}{heading}\n\n{line}\n\n{changelog[at:]}"


def corrections(folder: Path, version: str) -> str:
    """The corrections, those that were unreleased now of a version, in their keys as well."""
    state = folder_state(folder)
    rows = []
    for row in state.rows[CORRECTIONS].values():
        if row["version"] == UNRELEASED:
            key = row["correction_id"].removeprefix(UNRELEASED)
            row = row | {"version": version, "correction_id": version.replace(".", "-") + key}
        rows.append(row)
    return canonical(state.tables[CORRECTIONS], rows).decode()


def documents(report: Report, released: Path) -> Texts:
    """The documents that speak of the release whose files lie in the folder `released`."""
    descriptor, folder = report.package.descriptor, report.package.folder
    made = {
        "docs/coverage.md": coverage(report, released / f"{DATABASE}.db"),
        "CITATION.cff": citation(descriptor),
        ".zenodo.json": as_json(zenodo(descriptor)),
        "catalogue/schema-org.jsonld": as_json(schema_org(descriptor)),
        "catalogue/dcat.jsonld": as_json(dcat(descriptor)),
    }
    return {folder / name: text for name, text in [*made.items(), *rewritten(report, released)]}


def rewritten(report: Report, released: Path) -> Iterator[tuple[str, str]]:
    """The files that people write and that have counts, answers or the version in them."""
    descriptor, folder = report.package.descriptor, report.package.folder
    for name in ("README.md", "docs/examples.md", "pyproject.toml"):
        if (folder / name).is_file():
            text = (folder / name).read_text("utf-8")
            text = TABLES.sub(lambda match: f"{match[1]}{tables(report)}{match[2]}", text)
            text = CITED.sub(lambda match: f"{match[1]}{cite_as(descriptor)}\n{match[2]}", text)
            version = f'version = "{descriptor["version"]}"'
            text = PROJECT_VERSION.sub(version, text, count=1) if name == "pyproject.toml" else text
            yield name, with_answers(text, released)


def as_json(value: Any) -> str:
    """A value as JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def tables(report: Report) -> str:
    """The tables at a glance: what one row is, and how many there are."""
    return markdown(
        ["table", "what a row is", "rows"],
        [
            [f"`{table.name}`", f"{first_sentence(table.description)}.", report.rows[table.name]]
            for table in report.package.tables
        ],
    )


def written(texts: Texts) -> list[Path]:
    """Write the texts that are not so yet; returns their paths."""
    stale = [path for path, text in texts.items() if not path.is_file() or path.read_text("utf-8") != text]
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], "utf-8")
    return stale
