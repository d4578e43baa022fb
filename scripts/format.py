"""Rewrite the tables in canonical form, where that cannot change their meaning.

Rows are sorted by key, cells quoted only where needed, lines ended by LF, text put into NFC without
blanks at its ends. A table that only a person can fix is left as it is, and said so.

Exit status: 0 done (with --check: nothing to do), 1 refused or would change, 2 cannot run.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from schemas.contract import Package, Table
from scripts.checking.descriptor import read_descriptor
from scripts.checking.formatting import NotFormattedError, formatted
from scripts.cli import PACKAGE, Options, command, option, visible


@command(
    PACKAGE,
    option("--check", action="store_true", help="say what would change, and change nothing"),
)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    package, problems = read_descriptor(options.descriptor)
    for problem in problems:
        print(f"error: {visible(problem.file)}:{problem.line}: {visible(problem.message)}", file=sys.stderr)
    left = [table.path for table in package.tables if not put_right(package, table, options.check)]
    return 1 if problems or left else 0


def put_right(package: Package, table: Table, check: bool) -> bool:
    """Format one table, or say what stands against it; returns whether its file is canonical now."""
    path = package.folder / table.path
    data = path.read_bytes()
    try:
        canonical = formatted(table, data)
    except NotFormattedError as error:
        for problem in error.problems:
            where = f"{problem.file}:{problem.line}"
            print(f"{where}: not formatted: {visible(problem.message)}", file=sys.stderr)
        return False
    if canonical == data:
        return True
    print(f"{'would format' if check else 'formatted'} {table.path}")
    if not check:
        replace(path, canonical)
    return not check


def replace(path: Path, data: bytes) -> None:
    """Replace a file in one step, keeping its mode, so that it is never half written."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as beside:
        new = Path(beside) / "new"
        new.write_bytes(data)
        shutil.copymode(path, new)
        new.replace(path)


if __name__ == "__main__":
    sys.exit(main())
