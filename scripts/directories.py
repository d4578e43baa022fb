"""Directories that are written whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.problems import CannotRunError


@contextmanager
def written_beside(out: Path, mark: str) -> Iterator[Path]:
    """An empty directory beside `out` that takes its place when nothing failed.

    `mark` is a file whose presence tells that a directory was written by the same program. Raises
    CannotRunError where `out` is something else, and not empty.
    """
    out = out.absolute()
    if out.is_symlink() or (out.exists() and not (out.is_dir() and replaceable(out, mark))):
        raise CannotRunError(f"{out} was not written by this program and is not empty, so it is not replaced")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as beside:
        new = Path(beside) / "new"
        new.mkdir()
        yield new
        new.chmod(0o755)
        if out.exists():
            out.rename(Path(beside) / "old")
        new.rename(out)


def replaceable(out: Path, mark: str) -> bool:
    """Whether a directory is empty or bears the mark."""
    return (out / mark).exists() or not any(out.iterdir())
