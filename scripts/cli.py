"""What all commands share: where this checkout lies, how they are called, how they fail, what they show.

A command is a module with a function `main` declared by `command`; its docstring is the help.
"""

import argparse
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from schemas.problems import CannotRunError

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTOR = ROOT / "datapackage.json"
Options = argparse.Namespace
Arguments = Callable[[argparse.ArgumentParser], object]  # adds arguments to a parser
Run = Callable[[Options], int]  # runs with the options; returns the exit status


class RefusedError(Exception):
    """What was asked for cannot be done, and nothing was; the message says why (exit status 1).

    `show` prints what stands before the message.
    """

    def __init__(self, message: str, show: Callable[[], object] = lambda: None) -> None:
        super().__init__(message)
        self.show = show


def command(*arguments: Arguments) -> Callable[[Run], Callable[..., int]]:
    """Declare the `main` of a command, which takes a command line (default: sys.argv) and returns its status.

    RefusedError becomes status 1, whatever else fails one sentence and status 2; with --debug that is raised.
    """

    def declare(run: Run) -> Callable[..., int]:
        def main(given: list[str] | None = None) -> int:
            options = parser_of(run, arguments).parse_args(given)
            try:
                return run(options)
            except RefusedError as error:
                error.show()
                print(f"error: {visible(str(error))}", file=sys.stderr)
                return 1
            except Exception as error:
                if options.debug:
                    raise
                print(f"error: {sentence(error)}", file=sys.stderr)
                return 2

        return main

    return declare


def parser_of(run: Run, arguments: tuple[Arguments, ...]) -> argparse.ArgumentParser:
    """The parser of a command: its module's docstring, its arguments, and those that every command has."""
    module, file = inspect.getmodule(run), Path(inspect.getfile(run))
    parser = argparse.ArgumentParser(
        prog=f"python -m {file.parent.name}.{file.stem}",
        description=module.__doc__ if module else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for add in arguments:
        add(parser)
    parser.add_argument("--debug", action="store_true", help="show where an unforeseen failure comes from")
    return parser


def sentence(error: Exception) -> str:
    """An exception in one line; one that no command foresees is called a bug."""
    message = visible(" ".join(str(error).split()))
    if isinstance(error, CannotRunError | OSError):
        return message
    if isinstance(error, MemoryError) or getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
        return f"memory or disk is full {message}".rstrip()
    return f"this command has a bug ({type(error).__name__}: {message}); --debug shows where"


def visible(text: str, but: str = "") -> str:
    """A text with the characters that a terminal would obey or hide written as escapes, `but` for these."""
    return "".join(c if c.isprintable() or c in but else repr(c)[1:-1] for c in text)


def option(*names: str, **how: Any) -> Arguments:
    """An option or argument of a command, declared as argparse has it."""
    return lambda parser: parser.add_argument(*names, **how)


def out_option(default: str, what: str = "the directory to write") -> Arguments:
    """The option of a command that writes a directory; `default` lies in this checkout."""
    return option("--out", type=Path, default=ROOT / default, help=f"{what} (default: {default})")


PACKAGE = option(
    "descriptor", nargs="?", type=Path, default=DESCRIPTOR, help="a datapackage.json (default: ours)"
)


@contextmanager
def progress(task: str) -> Iterator[Callable[[str], None]]:
    """A function that shows the step on the terminal; silent where standard error is none."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    with console.status(task) as status:
        yield lambda step: status.update(f"{task}: {step}")
