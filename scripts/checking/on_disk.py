"""The files of a package: whether they may be read, are listed in the descriptor, and are as stated there."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from schemas.contract import Table
from schemas.problems import CannotRunError, Problem

LARGEST = 10**9  # bytes of one file


def text_of(path: Path) -> str:
    """The text of the descriptor file; CannotRunError or OSError where it cannot be had."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > LARGEST:
            raise CannotRunError(f"{path} is not a file of at most {LARGEST:,} bytes")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CannotRunError(f"{path} is not JSON: not UTF-8 at byte {error.start}") from None


def unusable(folder: Path, table: Table) -> tuple[str, str] | None:
    """Why the file of a table cannot be read: the rule that it breaks, and how."""
    path = folder / table.path
    if not os.path.lexists(path):
        return "file-missing", f"{table.path} is listed but there is no such file"
    if not usable(path, folder.resolve()):
        size = f"{LARGEST:,} bytes"
        return (
            "file-not-regular",
            f"{table.path} is not a readable regular file of at most {size} in the package",
        )
    return None


def usable(path: Path, root: Path) -> bool:
    """Whether a path leads to a regular file within the root that may be read."""
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except (OSError, RuntimeError):
        return False
    sound = stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST
    return sound and real.is_relative_to(root) and os.access(real, os.R_OK)


def unlisted(folder: Path, listed: set[str]) -> Iterator[Problem]:
    """The CSV files of which the descriptor says nothing; `listed` are the paths in it."""
    for path in sorted([*folder.glob("data/**/*"), *folder.glob("derived/**/*")]):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() == ".csv" and name not in listed:
            yield Problem.of("file-unlisted", name, message=f"{name} is not in the descriptor")


def stated_problems(table: Table, data: bytes, rows: int) -> Iterator[Problem]:
    """Where a file, given as its bytes and number of rows, is not what the descriptor states."""
    actual = {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "rows": rows}
    for entry, value in actual.items():
        if entry in table.stated and table.stated[entry] != value:
            message = f"the descriptor states {entry} {table.stated[entry]}; the file has {value}"
            yield Problem.of("file-as-stated", table.path, None, None, str(value), message)
