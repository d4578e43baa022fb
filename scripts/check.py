"""Check a change of the data: rules, corrections, a build, every question asked, and what it means.

What the changed rows now mean is said against another revision: what main was when the branch left it, or
what --base names. It needs no browser and no other program, and takes seconds.

Exit status: 0 all is well, 1 something is wrong or missing, 2 cannot run.
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import yaml

from schemas.problems import CannotRunError
from scripts.build import DATABASE, build
from scripts.checking.validator import check
from scripts.cli import ROOT, command, package_argument, progress, visible
from scripts.diff import compared
from scripts.validate import show
from scripts.versions.meaning import sentences, standing, standing_in, statuses
from scripts.versions.snapshots import folder_state, git_state, last_release, write_state

SHOWN = 40  # sentences that are shown before the rest is counted
MAIN = "origin/main"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--base", metavar="REVISION", help="what the rows are compared with")
    parser.add_argument("--format", choices=["text", "github"], default="text", help="how to report problems")


@command(package_argument, arguments)
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    with progress("checking") as step:
        report = check(options.descriptor, step)
    show(report, options.format, options.descriptor)
    if report.problems:
        return 1
    folder = report.package.folder
    wrong = compared(last_release(folder), folder)[1] or []
    with tempfile.TemporaryDirectory() as site, progress("building") as step:
        build(report, Path(site) / "build", step, report.package.last_day)
        database = Path(site) / "build" / f"{DATABASE}.db"
        wrong += unanswered(database)
        said = list(meaning(folder, options.base, database))
    print("\n".join(map(visible, said[:SHOWN])))
    if len(said) > SHOWN:
        print(f"... and {len(said) - SHOWN} more")
    for text in wrong:
        print("error:", visible(text, but="\n"), file=sys.stderr)
    print("something is missing" if wrong else "all is well")
    return 1 if wrong else 0


def unanswered(database: Path) -> Iterator[str]:
    """The questions that fail, or that have no answer without parameters."""
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        for name, question in metadata["databases"][DATABASE]["queries"].items():
            names = [parameter["name"] for parameter in question.get("parameters", [])]
            try:
                answer = db.execute(question["sql"], dict.fromkeys(names, "")).fetchone()
            except sqlite3.Error as error:
                yield f"the question {name} fails: {error}"
                continue
            if answer is None:
                yield f"the question {name} has no answer"


def meaning(folder: Path, base: str | None, database: Path) -> Iterator[str]:
    """What the rows mean that changed since a revision: a sentence a row, and ties that stand otherwise."""
    try:
        before, after = git_state(base or left_main(folder), folder), folder_state(folder)
    except (OSError, CannotRunError):
        if base:
            raise
        yield "not compared with another revision, because this is no checkout of one"
        return
    yield from sentences(before, after)
    names = ("pairs", "pair_events", "places")
    if any(before.rows[name] != after.rows[name] for name in names) and before.tables == after.tables:
        with tempfile.TemporaryDirectory() as elsewhere:
            earlier = standing(check(write_state(before, Path(elsewhere))))
        yield from statuses(earlier, standing_in(database))


def left_main(folder: Path) -> str:
    """The revision at which this branch left main, or HEAD where there is no such main."""
    done = subprocess.run(
        ["git", "merge-base", "HEAD", MAIN], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "HEAD"


if __name__ == "__main__":
    sys.exit(main())
