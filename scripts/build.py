"""Build the Datasette directory: database, metadata, settings, templates and plugins.

The package is validated first; nothing is built from data that has problems. The directory is written
beside its place and then renamed, so that a failed build leaves the last one as it was.

Exit status: 0 built, 1 the data has problems, 2 cannot run.
"""

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path

import yaml

from schemas.contract import Package
from scripts.checking.validator import Report
from scripts.cli import PACKAGE, ROOT, Options, command, option, out_option, progress
from scripts.database.describe import merged_metadata, site_description
from scripts.database.load import write_database
from scripts.directories import written_beside
from scripts.documents.markdown import document_pages
from scripts.validate import sound

DATABASE = "sister_cities"
MANIFEST = "build.json"


def day(text: str) -> str:
    """An ISO day of the command line; ValueError where it is none."""
    return date.fromisoformat(text).isoformat()


AS_OF = option(
    "--as-of", type=day, metavar="DAY", help="the day of the data, YYYY-MM-DD (default: that of `created`)"
)


@command(PACKAGE, out_option("build"), AS_OF)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    with progress("building") as step:
        report = sound(options.descriptor, step, "built")
        build(report, options.out, step, options.as_of)
    print(f"built {options.out} with {sum(report.rows.values())} rows")
    return 0


def build(report: Report, out: Path, step: Callable[[str], None], as_of: str | None = None) -> None:
    """Write the directory `out` from a report without problems; `as_of` defaults to the descriptor's day.

    Raises CannotRunError where `out` is something that this program has not written.
    """
    with written_beside(out, MANIFEST) as new:
        day = as_of or report.package.descriptor["created"][:10]
        write_database(report, new / f"{DATABASE}.db", step, day)
        step("describing")
        write_configuration(report.package, new)
        write_manifest(new)


def write_configuration(package: Package, folder: Path) -> None:
    """Everything beside the database that `datasette build/` reads."""
    shutil.copytree(ROOT / "site", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    database = f"{DATABASE}.db"
    with closing(sqlite3.connect(folder / database)) as db:
        written = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
        write_json(folder / "datasette/metadata.json", merged_metadata(package, written, DATABASE, db))
    write_json(folder / "site.json", site_description(package))
    for name, page in document_pages(ROOT):
        (folder / "templates" / name).write_text(page, "utf-8")
    shutil.copyfile(package.folder / package.file, folder / "datapackage.json")


def write_manifest(folder: Path) -> None:
    """List the files of a build with their hashes; a server refuses a build that is not as listed."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    sums = {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths}
    sums.pop(MANIFEST, None)  # of an earlier build
    write_json(folder / MANIFEST, {"database": f"{DATABASE}.db", "files": sums})


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
