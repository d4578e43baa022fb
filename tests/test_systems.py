"""What holds on every system: a clone has the same bytes on Windows, and nothing in the tree is a link."""

import shutil
import subprocess

import pytest
from conftest import ROOT

from scripts.checking.validator import check

ME = ["-c", "user.name=A", "-c", "user.email=a@example.org"]


def git(folder, *arguments):
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def windows_clone(descriptor, attributes):
    """The descriptor of a package cloned as Git for Windows does, which is told of line ends or is not."""
    folder = descriptor.parent
    if attributes:
        shutil.copyfile(ROOT / ".gitattributes", folder / ".gitattributes")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, *ME, "commit", "--quiet", "-m", "A")
    git(
        folder.parent,
        "clone",
        "--quiet",
        "-c",
        "core.autocrlf=true",
        "-c",
        "core.eol=crlf",
        str(folder),
        "clone",
    )
    return folder.parent / "clone" / descriptor.name


@pytest.mark.parametrize(("attributes", "rules"), [(True, set()), (False, {"line-ends"})])
def test_clone_on_windows_is_valid_by_its_attributes(tiny, attributes, rules):
    problems = check(windows_clone(tiny, attributes)).problems
    assert {problem.rule for problem in problems} == rules


def test_every_text_of_the_tree_is_known_as_such():
    listed = git(ROOT, "ls-files", "--eol").splitlines()
    strange = [line for line in listed if "attr/-text" in line and not line.startswith("i/-text")]
    assert [line for line in listed if line.startswith(("i/crlf", "i/mixed"))] + strange == []


def test_nothing_in_the_tree_is_a_link():
    assert [line for line in git(ROOT, "ls-files", "--stage").splitlines() if line.startswith("120000")] == []
