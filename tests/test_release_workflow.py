"""The steps of the workflow that releases, run as far as they go without GitHub, and its rights."""

import json
import os
import re
import subprocess

import pytest
import yaml
from conftest import ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))
JOBS = WORKFLOW["jobs"]
STEPS = {step["name"]: step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step}
MAKEFILE = "release site:\n\tmkdir -p dist public && echo {} > dist/a.zip && echo page > public/index.html\n"
GH = '#!/bin/sh\nprintf "%s\\n" "$@" >> "$RUNNER_TEMP/asked"\n'


@pytest.fixture
def checkout(tmp_path):
    """A clone in which `make release site` takes no time, with the record of its release."""
    folder = tmp_path / "checkout"
    (folder / "releases").mkdir(parents=True)
    (folder / "Makefile").write_text(MAKEFILE.format("one"))
    (folder / "releases" / "1.1.0.zip").write_text("one\n")
    (folder / "datapackage.json").write_text(json.dumps({"version": "1.1.0"}))
    committed(folder)
    return folder


def committed(folder):
    for command in ("init --quiet", "add --all", "-c user.name=A -c user.email=a@b.example commit -qm A"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)


def status(folder, name, **environment):
    """The exit status of a step, run as a runner does."""
    given = {
        "RUNNER_TEMP": str(folder.parent),
        "GITHUB_REF_NAME": "v1.1.0",
        "GITHUB_RUN_ID": "7",
    } | environment
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]]
    done = subprocess.run(command, cwd=folder, env=os.environ | given, check=False, capture_output=True)
    return done.returncode


@pytest.mark.parametrize(("tag", "expected"), [("v1.1.0", 0), ("v1.2.0", 1), ("1.1.0", 1)])
def test_tag_must_be_the_version(checkout, tag, expected):
    name = "Check that the tag is the version of the package and that its archive is recorded"
    assert status(checkout, name, GITHUB_REF_NAME=tag) == expected


def test_version_must_be_recorded(checkout):
    (checkout / "releases" / "1.1.0.zip").unlink()
    name = "Check that the tag is the version of the package and that its archive is recorded"
    assert status(checkout, name) == 1


@pytest.mark.parametrize(("says", "same"), [("one", True), ("$$RANDOM$$$$", False), ("$(CURDIR)", False)])
def test_second_release_must_have_the_same_bytes(checkout, says, same):
    (checkout / "Makefile").write_text("SHELL := /bin/bash\n" + MAKEFILE.format(says))
    committed(checkout)
    made = status(checkout, "Make the release and the site")
    again = status(checkout, "Make both again elsewhere and compare the sums")
    assert (made, again == 0) == (0, same)


@pytest.mark.parametrize(("archive", "expected"), [("one\n", 0), ("two\n", 1)])
def test_archive_must_be_the_recorded_one(checkout, archive, expected):
    (checkout / "dist").mkdir()
    (checkout / "dist" / "a.zip").write_text(archive)
    assert status(checkout, "Compare the archive with the one that is recorded") == expected


def test_every_file_is_attached_and_the_notes_are_the_text(checkout):
    for name in ("RELEASE_NOTES.md", "SHA256SUMS", "a.zip", "parquet/pairs.parquet"):
        (checkout / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / "dist" / name).touch()
    gh = checkout.parent / "gh"
    gh.write_text(GH)
    gh.chmod(0o755)
    path = f"{checkout.parent}:{os.environ['PATH']}"
    done = status(checkout, "Attach its files to the release of the tag", PATH=path)
    asked = (checkout.parent / "asked").read_text().split()
    assert (done, asked[:3], asked[-5:]) == (
        0,
        ["release", "create", "v1.1.0"],
        [
            "--notes-file",
            "dist/RELEASE_NOTES.md",
            "dist/SHA256SUMS",
            "dist/a.zip",
            "dist/parquet/pairs.parquet",
        ],
    )


def test_rights_are_those_that_a_job_needs():
    assert (WORKFLOW["permissions"], {name: job["permissions"] for name, job in JOBS.items()}) == (
        {},
        {
            "make": {"contents": "read"},
            "attach": {"actions": "read", "contents": "write"},
            "pages": {"pages": "write", "id-token": "write"},
            "deposit": {"actions": "read", "contents": "read"},
        },
    )


def test_nothing_is_published_that_was_not_made_and_compared():
    needs = {name: job.get("needs") for name, job in JOBS.items()}
    assert needs == {"make": None, "attach": "make", "pages": "attach", "deposit": "attach"}


def test_shell_is_given_no_text_of_others():
    assert [name for name, command in STEPS.items() if "${{" in command] == []


def test_tokens_are_seen_by_the_step_that_uses_them_alone():
    secret = [step["name"] for job in JOBS.values() for step in job["steps"] if "secrets." in str(step)]
    assert secret == ["Deposit it on Zenodo, where a token is set"]


def test_tags_that_start_it_are_versions():
    (pattern,) = WORKFLOW[True]["push"]["tags"]
    assert [bool(re.fullmatch(pattern.replace(".[", r"\.["), tag)) for tag in ("v1.10.0", "v1", "1.1.0")] == [
        True,
        False,
        False,
    ]
