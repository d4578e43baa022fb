"""What a change of a released package demands: a version, a changelog, and a correction for each value."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

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


def demands(before: State, after: State, found: Changes) -> list[str]:
    """Every demand that is not met, as a sentence that says how to meet it; `before` is a release."""
    return [
        *version_demands(before, after, found),
        *kept_corrections(before, after),
        *correction_demands(before, after, found),
    ]


def version_demands(before: State, after: State, found: Changes) -> list[str]:
    """The version is the one that follows, and CHANGELOG.md begins with it."""
    told = []
    right = next_version(before.version, found.bump)
    if after.version != right:
        told.append(
            f"the version is {after.version}; after {before.version} this change ({found.bump}) demands "
            f"{right}: write it in datapackage.json and run make docs"
        )
    headings = HEADING.findall(after.changelog)
    if found.bump != "none" and headings[:1] != [right]:
        told.append(f"CHANGELOG.md does not begin with {right}: head it with ## {right} and what changed")
    return told


def kept_corrections(before: State, after: State) -> list[str]:
    """Released corrections stay as they are: what was said of the past is not rewritten."""
    old, new = before.rows.get(CORRECTIONS, {}), after.rows.get(CORRECTIONS, {})
    return [
        f"the released correction {key} was {'changed' if key in new else 'removed'}: put it back"
        for key, row in sorted(old.items())
        if new.get(key) != row
    ]


def correction_demands(before: State, after: State, found: Changes) -> list[str]:
    """Every changed value has its correction, and every new correction tells of a change."""
    new = after.rows.get(CORRECTIONS, {})
    told = {key: row for key, row in new.items() if key not in before.rows.get(CORRECTIONS, {})}
    claims = {claim_of(row): row for row in told.values()}
    needed = needed_claims(found)
    version = next_version(before.version, found.bump)
    missing = [
        f"{one.table} {one.row} {became(one)} without a correction: add to data/corrections.csv\n"
        f"    {line(one, version)}"
        for one in needed
        if one not in claims
    ]
    idle = [
        f"the correction {row['correction_id']} tells of no change since {before.version}: remove it, or "
        "compare its row, column and values with the change"
        for one, row in claims.items()
        if one not in needed
    ]
    misplaced = [
        f"the correction {row['correction_id']} is of version {row['version']}, but its change is of "
        f"{version}: write {version}, in its key as well"
        for one, row in claims.items()
        if one in needed and row["version"] != version
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


def needed_claims(found: Changes) -> list[Claim]:
    """What corrections must say of the changes."""
    claims = [
        Claim(c.table, c.row, c.column, c.before, c.after) for c in found.cells if c.table != CORRECTIONS
    ]
    for table, keys in found.removed.items():
        claims += [Claim(table, key, "", key, "") for key in keys if table != CORRECTIONS]
    for table, renamed in found.renamed.items():
        claims += [Claim(table, old, "", old, new) for old, new in renamed.items()]
    return claims


def line(claim: Claim, version: str) -> str:
    """The row of corrections to add; REASON, SOURCE and NOTE are the contributor's to fill in."""
    key = [version.replace(".", "-"), claim.row, *([claim.column.replace("_", "-")] if claim.column else [])]
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(
        ["--".join(key), version, *vars(claim).values(), "REASON", "SOURCE", "NOTE"]
    )
    return text.getvalue()
