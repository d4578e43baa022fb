"""The one state that a server serves: a whole build, read when the server starts."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from click import ClickException

MANIFEST = "build.json"  # {"database": name, "files": {path: SHA-256}}, written by scripts.build
REPLACED = "The data of this site has been replaced, and this server still has the old state: restart it."


@dataclass(frozen=True)
class State:
    """A build: where it lies, and its database."""

    folder: Path
    database: str
    content: bytes
    digest: str
    stamp: tuple[tuple[int, int, int], ...]

    @property
    def replaced(self) -> bool:
        """Whether something else has taken its place."""
        return stamp(self.folder, self.database) != self.stamp


def read_state(folder: Path) -> State:
    """The build in a folder; raises ClickException where it is not as it was written."""
    try:
        before = json.loads((folder / MANIFEST).read_text("utf-8"))
        database, files = before["database"], before["files"]
    except (OSError, ValueError, KeyError, TypeError):
        raise refusal(folder, f"{MANIFEST} is missing or damaged") from None
    state = stamp(folder, database)
    contents = {name: read(folder, name) for name in files}
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != files[name]:
            raise refusal(folder, f"{name} is not as it was built")
    strangers = {path.name for path in folder.glob("plugins/*.py")} - {Path(name).name for name in files}
    if strangers:
        raise refusal(folder, f"plugins/{min(strangers)} is not of the build")
    return State(folder, database, contents[database], files[database], state)


def read(folder: Path, name: str) -> bytes:
    """The content of a file of the build; raises ClickException."""
    try:
        return (folder / name).read_bytes()
    except OSError:
        raise refusal(folder, f"{name} is missing") from None


def refusal(folder: Path, reason: str) -> ClickException:
    """Why a build is not served."""
    return ClickException(f"{folder} is no whole build: {reason}. Build it again: make build")


def stamp(folder: Path, database: str) -> tuple[tuple[int, int, int], ...]:
    """What changes when the folder, its list of files or its database is replaced."""
    found = []
    for path in (folder, folder / MANIFEST, folder / database):
        try:
            told = path.stat()
        except OSError:
            return ()
        found.append((told.st_dev, told.st_ino, told.st_mtime_ns if path != folder else 0))
    return tuple(found)
