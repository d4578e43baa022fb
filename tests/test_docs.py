"""The documentation says what is: generated parts are up to date, commands and links exist."""

import os
import re
import shutil
import subprocess
import sys

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


READERS = re.findall(r"^```py\n(.*?)```", (ROOT / "docs" / "examples.md").read_text("utf-8"), re.M | re.S)


@pytest.fixture(scope="session")
def downloaded(once, dist, unzipped):
    """A folder with a release and its zip unpacked, as the examples want it."""

    def make(folder):
        shutil.copytree(unzipped, folder / "all")
        shutil.copytree(dist, folder / "all", dirs_exist_ok=True)

    return once("downloaded", make) / "all"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("program", READERS, ids=lambda text: re.search("(?:import|from) (\\w+)", text)[1])
def test_note_on_a_reader_is_right_where_it_is_installed(program, downloaded):
    pytest.importorskip(re.search(r"(?:import|from) (\w+)", program)[1])
    done = subprocess.run([sys.executable, "-c", program], cwd=downloaded, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_r_examples_run(downloaded):
    programs = re.findall(r"^```r\n(.*?)```", (ROOT / "docs" / "examples.md").read_text("utf-8"), re.M | re.S)
    done = subprocess.run(
        ["Rscript", "--vanilla", "-"], input="".join(programs), cwd=downloaded, capture_output=True, text=True
    )
    assert (done.returncode, '[1] "logical"' in done.stdout) == (0, True), done.stderr
