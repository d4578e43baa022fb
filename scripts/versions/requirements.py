"""What a change of a released package requires: corrections at once; version and changelog for a release."""

import csv
import io
import re
from dataclasses import astuple

from schemas.vocabulary import UNRELEASED
from scripts.versions.changes import Change, Changes
from scripts.versions.snapshots import CORRECTIONS, Row, State

HEADING = re.compile(r"^## (\d+\.\d+\.\d+)", re.M)


def requirements(after: State, found: Changes) -> list[str]:
    """What a change of a release requires and has not got, each as a sentence that says how to do it.

    A correction belongs to no version until the package has a new one; that is a release in the making.
    """
    version = UNRELEASED if after.version == found.before else found.version
    missing = [*kept_corrections(found), *correction_requirements(after, found, version)]
    return missing if version == UNRELEASED else missing + release_requirements(after, found)


def release_requirements(after: State, found: Changes) -> list[str]:
    """What a release requires besides: the version that follows, first in CHANGELOG.md."""
    missing, right = [], found.version
    if after.version != right:
        missing.append(
            f"the version is {after.version}; after {found.before} this change ({found.bump}) requires "
            f"{right}: python -m scripts.release --prepare writes it"
        )
    if found.bump != "none" and HEADING.findall(after.changelog)[:1] != [right]:
        missing.append(f"CHANGELOG.md does not begin with {right}: head it with ## {right} and what changed")
    return missing


def kept_corrections(found: Changes) -> list[str]:
    """Released corrections stay as they are: what was said of the past is not rewritten."""
    rewritten = [*found.of(CORRECTIONS, "changed"), *found.of(CORRECTIONS, "removed")]
    kinds = {one.row: one.kind for one in rewritten}
    return [f"the released correction {key} was {kind}: put it back" for key, kind in kinds.items()]


def correction_requirements(after: State, found: Changes, version: str) -> list[str]:
    """Each changed value and retired key has its correction; each new correction is of a change.

    None needs to say of a cell that explains itself, or of a key that follows another, but may.
    """
    new = [after.rows[CORRECTIONS][one.row] for one in found.of(CORRECTIONS, "added")]
    corrected = [(claimed(row), row) for row in new]
    possible = {one for one in found.rows if one.table != CORRECTIONS and one.kind != "added"}
    made = {one for one, _ in corrected}
    missing = [
        f"{one.table} {one.row} {f'{one.column} changed' if one.column else f'was {one.kind}'} without a "
        f"correction: add to data/corrections.csv\n    {line(one, version)}"
        for one in found.rows
        if one in possible and not one.explained and one not in made
    ]
    idle = [
        f"the correction {row['correction_id']} is of no change since {found.before}: remove it, or "
        "compare its row, column and values with the change"
        for one, row in corrected
        if one not in possible
    ]
    misplaced = [
        f"the correction {row['correction_id']} is of version {row['version']}, but its change is of "
        f"{version}: write {version}, in its key as well"
        for one, row in corrected
        if one in possible and row["version"] != version
    ]
    return missing + idle + misplaced


def claimed(row: Row) -> Change:
    """What a row of corrections says has changed."""
    return Change(
        row["table_name"], row["row_id"], row["column_name"], row["value_before"], row["value_after"]
    )


def line(change: Change, version: str) -> str:
    """The row of corrections to add; REASON, SOURCE and NOTE are the contributor's to fill in."""
    parts = (version.replace(".", "-"), change.row, change.column.replace("_", "-"))
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(
        ["--".join(filter(None, parts)), version, *astuple(change)[:-1], "REASON", "SOURCE", "NOTE"]
    )
    return text.getvalue()
