"""Compare two states of the package row by row and cell by cell, and say which version the change demands.

A table, column, type, key column or category removed or changed is a major change; anything added, a cell
filled or a key retired a minor one; values changed a patch. Against a release it also checks that each
changed value and each retired key has its row in corrections and, once the version has been raised, that
it is the right one and that CHANGELOG.md begins with it.

Exit status: 0 as it should be, 1 something is missing, 2 cannot run.
"""

import sys
from pathlib import Path

from scripts.cli import PACKAGE, Options, command, option
from scripts.versions.changes import Changes, changes
from scripts.versions.report import as_json, as_markdown, as_text
from scripts.versions.requirements import requirements
from scripts.versions.snapshots import State, folder_state, git_state, last_release, releases, zip_state

FORMATS = {"text": as_text, "markdown": as_markdown, "json": as_json}


@command(
    PACKAGE,
    option("--base", metavar="REF|DIR|ZIP", help="the state to compare with (default: the last release)"),
    option("--format", choices=FORMATS, default="text", help="how to report (default: text)"),
)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    folder = options.descriptor.absolute().parent
    between, unmet = compared(base_state(options.base, folder), folder)
    print(FORMATS[options.format](between, unmet), end="")
    return 1 if unmet else 0


def base_state(base: str | None, folder: Path) -> State | None:
    """The state to compare with, or None before the first release."""
    if base is None:
        return last_release(folder)
    path = Path(base)
    if path.is_dir():
        return folder_state(path)
    return zip_state(path) if path.is_file() else git_state(base, folder)


def compared(before: State | None, folder: Path) -> tuple[Changes, list[str] | None]:
    """What changed to the package in a folder, and what that requires; None where `before` is no release."""
    after = folder_state(folder)
    between = changes(before, after)
    if before is None or before.version not in releases(folder):
        return between, None
    return between, requirements(after, between)


if __name__ == "__main__":
    sys.exit(main())
