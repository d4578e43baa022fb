"""What the tests share: three packages to ask and to spoil, and what is made of them once a session.

The tiny package is there to be broken, the frozen one to be asked: code is tested on them alone, so that no
test of code depends on what the record holds today. Tests marked `data` are about the record itself.

What keeps all of them quick: no test builds, releases or serves what a fixture here has; a file stays in one
process, so that what it starts is started once; one that starts a server or another program is marked `slow`.
"""

import csv
import fcntl
import json
import os
import re
import shutil
import zipfile
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from datasette.app import Datasette
from sister_pages.columns import Contract, contract_of

from schemas.contract import package_of
from scripts.build import DATABASE, build
from scripts.checking.validator import check
from scripts.database.describe import site_description
from scripts.release import main as release
from scripts.site import main as publish

ROOT = Path(__file__).parents[1]
TINY, FROZEN = ROOT / "tests" / "tiny", ROOT / "tests" / "frozen"
OF_THE_SITE = {"site", "own_site", "record_site", "poisoned_site", "served"}  # fixtures
# For those that ask for an answer: what its time is bounded to are other tests about.
UNHURRIED = {"sql_time_limit_ms": 60_000, "facet_time_limit_ms": 60_000}
# What a machine or a hook of git sets and no test means.
for setting in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
    os.environ.pop(setting, None)
os.environ["no_proxy"] = os.environ["NO_PROXY"] = "127.0.0.1,localhost"
VERSION, CREATED = "1.0.0", "2026-11-22T00:00:00Z"  # of the small packages


def rows_of(table, package=FROZEN):
    """The rows of a table, every cell as text."""
    with (package / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def copied(package, to):
    """A copy of a package with the record of its releases; its descriptor's path."""
    shutil.copytree(package / "data", to / "data")
    if (package / "releases").is_dir():
        shutil.copytree(package / "releases", to / "releases")
    shutil.copyfile(package / "datapackage.json", to / "datapackage.json")
    return to / "datapackage.json"


def site_contract() -> Contract:
    """The contract as the pages of the site have it."""
    return contract_of(site_description(package_of(ROOT / "datapackage.json")))


def composed(tables, to):
    """A package of our contract with other tables; its descriptor's path.

    What the contract has and the tables lack is empty, so that a column added to it costs no row here.
    """
    text = (ROOT / "datapackage.json").read_text("utf-8")
    text = re.sub(r'"version": "[^"]+"', f'"version": "{VERSION}"', text, count=1)
    text = re.sub(r'"created": "[^"]+"', f'"created": "{CREATED}"', text, count=1)
    (to / "data").mkdir(parents=True)
    (to / "datapackage.json").write_text(text, "utf-8")
    for resource in json.loads(text)["resources"]:
        fields = [field["name"] for field in resource["schema"]["fields"]]
        known = (tables / resource["path"]).is_file()
        rows = rows_of(resource["name"], tables) if known else []
        with (to / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return to / "datapackage.json"


def built_of(package, folder):
    """Build a package into a folder."""
    build(check(package / "datapackage.json"), folder / "build", lambda step: None)


def pytest_collection_modifyitems(items):
    """Measure no coverage where code of the site, or of another process, is tested.

    Coverage counts schemas/ and scripts/ alone and in this process, but takes as long again for all else.
    """
    for item in items:
        elsewhere = item.get_closest_marker("browser") or item.get_closest_marker("slow")
        if elsewhere or not OF_THE_SITE.isdisjoint(item.fixturenames):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """A function that has a folder made once for all processes of the session, and returns its path."""
    here = tmp_path_factory.getbasetemp()
    shared = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / "shared"
    shared.mkdir(exist_ok=True)

    def made(name, make):
        folder = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "made").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                (folder / "made").touch()
        return folder

    return made


@pytest.fixture
def shipped(tmp_path):
    """The descriptor of a copy of the record."""
    return copied(ROOT, tmp_path / "shipped")


@pytest.fixture
def tiny(tmp_path):
    """The descriptor of a copy of the tiny package."""
    return composed(TINY, tmp_path / "tiny")


@pytest.fixture
def frozen(tmp_path, package):
    """The descriptor of a copy of the frozen package, which was released."""
    return copied(package, tmp_path / "frozen")


def release_of(tables, folder):
    """Release a package of our contract with other tables into a folder."""
    descriptor = composed(tables, folder / "package")
    assert release([str(descriptor), "--out", str(folder / "dist")]) == 0


@pytest.fixture(scope="session")
def dist(once):
    """The release of the frozen package."""
    return once("release", lambda folder: release_of(FROZEN, folder)) / "dist"


@pytest.fixture(scope="session")
def tiny_dist(once):
    """The release of the tiny package."""
    return once("tiny release", lambda folder: release_of(TINY, folder)) / "dist"


@pytest.fixture(scope="session")
def package(once, dist):
    """The folder of the frozen package, which was released; for reading only."""

    def make(folder):
        composed(FROZEN, folder / "package")
        (folder / "package" / "releases").mkdir()
        (archive,) = dist.glob("*.zip")
        shutil.copyfile(archive, folder / "package" / "releases" / f"{VERSION}.zip")

    return once("frozen", make) / "package"


@pytest.fixture(scope="session")
def unzipped(once, dist):
    """The released package, unzipped elsewhere."""

    def make(folder):
        (path,) = dist.glob("*.zip")
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder / "package")

    return once("unzipped", make) / "package"


@pytest.fixture(scope="session")
def built(once, package):
    """The build directory of the frozen package."""
    return once("built", lambda folder: built_of(package, folder)) / "build"


@pytest.fixture(scope="session")
def public(once, package, dist):
    """The site of the frozen package as files, in a folder named for the prefix."""

    def make(folder):
        command = [str(package / "datapackage.json"), "--out", str(folder / "some" / "where")]
        assert publish([*command, "--dist", str(dist), "--prefix", "/some/where/"]) == 0

    return once("public", make) / "some" / "where"


@pytest.fixture(scope="session")
def database(built):
    """The path of the built database."""
    return built / f"{DATABASE}.db"


@pytest.fixture(scope="session")
def record(once):
    """The build directory of the record."""
    return once("record", lambda folder: built_of(ROOT, folder)) / "build"


async def end(served):
    """Give back what a Datasette holds, its processes too."""
    await served.get_database("_internal").execute_write_fn(lambda connection: connection.close())
    for database in served.databases.values():
        database.close()


@asynccontextmanager
async def opened(build, **settings):
    """Datasette over a build directory, as `datasette build/` makes it, with time for every query."""
    served = Datasette([], config_dir=build, cors=True, settings=UNHURRIED | settings)
    await served.invoke_startup()
    try:
        yield served
    finally:
        await end(served)


@pytest.fixture(scope="session")
async def site(built):
    """Datasette over the build of the frozen package, one for all tests that only ask."""
    async with opened(built) as served:
        yield served


@pytest.fixture
async def own_site(built):
    """Datasette over the build of the frozen package, for a test that changes its settings."""
    async with opened(built) as served:
        yield served


def edited(descriptor, table, changes):
    """Add rows to a table, or change cells of those that are there, by the key in the first column."""
    path = descriptor.parent / "data" / f"{table}.csv"
    rows = rows_of(table, descriptor.parent)
    key = next(iter(rows[0]))
    by_key = {row[key]: row for row in rows}
    for change in changes:
        by_key[change[key]] = dict.fromkeys(rows[0], "") | by_key.get(change[key], {}) | change
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(by_key[each] for each in sorted(by_key))


@pytest.fixture(scope="session")
async def record_site(record):
    """Datasette over the build of the record, one for all tests that only ask."""
    async with opened(record) as served:
        yield served
