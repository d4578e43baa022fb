"""Build the Datasette directory: database, metadata, settings, inspect data, templates and plugins.

The package is validated first; nothing is built from data that has problems. The directory is written
beside its place and then renamed, so that a failed build leaves the last one as it was.

Exit status: 0 built, 1 the data has problems, 2 cannot run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from schemas.contract import Package
from schemas.derived import derived_tables
from scripts.checking.check import Report, check
from scripts.cli import ROOT, command, out_option, package_argument, progress
from scripts.database.load import write_database
from scripts.directories import written_beside
from scripts.validate import show

DATABASE = "sister_cities"
MANIFEST = "build.json"
MADE_BY_US = (MANIFEST, "inspect-data.json")  # either tells that a directory was written by this program


@command(package_argument, out_option("build"))
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    with progress("building") as step:
        report = check(options.descriptor, step)
        if not report.problems:
            build(report, options.out, step)
    if report.problems:
        show(report)
        print("error: nothing was built, because the data has problems", file=sys.stderr)
        return 1
    print(f"built {options.out} with {sum(report.rows.values())} rows")
    return 0


def build(report: Report, out: Path, step: Callable[[str], None]) -> None:
    """Write the directory `out` from a report without problems.

    Raises CannotRunError where `out` is something that this program has not written.
    """
    with written_beside(out, *MADE_BY_US) as new:
        write_database(report, new / f"{DATABASE}.db", step)
        step("describing")
        write_configuration(report.package, new)
        write_manifest(new)


def write_configuration(package: Package, folder: Path) -> None:
    """Everything beside the database that `datasette build/` reads."""
    shutil.copytree(ROOT / "site", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    metadata = merged_metadata(package, yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8")))
    (folder / "metadata.json").write_text(json.dumps(metadata, ensure_ascii=False, indent=1), "utf-8")
    shutil.copyfile(package.folder / package.file, folder / "datapackage.json")


def write_manifest(folder: Path) -> None:
    """List the files of a build with their hashes; a server refuses a build that is not as listed."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    files = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.name != MANIFEST
    }
    manifest = {"database": f"{DATABASE}.db", "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def merged_metadata(package: Package, metadata: dict[str, Any]) -> dict[str, Any]:
    """metadata.yml with what the contract says: titles, licence, descriptions of tables and columns."""
    descriptor = package.descriptor
    licence = descriptor["licenses"][0]
    database = metadata["databases"][DATABASE]
    for part in (metadata, database):
        part.setdefault("title", descriptor["title"])
        part.setdefault("description", descriptor["description"])
        part["license"], part["license_url"] = licence["title"], licence["path"]
    described: dict[str, str] = {}
    for table in (*package.tables, *derived_tables(package.descriptor)):
        shown = database["tables"].setdefault(table.name, {})
        shown["title"], shown["description"] = table.title, table.description
        shown["columns"] = {column.name: column.description for column in table.columns}
        described.update({f"{table.name}.{name}": text for name, text in shown["columns"].items()})
    for shown in database["tables"].values():
        columns = shown.get("columns", {})
        shown["columns"] = {name: described.get(text, text) for name, text in columns.items()}
    return metadata


if __name__ == "__main__":
    sys.exit(main())
