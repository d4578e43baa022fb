"""Check the package: descriptor, files, cells, columns, keys and rules, all problems in one run.

Exit status: 0 nothing found, 1 problems found, 2 cannot run (no such file, not JSON).
"""

import argparse
import os
import sys
from pathlib import Path, PurePath

from rich.console import Console

from schemas.problems import KINDS
from scripts.checking.report import as_github, as_json, as_text
from scripts.checking.validator import Progress, Report, check
from scripts.cli import DESCRIPTOR, RefusedError, command, package_argument, progress


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument(
        "--format", choices=["text", "github", "json"], default="text", help="how to report (default: text)"
    )
    parser.add_argument(
        "--general",
        action="store_true",
        help="check another package by its descriptor alone, as far as it keeps to our dialect and types",
    )
    parser.add_argument(
        "--rules", action="store_true", help="list every rule and how to fix what breaks it; check nothing"
    )


def sound(descriptor: Path, step: Progress, done: str) -> Report:
    """The report on a package that has no problems. Raises RefusedError with them where it has.

    `done` is what a command therefore did not do.
    """
    report = check(descriptor, step)
    if report.problems:
        raise RefusedError(f"nothing was {done}, because the data has problems", lambda: show(report))
    return report


@command(package_argument, arguments)
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    if options.rules:
        for rule, kind in sorted(KINDS.items()):
            print(f"{rule}\n    {kind.sentence}\n    {kind.fix}")
        return 0
    with progress("checking") as step:
        report = check(options.descriptor, step, general=options.general)
    show(report, options.format, options.descriptor)
    if options.general and any(problem.rule == "descriptor-profile" for problem in report.problems):
        print("note: `frictionless validate` reads packages of every kind", file=sys.stderr)
    return 1 if report.problems else 0


def show(report: Report, form: str = "text", descriptor: Path = DESCRIPTOR) -> None:
    """Print a report in one of its forms."""
    if form == "json":
        print(as_json(report))
    elif form == "github":
        folder = PurePath(os.path.relpath(descriptor.resolve().parent))
        for line in as_github(report, folder):
            print(line)
    else:
        console = Console(soft_wrap=True, highlight=False)
        for text in as_text(report):
            console.print(text)


if __name__ == "__main__":
    sys.exit(main())
