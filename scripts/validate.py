"""Check the package: descriptor, files, cells, columns, keys and rules, all problems in one run.

Exit status: 0 nothing found, 1 problems found, 2 cannot run (no such file, not JSON).
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path, PurePath

from rich.console import Console
from rich.text import Text

from schemas.problems import KINDS, Problem
from scripts.checking.validator import Progress, Report, check
from scripts.cli import DESCRIPTOR, PACKAGE, Options, RefusedError, command, option, progress, visible

FOLD = 50  # problems of one rule in one file that are printed as text before the rest is counted


def sound(descriptor: Path, step: Progress, done: str) -> Report:
    """The report on a package that has no problems. Raises RefusedError with them where it has.

    `done` is what a command therefore did not do.
    """
    report = check(descriptor, step)
    if report.problems:
        raise RefusedError(f"nothing was {done}, because the data has problems", lambda: show(report))
    return report


@command(
    PACKAGE,
    option(
        "--format", choices=["text", "github", "json"], default="text", help="how to report (default: text)"
    ),
    option(
        "--general", action="store_true", help="check another package of our dialect by its descriptor alone"
    ),
    option("--rules", action="store_true", help="list every rule and its fix; check nothing"),
)
def main(options: Options) -> int:
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
    """Print a report: as text for a person, as annotations for a pull request, as JSON for a program."""
    if form == "json":
        said = {"package": report.package.name, "version": report.package.version, "tables": report.rows}
        print(json.dumps(said | {"problems": list(map(asdict, report.problems))}, ensure_ascii=False))
    elif form == "github":
        for problem in report.problems:
            print(annotation(problem, os.path.relpath(descriptor.resolve().parent)))
    else:
        console = Console(soft_wrap=True, highlight=False)
        for text in as_text(report):
            console.print(text)


def annotation(problem: Problem, folder: str) -> str:
    """A workflow command that annotates a pull request; `folder` leads from the repository's root.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    line = "" if problem.line is None else f",line={problem.line}"
    place = f"file={escaped(str(PurePath(folder, problem.file)), ':,')}{line}"
    return f"::error {place},title={escaped(problem.rule, ':,')}::{escaped(problem.told)}"


def escaped(text: str, also: str = "") -> str:
    """A text as the value of a workflow command, whose own signs are percent-encoded."""
    for sign in "%\r\n" + also:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def as_text(report: Report) -> Iterator[Text]:
    """A person's report: problems by file, then in one line what was checked and how much was found."""
    for file, problems in groupby(report.problems, key=lambda problem: problem.file):
        yield Text(visible(file), style="bold")
        yield from file_text(problems)
    rows, count = sum(report.rows.values()), len(report.problems)
    checked = f"{report.package.name} {report.package.version}: {len(report.rows)} tables, {rows} rows"
    result = f"{count or 'no'} problem{'' if count == 1 else 's'}"
    yield Text(f"{visible(checked)}, {result}", style="bold red" if count else "bold green")


def file_text(problems: Iterator[Problem]) -> Iterator[Text]:
    """The problems of one file, each with its place, rule, sentence and fix; folded where a rule has many."""
    shown: Counter[str] = Counter()
    for problem in problems:
        shown[problem.rule] += 1
        if shown[problem.rule] > FOLD:
            continue
        place = ":".join(str(part) for part in (problem.line, problem.column) if part is not None)
        line = Text(f"  {place or '-'}  ", style="cyan")
        line.append(problem.rule, style="yellow").append(f"  {visible(problem.message)}", style="default")
        yield line
        yield Text(f"      {visible(problem.fix)}", style="dim")
    for rule, count in shown.items():
        if count > FOLD:
            yield Text(f"  ... and {count - FOLD} more of {rule}", style="yellow")


if __name__ == "__main__":
    sys.exit(main())
