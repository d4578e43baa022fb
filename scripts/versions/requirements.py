"""What a change of a released package requires: corrections at once; version and changelog for a release."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.vocabulary import UNRELEASED
from scripts.versions.changes import Changes, next_version
from scripts.versions.snapshots import CORRECTIONS, Row, State

HEADING = re.compile(r"^## (\d+\.\d+\.\d+)", re.M)


@dataclass(frozen=True)
class Claim:
    """What a correction says: this cell, or with no column this row, had one value and has another."""

    table: str
    row: str
    column: str
    before: str
    after: str


def change_requirements(before: State, after: State, found: Changes) -> list[str]:
    """What any change of a release requires and has not got, each as a sentence that says how to do it.

    `before` is a release. A correction belongs to no version until the package has a new one.
    """
    version = UNRELEASED if after.version == before.version else next_version(before.version, found.bump)
    return [*kept_corrections(before, after), *correction_requirements(before, after, found, version)]


def release_requirements(before: State, after: State, found: Changes) -> list[str]:
    """What a release after `before` requires besides: the version that follows, first in CHANGELOG.md."""
    missing = []
    right = next_version(before.version, found.bump)
    if after.version != right:
        missing.append(
            f"the version is {after.version}; after {before.version} this change ({found.bump}) requires "
            f"{right}: write it in datapackage.json and run make docs"
        )
    headings = HEADING.findall(after.changelog)
    if found.bump != "none" and headings[:1] != [right]:
        missing.append(f"CHANGELOG.md does not begin with {right}: head it with ## {right} and what changed")
    return missing


def kept_corrections(before: State, after: State) -> list[str]:
    """Released corrections stay as they are: what was said of the past is not rewritten."""
    old, new = before.rows.get(CORRECTIONS, {}), after.rows.get(CORRECTIONS, {})
    return [
        f"the released correction {key} was {'changed' if key in new else 'removed'}: put it back"
        for key, row in sorted(old.items())
        if new.get(key) != row
    ]


def correction_requirements(before: State, after: State, found: Changes, version: str) -> list[str]:
    """Each changed value and retired key has its correction; each new correction is of a change."""
    new = after.rows.get(CORRECTIONS, {})
    claims = [(claim_of(row), row) for key, row in new.items() if key not in before.rows.get(CORRECTIONS, {})]
    made = {claim for claim, _ in claims}
    possible = dict(possible_claims(found))
    missing = [
        f"{one.table} {one.row} {became(one)} without a correction: add to data/corrections.csv\n"
        f"    {line(one, version)}"
        for one, needed in possible.items()
        if needed and one not in made
    ]
    idle = [
        f"the correction {row['correction_id']} is of no change since {before.version}: remove it, or "
        "compare its row, column and values with the change"
        for one, row in claims
        if one not in possible
    ]
    misplaced = [
        f"the correction {row['correction_id']} is of version {row['version']}, but its change is of "
        f"{version}: write {version}, in its key as well"
        for one, row in claims
        if one in possible and row["version"] != version
    ]
    return missing + idle + misplaced


def became(claim: Claim) -> str:
    """What happened to a cell or a row."""
    if claim.column:
        return f"{claim.column} changed"
    return "was renamed" if claim.after else "was removed"


def claim_of(row: Row) -> Claim:
    """What a row of corrections says."""
    return Claim(
        *(row[name] for name in ("table_name", "row_id", "column_name", "value_before", "value_after"))
    )


def possible_claims(found: Changes) -> Iterator[tuple[Claim, bool]]:
    """What corrections may say of the changes, and whether one must: of released values and retired keys.

    None needs to say of a cell that explains itself, or of a key that follows another.
    """
    for cell in found.cells:
        if cell.explained or cell.table != CORRECTIONS:
            yield Claim(cell.table, cell.row, cell.column, cell.before, cell.after), not cell.explained
    for table, keys in found.removed.items():
        yield from ((Claim(table, key, "", key, ""), True) for key in keys if table != CORRECTIONS)
    for heirs, needed in ((found.renamed, True), (found.followed, False)):
        for table, keys_of in heirs.items():
            yield from ((Claim(table, old, "", old, new), needed) for old, new in keys_of.items())


def line(claim: Claim, version: str) -> str:
    """The row of corrections to add; REASON, SOURCE and NOTE are the contributor's to fill in."""
    key = [version.replace(".", "-"), claim.row, *([claim.column.replace("_", "-")] if claim.column else [])]
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(
        ["--".join(key), version, *vars(claim).values(), "REASON", "SOURCE", "NOTE"]
    )
    return text.getvalue()
