"""Write dist/, the release: the data package as a zip, SQLite, Parquet, XLSX, GeoJSON, notes and sums.

The package is validated before, and once more as released: unzipped elsewhere, by this validator and by
frictionless; every other format is read back and compared with the CSV files. The directory is written
beside its place and then renamed. The same package gives the same bytes.

With --prepare it writes no directory, but what a release changes in the repository: the version that the
changes make, its day, the versions of corrections, and the documents that count rows and show answers.

Exit status: 0 written, 1 the data or what was released of it has problems, 2 cannot run.
"""

import hashlib
import shutil
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import frictionless

from scripts.build import DATABASE, day
from scripts.checking.validator import Progress, Report
from scripts.cli import PACKAGE, Options, RefusedError, command, option, out_option, progress
from scripts.database.load import write_database
from scripts.directories import written, written_beside
from scripts.releasing.archive import write_package, write_zip
from scripts.releasing.geojson import MAPS, geojson
from scripts.releasing.notes import release_notes
from scripts.releasing.parquet import write_parquet
from scripts.releasing.prepare import documents, versioned
from scripts.releasing.verify import differing
from scripts.releasing.workbook import write_workbook
from scripts.validate import sound

SUMS = "SHA256SUMS"  # its presence tells that a directory was written by this program


@command(
    PACKAGE,
    out_option("dist"),
    option("--prepare", action="store_true", help="write version, day and documents instead"),
    option("--day", type=day, default=date.today().isoformat(), help="its day (default: today)"),
)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    if options.prepare:
        return prepare(options.descriptor, options.day)
    with progress("releasing") as step:
        report = sound(options.descriptor, step, "released")
        with written_beside(options.out, SUMS) as new:
            release(report, new, step)
    print(f"released {report.package.name} {report.package.version} in {options.out}")
    return 0


def prepare(path: Path, day: str) -> int:
    """Write what a release of that day changes beside the data; returns the exit status."""
    with progress("preparing") as step, TemporaryDirectory() as folder:
        package = sound(path, step, "released").package
        wrote = written(versioned(package, day))
        report = sound(path, step, "released")
        release(report, Path(folder), step)
        for archive in Path(folder).glob("*.zip"):
            shutil.unpack_archive(archive, folder)
        wrote += written(documents(report, Path(folder)))
    for file in wrote:
        print(f"wrote {file.relative_to(package.folder)}")
    print(f"prepared version {report.package.version}")
    return 0


def release(report: Report, dist: Path, step: Progress) -> None:
    """Write every file of a release into the empty directory `dist`.

    Raises RefusedError where something that was written is not what was checked.
    """
    package = report.package
    name = f"{package.name}-{package.version}"
    day = package.descriptor["created"][:10]
    write_database(report, dist / f"{DATABASE}.db", step, as_of=day)
    with TemporaryDirectory() as elsewhere:
        step("packing")
        folder, unzipped = Path(elsewhere) / "written", Path(elsewhere) / "unzipped"
        write_package(package, dist / f"{DATABASE}.db", folder)
        write_zip(folder, dist / f"{name}.zip", day)
        shutil.unpack_archive(dist / f"{name}.zip", unzipped)
        released = checked(unzipped / "datapackage.json", step)
        write_formats(released, dist, name, step)
        step("reading it all back")
        wrong = differing(dist, unzipped, name, released.package.tables)
        for file, text in release_notes(package, released.rows, dist / f"{name}.zip").items():
            (dist / file).write_text(text, "utf-8")
    if wrong:
        raise RefusedError(f"these do not hold what the CSV files hold: {', '.join(wrong)}")
    write_sums(dist)


def checked(descriptor: Path, step: Progress) -> Report:
    """The report on the package as released. Raises RefusedError where either validator finds a problem."""
    released = sound(descriptor, step, "released")
    step("asking frictionless")
    try:
        report = frictionless.Package(descriptor).validate()
    except frictionless.FrictionlessException as error:
        raise RefusedError(f"frictionless cannot read it: {error}") from None
    if problems := report.flatten(["title", "rowNumber", "fieldName", "note"]):
        raise RefusedError(f"frictionless finds {problems[0]} and {len(problems) - 1} other problems")
    return released


def write_formats(released: Report, dist: Path, name: str, step: Progress) -> None:
    """Parquet, XLSX and GeoJSON of the released tables."""
    descriptor, frames = released.package.descriptor, released.frames
    (dist / "parquet").mkdir()
    for table in released.package.tables:
        step(f"writing {table.name}.parquet")
        write_parquet(table, frames[table.name], descriptor, dist / "parquet" / f"{table.name}.parquet")
    step("writing the workbook")
    write_workbook(released.package.tables, frames, descriptor, dist / f"{name}.xlsx")
    for mapped, (kind, _) in MAPS.items():
        (dist / f"{name}-{kind}.geojson").write_text(geojson(mapped, frames[mapped], descriptor), "utf-8")


def write_sums(dist: Path) -> None:
    """SHA256SUMS of every file, for `sha256sum --check`."""
    files = {file.relative_to(dist).as_posix(): file for file in sorted(dist.rglob("*")) if file.is_file()}
    sums = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}\n" for name, file in files.items())
    (dist / SUMS).write_text("".join(sums), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
