"""The one state that a server serves: a whole build, read when the server starts."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click import ClickException

MANIFEST = "build.json"  # {"database": name, "files": {path: SHA-256}}, written by scripts.build
REPLACED = "The data of this site has been replaced, and this server still has the old state: restart it."


@dataclass(frozen=True)
class State:
    """A build: where it lies, the name of its database, its files and their hashes."""

    folder: Path
    database: str
    files: dict[str, bytes]
    hashes: dict[str, str]
    stamp: list[tuple[int, int, int]]

    @property
    def replaced(self) -> bool:
        """Whether something else has taken its place."""
        return stamp(self.folder, self.database) != self.stamp

    def json(self, name: str) -> Any:
        """What a file of JSON says."""
        return json.loads(self.files[name])


def read_state(folder: Path) -> State:
    """The build in a folder; raises ClickException where it is not as it was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        database, hashes = manifest["database"], manifest["files"]
        before = stamp(folder, database)
        files = {name: (folder / name).read_bytes() for name in hashes}
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        wrong = [f"{name} is not as it was built" for name in files if sums[name] != hashes[name]]
        plugins = {f"plugins/{path.name}" for path in folder.glob("plugins/*.py")}
        wrong += [f"{name} is not of the build" for name in sorted(plugins - set(files))]
    except FileNotFoundError as error:
        wrong = [f"{error.filename} is missing"]
    except (OSError, ValueError, KeyError, TypeError):
        wrong = [f"{MANIFEST} is damaged"]
    if wrong:
        raise ClickException(f"{folder} is no whole build: {wrong[0]}. Build it again: make build")
    return State(folder, database, files, hashes, before)


def stamp(folder: Path, database: str) -> list[tuple[int, int, int]]:
    """What changes when the folder, its list of files or its database is replaced."""
    try:
        stats = [(folder / name).stat() for name in (MANIFEST, database)]
    except OSError:
        return []
    return [(one.st_dev, one.st_ino, one.st_mtime_ns) for one in stats]
