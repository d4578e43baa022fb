"""CONTRIBUTING.md followed word by word in a fresh clone after a release, and the forms that go with it."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from conftest import ROOT

STEPS = re.compile(
    r"^```(?P<kind>sh|csv)(?: (?P<file>\S+))?\n(?P<body>.*?)^```$|(?P<table>^\| file .*?\n\n)", re.M | re.S
)
DEMANDED = re.compile(r"demands (\d+\.\d+\.\d+)")
DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
WORKFLOW = {
    step["name"]: step["run"]
    for step in yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))["jobs"][
        "test"
    ]["steps"]
    if "run" in step
}
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))


def run(folder, *command):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def versioned(folder, version):
    """Write a version as CONTRIBUTING.md says it: in the descriptor, and as a heading of the changelog."""
    told = json.loads((folder / "datapackage.json").read_text("utf-8"))
    change(folder / "datapackage.json", f'"version": "{told["version"]}"', f'"version": "{version}"')
    change(folder / "CHANGELOG.md", "\n## ", f"\n## {version} (2026-11-21)\n\n- What changed.\n\n## ")


def record(folder):
    """Release what is not yet released, so that the steps are the only change."""
    if not list(folder.glob("releases/*.zip")):
        versioned(folder, "1.0.0")
    number = json.loads((folder / "datapackage.json").read_text("utf-8"))["version"]
    if not (folder / "releases" / f"{number}.zip").exists():
        done = run(folder, sys.executable, "-m", "scripts.release")
        assert done.returncode == 0, done.stderr
        (folder / "releases").mkdir(exist_ok=True)
        (archive,) = (folder / "dist").glob("*.zip")
        shutil.copyfile(archive, folder / "releases" / f"{number}.zip")


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A fresh clone of what is or will be committed, after a release, with Python's packages installed."""
    folder = tmp_path_factory.mktemp("contributor") / "clone"
    listed = run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    (folder / ".venv" / "bin").mkdir(parents=True)
    python = folder / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    for stamp in ("run", "dev"):
        (folder / ".venv" / stamp).touch()
    record(folder)
    run(folder, "git", "init", "--quiet")
    run(folder, "git", "add", "--all")
    done = run(
        folder, "git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "A"
    )
    assert done.returncode == 0, done.stderr
    return folder


def told_cell(table):
    """File, key, column and new value as the table of a step says them."""
    return [cell.strip(" `") for cell in table.strip().splitlines()[-1].strip("|").split("|")]


def is_done(folder, step):
    """Whether a step was done in a folder."""
    if step["table"]:
        file, key, column, value = told_cell(step["table"])
        with (folder / file).open(encoding="utf-8", newline="") as text:
            return any(key in row.values() and row[column] == value for row in csv.DictReader(text))
    return step["kind"] == "csv" and any(
        line.startswith(step["body"].split(",")[0] + ",")
        for line in (folder / step["file"]).read_text("utf-8").splitlines()
    )


def edit(folder, table):
    """Change a cell as the table of a step says."""
    file, key, column, value = told_cell(table)
    path = folder / file
    header, *rows = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
    (row,) = [row for row in rows if row[0] == key]
    assert row[header.index(column)] != value
    row[header.index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])  # CR LF and other quotes, as an editor may leave them


def fill_in(folder, told):
    """Meet the demands that `make diff` printed, as CONTRIBUTING.md says."""
    for line in re.findall(r"^    (.*)$", told, re.M):
        with (folder / "data" / "corrections.csv").open("a", encoding="utf-8") as file:
            file.write(line.replace("REASON,SOURCE,NOTE", "better_source,,A later count.") + "\n")
    if demanded := DEMANDED.search(told):
        versioned(folder, demanded[1])


@pytest.fixture(scope="module")
def followed(clone):
    """Each command of CONTRIBUTING.md with its exit status, in order; `make test` is only looked up."""
    statuses, steps = [], list(STEPS.finditer((clone / "CONTRIBUTING.md").read_text("utf-8")))
    if "CI" not in os.environ and any(is_done(clone, step) for step in steps):
        pytest.skip("the exercise of CONTRIBUTING.md is being done in this very folder")
    for step in steps:
        if step["table"]:
            edit(clone, step["table"])
        elif step["kind"] == "csv":
            with (clone / step["file"]).open("a", encoding="utf-8") as file:
                file.write(step["body"])
        else:
            for command in step["body"].splitlines():
                done = run(clone, *command.replace("make test", "make --dry-run test").split())
                statuses.append((command, done.returncode, done.stdout + done.stderr))
                if command == "make diff" and done.returncode:
                    fill_in(clone, done.stdout)
    return statuses


def test_every_step_succeeds_but_the_one_that_says_what_is_missing(followed):
    failed = [(command, told) for command, status, told in followed if status]
    assert [command for command, _ in failed] == ["make diff"], failed


def test_the_steps_ask_for_a_correction_and_a_minor_version(followed):
    (told,) = [told for command, status, told in followed if status]
    assert ("places us-ak-juneau population changed without a correction" in told, "(minor)" in told) == (
        True,
        True,
    )


def test_the_exercise_ends_in_a_validated_change(followed, clone):
    done = run(clone, sys.executable, "-m", "scripts.validate", "--format", "json")
    changed = run(clone, "git", "diff", "--name-only", "--", "data").stdout.split()
    assert (json.loads(done.stdout)["problems"], sorted(changed)) == (
        [],
        [f"data/{name}.csv" for name in ("citations", "corrections", "pair_events", "places", "sources")],
    )


@pytest.mark.parametrize(
    "name", ["Show what changed since the last release", "Show what this pull request changes"]
)
def test_the_workflow_shows_the_change_row_by_row(followed, clone, tmp_path, name):
    summary = tmp_path / "summary.md"
    environment = os.environ | {"GITHUB_STEP_SUMMARY": str(summary), "BASE": "HEAD"}
    done = subprocess.run(["bash", "-e", "-c", WORKFLOW[name]], cwd=clone, env=environment, check=False)
    shown = re.findall(
        r"^\| `us-ak-juneau` \| population \| \d+ \| 31556 \|$", summary.read_text("utf-8"), re.M
    )
    assert (done.returncode, len(shown)) == (0, 1)


def test_the_workflow_annotates_the_line_of_a_problem(clone):
    path = clone / "data" / "places.csv"
    right = path.read_bytes()
    path.write_bytes(right.replace(b",city,", b",town and city,", 1))
    done = run(clone, "bash", "-e", "-c", WORKFLOW["Show problems at their lines"])
    path.write_bytes(right)
    line = right[: right.index(b",city,")].count(b"\n") + 1
    assert (done.returncode, f"::error file=data/places.csv,line={line}," in done.stdout) == (1, True)


def test_the_workflow_runs_the_tests_that_people_run():
    assert (WORKFLOW["Run every test"], (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1]) == (
        ".ci/run",
        "CI=true make test",
    )


@pytest.mark.parametrize("resource", DESCRIPTOR["resources"], ids=lambda resource: resource["name"])
def test_hooks_check_every_table(resource):
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    hooks = {hook["entry"] for hook in repository["hooks"] if re.search(hook["files"], resource["path"])}
    assert hooks == {"make format", "make validate"}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_form_has_what_github_asks_for(path):
    form = yaml.safe_load(path.read_text("utf-8"))
    kinds = {part["type"] for part in form["body"]}
    ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    labels = [part["attributes"]["label"] for part in form["body"] if part["type"] != "markdown"]
    assert (
        {"name", "description", "body"} <= form.keys()
        and kinds <= {"markdown", "input", "textarea", "dropdown", "checkboxes"}
        and len(set(ids)) == len(set(labels)) == len(ids)
    )


def options(form, field):
    (part,) = [
        part
        for part in yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / form).read_text("utf-8"))["body"]
        if part.get("id") == field
    ]
    return part["attributes"]["options"]


def test_form_offers_the_events_of_the_contract():
    (events,) = [resource for resource in DESCRIPTOR["resources"] if resource["name"] == "pair_events"]
    (event,) = [field for field in events["schema"]["fields"] if field["name"] == "event"]
    assert sorted(options("new-event.yml", "event")) == sorted(one["value"] for one in event["categories"])


def test_form_offers_the_tables_of_the_contract():
    names = [resource["name"] for resource in DESCRIPTOR["resources"]]
    assert set(options("data-error.yml", "table")) - {"other"} <= set(names)


@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".github/workflows/test.yml"])
def test_make_target_that_a_machine_runs_exists(name):
    targets = re.findall(r"make ([a-z]+)$", (ROOT / name).read_text("utf-8"), re.M)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert [target for target in targets if not re.search(rf"^{target}: ", makefile, re.M)] == []
