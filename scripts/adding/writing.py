"""Rows written all or not at all: only what the validator finds nothing new in reaches the package."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.contract import Package
from schemas.problems import Problem
from scripts.adding.rows import Draft
from scripts.checking.validator import Report, check
from scripts.versions.snapshots import write_state

USED_LATER = {"source-is-used", "place-is-used"}  # broken by the first of two rows until the second is there


@contextmanager
def tried(draft: Draft) -> Iterator[tuple[Report, Path]]:
    """A copy of the package with the rows of a draft, and the report on it."""
    with tempfile.TemporaryDirectory() as folder:
        yield check(write_state(draft.state, Path(folder))), Path(folder)


def new_problems(before: Report, after: Report) -> list[Problem]:
    """What the rows bring: problems that were not there, but for rows that are to be used by the next."""
    earlier = {(problem.rule, problem.file, problem.value, problem.message) for problem in before.problems}
    return [
        problem
        for problem in after.problems
        if (problem.rule, problem.file, problem.value, problem.message) not in earlier
        and problem.rule not in USED_LATER
    ]


def write(package: Package, draft: Draft, copy: Path) -> list[str]:
    """Put the changed tables of the copy into the package; returns their paths."""
    paths = [package.table(name).path for name in draft.changed]
    for path in paths:
        shutil.copyfile(copy / path, package.folder / path)
    return sorted(paths)
