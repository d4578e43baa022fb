"""The documentation says what is: generated parts are up to date, commands and links exist."""

import os
import re
import shutil

import pytest
from conftest import ROOT

from scripts.docs import main

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
TARGETS = [
    (path, name)
    for path in DOCUMENTS
    for name in re.findall(r"(?:`|^)make ([a-z]+)", path.read_text("utf-8"), re.M)
]
LINKS = [
    (path, link)
    for path in DOCUMENTS
    for link in re.findall(r"\]\(((?!https?:)[^)#]+)\)", path.read_text("utf-8"))
]
MODULES = sorted(
    path.stem
    for path in (ROOT / "scripts").glob("*.py")
    if re.search(r"^def main\(", path.read_text("utf-8"), re.M)
)


def test_generated_parts_are_up_to_date(capsys):
    assert (main(["--check"]), capsys.readouterr().out) == (0, "")


@pytest.mark.skipif("CI" not in os.environ, reason="R examples are run where R is, and always in CI")
def test_r_examples_are_run():
    assert shutil.which("Rscript")


@pytest.mark.parametrize("name", ["README.md", "docs/examples.md"])
def test_every_question_and_program_has_its_answer(name):
    text = (ROOT / name).read_text("utf-8")
    asked = re.findall(r"^```(?:sql|python|r)$", text, re.M)
    answered = re.findall(r"^<!-- (?:answer|output) -->\n(?:\||```text)", text, re.M)
    assert len(asked) == len(answered) > 0


@pytest.mark.parametrize(("path", "name"), TARGETS)
def test_make_target_of_a_document_exists(path, name):
    assert re.search(rf"^{name}: ", MAKEFILE, re.M)


@pytest.mark.parametrize(("path", "link"), LINKS)
def test_link_of_a_document_leads_to_a_file(path, link):
    assert (path.parent / link).exists()


@pytest.mark.parametrize("name", MODULES)
def test_help_of_a_command_is_its_docstring(name, capsys):
    module = __import__(f"scripts.{name}", fromlist=["main"])
    with pytest.raises(SystemExit):
        module.main(["--help"])
    assert module.__doc__.splitlines()[0] in capsys.readouterr().out


def test_readme_opens_with_the_two_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    assert re.search(r"```sh\nmake serve .*\nmake test ", text).start() < 900
