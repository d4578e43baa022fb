"""Directories that are written whole or not at all, and files that are written where they differ."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.problems import CannotRunError


@contextmanager
def written_beside(out: Path, mark: str) -> Iterator[Path]:
    """An empty directory beside `out` that takes its place when nothing failed; modes follow the umask.

    `mark` is a file that tells that a directory was written by the same program. Raises CannotRunError
    where `out` is something else, and not empty.
    """
    out = out.absolute()
    ours = out.is_dir() and ((out / mark).exists() or not any(out.iterdir()))
    if out.is_symlink() or (out.exists() and not ours):
        raise CannotRunError(f"{out} was not written by this program and is not empty, so it is not replaced")
    out.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(out)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as beside:
        (Path(beside) / ".gitignore").write_text("*\n")  # if this process is killed, git adds nothing of it
        new = Path(beside) / "new"
        new.mkdir()
        mode = new.stat().st_mode & 0o777  # what the umask leaves
        yield new
        for path in new.rglob("*"):
            path.chmod(mode if path.is_dir() else mode & 0o666)
        if out.exists():
            out.rename(Path(beside) / "old")
        new.rename(out)


def remove_leftovers(out: Path) -> None:
    """Remove what a killed run left beside `out` more than an hour ago; a later one may still be written."""
    for path in out.parent.glob(f".{out.name}-*"):
        if path.is_dir() and path.stat().st_mtime < time.time() - 3600:
            shutil.rmtree(path, ignore_errors=True)


def written(texts: dict[Path, str], check: bool = False) -> list[Path]:
    """Write the texts that are not so yet, or with `check` none of them; returns their paths."""
    stale = [path for path, text in texts.items() if not path.is_file() or path.read_text("utf-8") != text]
    if not check:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[path], "utf-8")
    return stale
