"""Descriptors are valid by the official Data Package v2 profiles; every released archive can be read."""

import json
import zipfile

import pytest
from conftest import ROOT
from jsonschema import Draft7Validator

from scripts.versions.snapshots import releases, zip_state

PROFILES = ROOT.parent / "shared" / "standards"
PROFILE_OF = {
    "datapackage": lambda package: [package],
    "dataresource": lambda package: package["resources"],
    "tableschema": lambda package: [resource["schema"] for resource in package["resources"]],
    "tabledialect": lambda package: [resource["dialect"] for resource in package["resources"]],
}
needs_profiles = pytest.mark.skipif(not PROFILES.is_dir(), reason="the official profiles are not at hand")


def departures(profile, package):
    validator = Draft7Validator(json.loads((PROFILES / f"{profile}.json").read_text("utf-8")))
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for part in PROFILE_OF[profile](package)
        for error in validator.iter_errors(part)
    ]


@needs_profiles
@pytest.mark.parametrize("profile", PROFILE_OF)
def test_descriptor_is_valid_by_the_official_profile(profile):
    assert departures(profile, json.loads((ROOT / "datapackage.json").read_text("utf-8"))) == []


@needs_profiles
@pytest.mark.parametrize("profile", PROFILE_OF)
def test_released_descriptor_is_valid_by_the_official_profile(profile, unzipped):
    assert departures(profile, json.loads((unzipped / "datapackage.json").read_text("utf-8"))) == []


@needs_profiles
def test_official_profiles_find_what_is_wrong():
    package = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    package["resources"][0]["schema"]["fields"][0]["example"] = 1
    assert departures("tableschema", package) != []


@pytest.mark.parametrize("version", releases(ROOT))
def test_archive_of_every_version_is_read_whatever_it_departs_from(version):
    path = ROOT / "releases" / f"{version}.zip"
    with zipfile.ZipFile(path) as archive:
        listed = [name for name in archive.namelist() if name.startswith("data/")]
    state = zip_state(path)
    assert (state.version, len(state.rows)) == (version, len(listed))
