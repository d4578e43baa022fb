"""CONTRIBUTING.md followed word by word in a fresh clone, the workflows' steps, and the forms."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys

import pytest
import yaml
from conftest import ROOT
from test_add import ENDED, filled

pytestmark = [pytest.mark.slow, pytest.mark.data]
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)
DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
WORKFLOWS = ROOT / ".github" / "workflows"
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))
AUTHOR = ["-c", "user.name=A", "-c", "user.email=a@example.org"]


def steps(name):
    """The commands of a workflow's steps by their names."""
    jobs = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text("utf-8"))["jobs"].values()
    return {step["name"]: step["run"] for job in jobs for step in job["steps"] if "run" in step}


def run(folder, *command, **environment):
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def cloned(folder):
    """A fresh clone of what is or will be committed, with Python's packages installed."""
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
    for command in (["init", "--quiet", "--initial-branch=main"], ["add", "--all"], ["commit", "-qm", "A"]):
        done = run(folder, "git", *AUTHOR, *command)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    return cloned(tmp_path_factory.mktemp("contributor") / "clone")


@pytest.fixture(scope="module")
def followed(clone):
    """Each block of commands of CONTRIBUTING.md, its exit status, its output, and which files it changed."""
    done = []
    for block in SHELL.findall((clone / "CONTRIBUTING.md").read_text("utf-8")):
        ran = run(clone, "bash", "-ec", block)
        changed = run(clone, "git", "status", "--porcelain").stdout
        done.append((block, ran.returncode, ran.stdout + ran.stderr, re.findall(r"^...(.*)$", changed, re.M)))
    return done


def test_every_step_succeeds(followed):
    assert [(block, told) for block, status, told, _ in followed if status] == []


def test_the_steps_change_the_data_and_nothing_else(followed):
    assert {path.split("/")[0] for *_, changed in followed for path in changed} == {"data"}


def test_event_with_a_new_source_changes_two_files(clone):
    """The event of the tests of the command, added to the record itself."""
    options = [text for name, value in ENDED.items() for text in (f"--{name}", value)]
    done = run(clone, ".venv/bin/python", "-m", "scripts.add", "event", *options)
    changed = run(clone, "git", "diff", "--name-only").stdout.split()
    run(clone, "git", "checkout", "--quiet", ".")
    assert (done.returncode, changed) == (0, ["data/pair_events.csv", "data/sources.csv"]), done.stderr


def test_exercise_ends_where_it_began(followed, clone):
    branches = run(clone, "git", "branch", "--format=%(refname:short)").stdout.split()
    assert (followed[-1][3], branches) == ([], ["main"])


def test_two_branches_that_each_add_an_event_merge(clone):
    for branch, tie in (("one", "anchorage magadan"), ("two", "tallahassee krasnodar")):
        given = {
            "tie": tie,
            "event": "reported_inactive",
            "summary": "Nothing.",
            "occurred-on": "2024-05",
            "source": f"https://a.example/{tie[:3]}",
            "source-title": f"News of {tie}",
            "source-publisher": tie,
        }
        options = [text for name, value in given.items() for text in (f"--{name}", value)]
        run(clone, "git", "checkout", "--quiet", "-b", branch, "main")
        done = run(clone, ".venv/bin/python", "-m", "scripts.add", "event", *options)
        assert done.returncode == 0, done.stderr
        run(clone, "git", *AUTHOR, "commit", "--quiet", "--all", "--message", tie)
    merged = run(clone, "git", *AUTHOR, "merge", "--quiet", "one")
    checked = run(clone, ".venv/bin/python", "-m", "scripts.validate")
    run(clone, "git", "checkout", "--quiet", "--force", "main")
    assert (merged.returncode, checked.returncode) == (0, 0), merged.stdout + checked.stdout


def test_the_workflow_annotates_the_line_of_a_problem(clone):
    path = clone / "data" / "places.csv"
    right = path.read_bytes()
    path.write_bytes(right.replace(b",city,", b",town and city,", 1))
    command = steps("test")["Check the data and show problems at their lines"]
    done = run(clone, "bash", "-ec", command, BASE="HEAD")
    path.write_bytes(right)
    line = right[: right.index(b",city,")].count(b"\n") + 1
    assert (done.returncode, f"::error file=data/places.csv,line={line}," in done.stdout) == (1, True)


def test_the_workflow_runs_every_test_on_every_python_from_the_oldest_on():
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"))[1]
    job = yaml.safe_load((WORKFLOWS / "test.yml").read_text("utf-8"))["jobs"]["test"]
    versions = job["strategy"]["matrix"]["python"]
    assert (steps("test")["Run every test"], versions[0], len(versions)) == (".ci/run", oldest, 4)


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """The steps of the workflow run on an accepted form: what came of each, the clone, and the files."""
    folder = tmp_path_factory.mktemp("accepted")
    clone = cloned(folder / "clone")
    run(folder, "git", "init", "--quiet", "--bare", "origin")
    run(clone, "git", "remote", "add", "origin", str(folder / "origin"))
    text = filled("event", {name.replace("-", "_"): value for name, value in ENDED.items()})
    text = text.replace("The council ended the tie.", "The council ended it; $(touch hacked) `touch hacked`.")
    (folder / "event.json").write_text(json.dumps({"issue": {"body": text, "number": 7}}), "utf-8")
    (folder / "bin").mkdir()
    (folder / "bin" / "gh").write_text(f'#!/bin/sh\necho "$@" >> {folder}/gh.txt\n')
    (folder / "bin" / "gh").chmod(stat.S_IRWXU)
    environment = {
        "GITHUB_EVENT_PATH": str(folder / "event.json"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "RUNNER_TEMP": str(folder),
        "KIND": "event",
        "NUMBER": "7",
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
    }
    done = {
        name: run(clone, "bash", "-ec", command, **environment) for name, command in steps("accepted").items()
    }
    return done, clone, folder


@pytest.mark.skipif(not shutil.which("jq"), reason="no jq on this machine; the runners of GitHub have it")
def test_accepted_issue_becomes_a_pull_request(accepted):
    done, clone, folder = accepted
    assert {name: one.stdout + one.stderr for name, one in done.items() if one.returncode} == {}
    said = (folder / "body.md").read_text("utf-8")
    changed = run(clone, "git", "diff", "--name-only", "main", "issue-7").stdout.split()
    assert (changed, "all is well" in said, "pr create" in (folder / "gh.txt").read_text("utf-8")) == (
        ["data/pair_events.csv", "data/sources.csv"], True, True,
    )  # fmt: skip


@pytest.mark.skipif(not shutil.which("jq"), reason="no jq on this machine; the runners of GitHub have it")
def test_text_of_an_issue_is_never_run(accepted):
    assert list(accepted[2].rglob("hacked")) == []


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(path):
    used = re.findall(r"uses: (\S+)", path.read_text("utf-8"))
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)] == []


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


@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".github/workflows/test.yml"])
def test_make_target_that_a_machine_runs_exists(name):
    targets = re.findall(r"make ([a-z]+)$", (ROOT / name).read_text("utf-8"), re.M)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert [target for target in targets if not re.search(rf"^{target}: ", makefile, re.M)] == []
