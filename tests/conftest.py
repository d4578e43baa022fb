"""What the tests share: copies of the package to spoil, and one build to ask."""

import csv
import shutil
import zipfile
from pathlib import Path

import pytest
from datasette.app import Datasette
from sister_pages.context import Contract, contract_of

from schemas.contract import package_of
from scripts.build import DATABASE, build
from scripts.checking.check import check
from scripts.database.describe import site_description
from scripts.release import main as release

ROOT = Path(__file__).parents[1]


def rows_of(table: str) -> list[dict[str, str]]:
    """The rows of a shipped file, every cell as text."""
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def copied(package: Path, to: Path) -> Path:
    """A copy of a package with the record of its releases, its descriptor's path."""
    shutil.copytree(package / "data", to / "data")
    if (package / "releases").is_dir():
        shutil.copytree(package / "releases", to / "releases")
    shutil.copyfile(package / "datapackage.json", to / "datapackage.json")
    return to / "datapackage.json"


def site_contract() -> Contract:
    """The contract as the pages of the site have it."""
    return contract_of(site_description(package_of(ROOT / "datapackage.json")))


@pytest.fixture
def shipped(tmp_path):
    """The descriptor of a copy of the shipped package."""
    return copied(ROOT, tmp_path / "shipped")


@pytest.fixture
def tiny(tmp_path):
    """The descriptor of a copy of the tiny package."""
    return copied(ROOT / "tests" / "tiny", tmp_path / "tiny")


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The build directory of the shipped package."""
    out = tmp_path_factory.mktemp("built") / "build"
    build(check(ROOT / "datapackage.json"), out, lambda step: None)
    return out


@pytest.fixture(scope="session")
def database(built):
    """The path of the built database."""
    return built / f"{DATABASE}.db"


async def end(served):
    """Give back what a Datasette holds; its thread for writing to `_internal` would live on."""
    await served.get_database("_internal").execute_write_fn(lambda connection: connection.close())
    served.executor.shutdown()
    for database in served.databases.values():
        database.close()


@pytest.fixture
async def site(built):
    """Datasette over the build directory, as `datasette build/` makes it."""
    served = Datasette([], config_dir=built, cors=True)
    await served.invoke_startup()
    yield served
    await end(served)


@pytest.fixture(scope="session")
def dist(tmp_path_factory):
    """The release of the shipped package."""
    out = tmp_path_factory.mktemp("released") / "dist"
    assert release(["--out", str(out)]) == 0
    return out


@pytest.fixture(scope="session")
def unzipped(dist, tmp_path_factory):
    """The released package, unzipped elsewhere."""
    folder = tmp_path_factory.mktemp("unzipped")
    (path,) = dist.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder
