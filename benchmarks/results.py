"""What the written results share: the machine that they were taken on, and their tables."""

import os
import platform
import sys
from collections.abc import Iterable
from importlib.metadata import version

import pandas as pd

from scripts.documents.markdown import markdown


def machine(packages: Iterable[str]) -> str:
    """The machine and the versions that figures were taken with."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    hardware = f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{hardware}; Python {sys.version.split()[0]}, {versions}"


def table(lines: pd.DataFrame) -> str:
    """Lines of results in Markdown, each under its name; what was not measured is empty."""
    cells = lines.astype(object).where(lines.notna(), None).reset_index()
    return markdown(list(cells.columns), cells.to_numpy().tolist())
