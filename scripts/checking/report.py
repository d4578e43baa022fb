"""Problems rendered: as text for a person, as annotations for a pull request, as JSON for a program."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import PurePath

from rich.text import Text

from schemas.problems import Problem
from scripts.checking.validator import Report
from scripts.cli import visible

FOLD = 50  # problems of one rule in one file that are printed as text before the rest is counted


def as_json(report: Report) -> str:
    """One JSON object: package, version, rows of each table, problems."""
    return json.dumps(
        {
            "package": report.package.name,
            "version": report.package.version,
            "tables": report.rows,
            "problems": [asdict(problem) for problem in report.problems],
        },
        ensure_ascii=False,
    )


def as_github(report: Report, folder: PurePath) -> Iterator[str]:
    """Workflow commands that annotate a pull request; `folder` is the package's, from the repository's root.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    for problem in report.problems:
        place = f"file={escaped(str(folder / problem.file), ':,')}"
        if problem.line is not None:
            place += f",line={problem.line}"
        text = escaped(problem.told)
        yield f"::error {place},title={escaped(problem.rule, ':,')}::{text}"


def escaped(text: str, also: str = "") -> str:
    """A text as the value of a workflow command, whose own signs are percent-encoded."""
    for sign in "%\r\n" + also:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def as_text(report: Report) -> Iterator[Text]:
    """A person's report: problems by file, each with its place, rule, sentence and fix."""
    for file, group in groupby(report.problems, key=lambda problem: problem.file):
        problems = list(group)
        yield Text(visible(file), style="bold")
        yield from file_text(problems)
    yield Text(summary(report), style="bold red" if report.problems else "bold green")


def file_text(problems: list[Problem]) -> Iterator[Text]:
    """The problems of one file, folded where one rule is broken very often."""
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


def summary(report: Report) -> str:
    """The last line: what was checked and how much was found."""
    rows = sum(report.rows.values())
    checked = f"{report.package.name} {report.package.version}: {len(report.rows)} tables, {rows} rows"
    count = len(report.problems)
    return f"{visible(checked)}, {count or 'no'} problem{'' if count == 1 else 's'}"
