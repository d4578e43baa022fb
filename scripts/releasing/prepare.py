"""What a release changes in the repository: version, day, and documents that count rows and show answers."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from schemas.contract import Package, first_sentence
from schemas.vocabulary import UNRELEASED
from scripts.build import DATABASE
from scripts.checking.validator import Report
from scripts.documents.catalogues import dcat
from scripts.documents.citing import citation, cite_as, zenodo
from scripts.documents.coverage import coverage
from scripts.documents.markdown import markdown
from scripts.releasing.archive import as_json
from scripts.versions.changes import changes
from scripts.versions.snapshots import CORRECTIONS, State, canonical, folder_state, last_release

Texts = dict[Path, str]
TABLES = re.compile(r"(<!-- tables -->\n).*?(<!-- /tables -->)", re.S)
CITED = re.compile(r"(<!-- citation -->\n).*?(<!-- /citation -->)", re.S)
PROJECT_VERSION = re.compile(r'^version = ".*"$', re.M)


def versioned(package: Package, day: str) -> Texts:
    """The descriptor, the changelog and the corrections of the release of a day.

    Its version is that which the changes since the last one make; the first has that of the package.
    """
    folder, state = package.folder, folder_state(package.folder)
    between = changes(last_release(folder), state)
    version = between.version if between.before else between.after
    descriptor = (folder / package.file).read_text("utf-8")
    for name, value in (("version", version), ("created", f"{day}T00:00:00Z")):
        descriptor = re.sub(rf'("{name}": )"[^"]*"', rf'\g<1>"{value}"', descriptor, count=1)
    texts = {folder / package.file: descriptor}
    if state.changelog:
        texts[folder / "CHANGELOG.md"] = headed(state.changelog, version, day)
    texts[folder / package.table(CORRECTIONS).path] = corrections(state, version)
    return texts


def headed(changelog: str, version: str, day: str) -> str:
    """A changelog with the dated heading of a version, in place of one without a day if there is one."""
    heading = f"## {version} ({day})"
    open_heading = rf"^## (?:unreleased|\d+\.\d+\.\d+ \(unreleased\)|{re.escape(version)}\b.*)$"
    text, replaced = re.subn(open_heading, heading, changelog, count=1, flags=re.M | re.I)
    if replaced:
        return text
    line = "- Changed values and added rows, as the notes of the release list them."
    return re.sub(r"^(?=## )|\Z", f"{heading}\n\n{line}\n\n", changelog, count=1, flags=re.M)


def corrections(state: State, version: str) -> str:
    """The corrections, those that were unreleased now of a version, in their keys as well."""
    rows = state.rows[CORRECTIONS].values()
    for row in rows:
        if row["version"] == UNRELEASED:
            key = row["correction_id"].removeprefix(UNRELEASED)
            row.update(version=version, correction_id=version.replace(".", "-") + key)
    return canonical(state.tables[CORRECTIONS], rows).decode()


def documents(report: Report, released: Path) -> Texts:
    """The documents that speak of the release whose files lie in the folder `released`."""
    descriptor, folder = report.package.descriptor, report.package.folder
    made = {
        "docs/coverage.md": coverage(report.package, released / f"{DATABASE}.db"),
        "CITATION.cff": citation(descriptor),
        ".zenodo.json": as_json(zenodo(descriptor)),
        "catalogue/dcat.jsonld": as_json(dcat(descriptor)),
    }
    for name in ("README.md", "docs/examples.md", "pyproject.toml"):  # of which people write the rest
        if (folder / name).is_file():
            text = (folder / name).read_text("utf-8")
            text = TABLES.sub(lambda match: f"{match[1]}{tables(report)}{match[2]}", text)
            text = CITED.sub(lambda match: f"{match[1]}{cite_as(descriptor)}\n{match[2]}", text)
            text = PROJECT_VERSION.sub(f'version = "{descriptor["version"]}"', text, count=1)
            made[name] = with_answers(text, released)
    return {folder / name: text for name, text in made.items()}


def tables(report: Report) -> str:
    """The tables at a glance: what one row is, and how many there are."""
    rows = [
        [f"`{table.name}`", f"{first_sentence(table.description)}.", report.rows[table.name]]
        for table in report.package.tables
    ]
    return markdown(["table", "what a row is", "rows"], rows)


ANSWER = re.compile(r"(```sql\n(.*?)```\n\n<!-- answer -->\n).*?(<!-- /answer -->)", re.S)
OUTPUT = re.compile(r"(```(python|r)\n(.*?)```\n\n<!-- output -->\n)(.*?)(<!-- /output -->)", re.S)
PROGRAMS = {"python": [sys.executable, "-"], "r": ["Rscript", "--vanilla", "-"]}
MINUTES = 5  # after which an example is taken to hang


def with_answers(text: str, folder: Path) -> str:
    """A document with the table under each of its SQL questions, and the output under each program."""
    with closing(sqlite3.connect(folder / f"{DATABASE}.db")) as db:
        text = ANSWER.sub(lambda match: f"{match[1]}{answer(db, match[2])}{match[3]}", text)
    return OUTPUT.sub(lambda match: f"{match[1]}{output(match, folder)}{match[5]}", text)


def answer(db: sqlite3.Connection, query: str) -> str:
    """The answer to a question as a table in Markdown."""
    cursor = db.execute(query)
    return markdown([column[0] for column in cursor.description], cursor.fetchall())


def output(match: re.Match[str], folder: Path) -> str:
    """What an example prints, run in the folder; one whose program is not installed keeps its output.

    Raises subprocess.CalledProcessError where it fails.
    """
    command = PROGRAMS[match[2]]
    if not shutil.which(command[0]):
        return match[4]
    environment = os.environ | {"LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    printed = subprocess.check_output(
        command, cwd=folder, input=match[3], encoding="utf-8", timeout=MINUTES * 60, env=environment
    )
    lines = (line.rstrip() for line in printed.splitlines())
    return "```text\n" + "".join(f"{line}\n" for line in lines) + "```\n"
