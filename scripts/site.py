"""Write public/, the site as files for any static server, with SQL in the reader's browser.

The package is validated and built; every page is asked from Datasette in this process. Addresses stay as they
are: pages are folders, tables and questions also JSON and CSV files. Where dist/ holds the release of the
same data, its files lie beside the pages; each recorded release is at /v/VERSION/. The same input gives the
same bytes. The directory is written beside its place and then renamed.

Exit status: 0 written, 1 the data has problems, 2 cannot run.
"""

import asyncio
import gzip
import shutil
import sys
from filecmp import cmp
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from datasette.app import Datasette
from datasette.database import Database

from schemas.problems import CannotRunError
from scripts.build import AS_OF, DATABASE, build
from scripts.checking.validator import Progress
from scripts.cli import PACKAGE, ROOT, Options, command, option, out_option, progress
from scripts.directories import written_beside
from scripts.publishing.frozen_pages import DESCRIPTION, write_description, write_pages, write_successors
from scripts.publishing.paths import Addresses
from scripts.publishing.version import write_version
from scripts.release import SUMS
from scripts.validate import sound
from scripts.versions.snapshots import releases

Json = dict[str, Any]
UNHURRIED = {"sql_time_limit_ms": 600_000, "facet_time_limit_ms": 600_000}  # what is slow is whole


@command(
    PACKAGE,
    out_option("public"),
    AS_OF,
    option("--dist", type=Path, default=ROOT / "dist", help="the release (default: dist)"),
    option("--prefix", metavar="ADDRESS", help="where the site will lie (default: its homepage)"),
)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    with progress("publishing") as step:
        report = sound(options.descriptor, step, "published")
        with TemporaryDirectory() as folder, written_beside(options.out, DESCRIPTION) as new:
            built = Path(folder) / "build"
            build(report, built, step, options.as_of)
            files = copy_release(options.dist, built, new)
            package = report.package
            versions = releases(package.folder)
            if (archive := new / f"{package.name}-{package.version}.zip").exists():
                versions |= {package.version: archive}  # which is not recorded yet on its first day
            for version, archive in versions.items():
                step(f"version {version}")
                write_version(archive, new / "v" / version)
            home = options.prefix or package.descriptor.get("homepage", "/")
            asyncio.run(publish(built, new, home, {"files": files, "versions": list(versions)}, step))
    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file())
    print(f"published {options.out}, {size / 1e6:.0f} MB")
    return 0


def copy_release(dist: Path, built: Path, out: Path) -> list[str]:
    """Put the release beside the pages, if there is one; returns the names of its files.

    Raises CannotRunError where the release is of other data.
    """
    if not (dist / SUMS).exists():
        return []
    if not cmp(built / f"{DATABASE}.db", dist / f"{DATABASE}.db", shallow=False):
        raise CannotRunError(f"{dist} holds other data than the site: make release again, or remove it")
    shutil.copytree(dist, out, dirs_exist_ok=True)
    return sorted(path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file())


async def publish(built: Path, out: Path, home: str, released: Json, step: Progress) -> None:
    """Write the site of a build into the directory `out`; raises CannotRunError where a page is missing.

    `home` is the address of the first page, or its path; `released` has files and versions for its list.
    """
    datasette = Datasette([], config_dir=built, cors=True, settings=UNHURRIED)
    await datasette.invoke_startup()
    database = datasette.get_database()
    database.execute = partial(Database.execute, database)  # here, and not where it can be stopped
    datasette.jinja_env.globals["frozen"] = released  # the templates say besides where queries run
    try:
        content = (built / f"{DATABASE}.db").read_bytes()
        (out / f"{DATABASE}.db").write_bytes(content)
        (out / f"{DATABASE}.db.gz").write_bytes(gzip.compress(content, mtime=0))
        shutil.copytree(built / "static", out / "static")
        keys = {name: await database.primary_keys(name) for name in await database.table_names()}
        addresses = Addresses(DATABASE, home.rstrip("/") + "/", keys)
        await write_successors(database, out / DATABASE)
        write_description(datasette, built, addresses, out)
        await write_pages(datasette, addresses, out, step)
    finally:
        await datasette.get_database("_internal").execute_write_fn(lambda connection: connection.close())
        for one in datasette.databases.values():
            one.close()


if __name__ == "__main__":
    sys.exit(main())
