"""Where this checkout lies, and how a command speaks to a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTOR = ROOT / "datapackage.json"


@contextmanager
def progress(task: str) -> Iterator[Callable[[str], None]]:
    """A function that shows the step on the terminal; silent where standard error is none."""
    console = Console(stderr=True)
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    with console.status(task) as status:
        yield lambda step: status.update(f"{task}: {step}")
