"""What a change of a released package requires: corrections at once; version and changelog for a release."""

import re
from collections.abc import Iterator
from dataclasses import astuple

from schemas.vocabulary import UNRELEASED
from scripts.checking.formatting import quoted
from scripts.versions.changes import Change, Changes
from scripts.versions.snapshots import CORRECTIONS, State, composed_key

HEADING = re.compile(r"^## (\d+\.\d+\.\d+)", re.M)


def requirements(after: State, changes: Changes) -> list[str]:
    """What a change of a release requires and has not got, each as a sentence that says how to do it.

    A correction belongs to no version until the package has a new one; that is a release in the making.
    Released corrections stay as they are: what was said of the past is not rewritten.
    """
    version = UNRELEASED if after.version == changes.before else changes.version
    rewritten = {one.row: kind for kind in ("changed", "removed") for one in changes.of(CORRECTIONS, kind)}
    missing = [f"the released correction {key} was {kind}: put it back" for key, kind in rewritten.items()]
    missing += correction_requirements(after, changes, version)
    return missing if version == UNRELEASED else missing + release_requirements(after, changes)


def release_requirements(after: State, changes: Changes) -> list[str]:
    """What a release requires besides: the version that follows, first in CHANGELOG.md."""
    missing, right = [], changes.version
    if after.version != right:
        missing.append(
            f"the version is {after.version}; after {changes.before} this change ({changes.bump}) requires "
            f"{right}: python -m scripts.release --prepare writes it"
        )
    if changes.bump != "none" and HEADING.findall(after.changelog)[:1] != [right]:
        missing.append(f"CHANGELOG.md does not begin with {right}: head it with ## {right} and what changed")
    return missing


def correction_requirements(after: State, changes: Changes, version: str) -> Iterator[str]:
    """Each changed value and retired key has its correction; each new correction is of a change.

    None needs to say of a cell that explains itself, or of a key that follows another, but may.
    """
    new = [after.rows[CORRECTIONS][one.row] for one in changes.of(CORRECTIONS, "added")]
    corrected = [
        Change(row["table_name"], row["row_id"], row["column_name"], row["value_before"], row["value_after"])
        for row in new
    ]
    possible = {one for one in changes.rows if one.table != CORRECTIONS and one.kind != "added"}
    for one in changes.rows:
        if one in possible and not one.explained and one not in corrected:
            what = f"{one.column} changed" if one.column else f"was {one.kind}"
            yield (
                f"{one.table} {one.row} {what} without a correction: "
                f"add to data/corrections.csv\n    {line(one, version)}"
            )
    for one, row in zip(corrected, new, strict=True):
        said = f"the correction {row['correction_id']} is of"
        if one not in possible:
            yield (
                f"{said} no change since {changes.before}: remove it, or "
                "compare its row, column and values with the change"
            )
        elif row["version"] != version:
            yield (
                f"{said} version {row['version']}, but its change is of "
                f"{version}: write {version}, in its key as well"
            )


def line(change: Change, version: str) -> str:
    """The row of corrections to add; REASON, SOURCE and NOTE are the contributor's to fill in."""
    key = composed_key(version.replace(".", "-"), change.row, change.column)
    return ",".join(map(quoted, [key, version, *astuple(change)[:-1], "REASON", "SOURCE", "NOTE"]))
