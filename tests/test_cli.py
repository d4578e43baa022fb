"""Every command: its help, its exit status, and one sentence for whatever fails."""

import subprocess
import sys
from importlib import import_module

import pytest
from conftest import ROOT

from schemas.problems import CannotRunError
from scripts.cli import command

COMMANDS = sorted(
    path.stem for path in (ROOT / "scripts").glob("*.py") if "\n@command(" in path.read_text("utf-8")
)
BUG = "error: this command has a bug"


def failing(error):
    @command()
    def main(options):
        raise error

    return main


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_the_docstring_and_says_the_exit_status(name, capsys):
    module = import_module(f"scripts.{name}")
    with pytest.raises(SystemExit) as ended:
        module.main(["--help"])
    out = capsys.readouterr().out
    assert ended.value.code == 0 and f"python -m scripts.{name}" in out and "Exit status:" in out


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CannotRunError("there is no file"), "error: there is no file\n"),
        (FileNotFoundError(2, "No such file", "x"), "error: [Errno 2] No such file: 'x'\n"),
        (KeyError("XX"), "error: this command has a bug (KeyError: 'XX'); --debug shows where\n"),
        (
            ValueError("two\nlines"),
            "error: this command has a bug (ValueError: two lines); --debug shows where\n",
        ),
    ],
)
def test_failure_is_one_sentence_and_status_2(error, said, capsys):
    assert (failing(error)([]), capsys.readouterr().err) == (2, said)


def test_debug_shows_where_a_failure_comes_from():
    with pytest.raises(KeyError):
        failing(KeyError("XX"))(["--debug"])


def test_command_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "scripts.validate", "--rules"], cwd=ROOT, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")
