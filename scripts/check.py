"""Check a change of the data: rules, corrections, a build, every question asked, and what it means.

What the changed rows now mean is said against another revision: what main was when the branch left it, or
what --base names. It needs no browser and no other program, and takes seconds.

Exit status: 0 all is well, 1 something is wrong or missing, 2 cannot run.
"""

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
from scripts.checking.validator import Report, check
from scripts.cli import PACKAGE, ROOT, Options, command, option, progress, visible
from scripts.diff import compared
from scripts.validate import show
from scripts.versions.meaning import meaning
from scripts.versions.snapshots import folder_state, git_state, last_release

SHOWN = 40  # sentences that are shown before the rest is counted
MAIN = "origin/main"


@command(
    PACKAGE,
    option("--base", metavar="REVISION", help="what the rows are compared with"),
    option("--format", choices=["text", "github"], default="text", help="how to report problems"),
)
def main(options: Options) -> int:
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
        wrong += unanswered(Path(site) / "build" / f"{DATABASE}.db")
        said = list(compared_with(options.base, folder, report))
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


def compared_with(base: str | None, folder: Path, report: Report) -> Iterator[str]:
    """What the rows mean that changed since a revision; by default since this branch left main, if any."""
    fork = ["git", "merge-base", "HEAD", MAIN]
    try:
        left = subprocess.run(fork, cwd=folder, capture_output=True, text=True, check=False).stdout.strip()
        before, after = git_state(base or left or "HEAD", folder), folder_state(folder)
    except (OSError, CannotRunError):
        if base:
            raise
        yield "not compared with another revision, because this is no checkout of one"
        return
    yield from meaning(before, after, report)


if __name__ == "__main__":
    sys.exit(main())
