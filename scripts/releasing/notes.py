"""The notes of a release: what it is, how to cite it, what changed, and beside them which cells.

Of what follows from the data they say how the figures of the home page and the status of each tie changed.
"""

import csv
import re
import zipfile
from collections import Counter
from pathlib import Path

from schemas.contract import Package
from schemas.vocabulary import DECISIONS, PARTNERS, STOPPED, version_of
from scripts.documents.citing import cite_as, day
from scripts.documents.markdown import markdown
from scripts.versions.changes import Changes, changes
from scripts.versions.report import as_markdown
from scripts.versions.snapshots import CORRECTIONS, Row, State, folder_state, releases, zip_state

TIES, CASUALTIES = "pairs_overview", "casualties_timeline"
DECISIVE = ("event", "occurred_on", "occurred_on_precision", "certainty")  # what a status follows from
Derived = dict[str, list[Row]]  # the rows of TIES and CASUALTIES


def release_notes(package: Package, rows: dict[str, int], released: Path) -> dict[str, str]:
    """The files of the notes, which count the rows of each table, and of every change row by row.

    `released` is the archive of the release. What changed is what differs from the last release before this
    version. The notes are the text of the release, of which GitHub takes 125,000 characters.
    """
    descriptor, after = package.descriptor, folder_state(package.folder)
    number = version_of(after.version)
    earlier = [path for version, path in releases(package.folder).items() if version_of(version) < number]
    between = changes(zip_state(earlier[-1]) if earlier else None, after)
    title = f"# {descriptor['title']} {after.version}"
    parts = [
        f"{title}, {day(descriptor)}",
        f"Cite as: {cite_as(descriptor)}",
        section(after.changelog, after.version),
        "## What is in it",
        markdown(["table", "rows"], [[f"`{table}`", count] for table, count in rows.items()]),
    ]
    if earlier:
        moved = derived_changes(derived_of(earlier[-1]), derived_of(released), after, between)
        parts += ["## Figures and statuses", moved]
    parts += ["## What changed", as_markdown(between, [], each_row=False)]
    if earlier:
        parts.append("`CHANGES.md` names every row and cell.")
    notes = "\n\n".join(part.strip() for part in parts if part) + "\n"
    return {"RELEASE_NOTES.md": notes, "CHANGES.md": f"{title}, row by row\n\n{as_markdown(between, [])}"}


def section(changelog: str, version: str) -> str:
    """What CHANGELOG.md says of a version, without its heading."""
    text = re.search(rf"^## {re.escape(version)}\b.*?\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    return text[1] if text else ""


def derived_of(archive: Path) -> Derived:
    """The derived tables of a released archive."""
    with zipfile.ZipFile(archive) as packed:
        files = {name: packed.read(f"derived/{name}.csv").decode() for name in (TIES, CASUALTIES)}
    return {name: list(csv.DictReader(text.split("\n"))) for name, text in files.items()}


def derived_changes(before: Derived, after: Derived, state: State, changes: Changes) -> str:
    """The figures and statuses that differ from one release to the next as Markdown, each with the reason."""
    changed = differing(figures(before), figures(after), "0")
    renamed = {one.before: one.after for one in changes.of("pairs", "renamed")}
    was = {renamed.get(tie["pair_id"], tie["pair_id"]): tie["status"] for tie in before[TIES]}
    now = {tie["pair_id"]: tie["status"] for tie in after[TIES]}
    ties = [
        [f"`{tie}`", *statuses, "; ".join(reasons(tie, state, changes))]
        for tie, *statuses in sorted(differing(was, now, "no such tie"))
    ]
    added, removed = (len(changes.of("casualty_statistics", kind)) for kind in ("added", "removed"))
    follow = (
        "The numbers of ties follow from the table below; those of casualties from "
        f"{added} rows of `casualty_statistics` added and {removed} retired, and from what is now "
        "doubtful, which is no headline."
    )
    table = markdown(["figure of the home page", "before", "now"], changed)
    parts = [
        *([table, follow] if changed else ["No figure changed."]),
        markdown(["tie", "before", "now", "why"], ties) if ties else "No tie has another status.",
    ]
    return "\n\n".join(part.strip() for part in parts)


def differing(before: dict[str, str], after: dict[str, str], absent: str) -> list[list[str]]:
    """What has another value, with both; `absent` stands for one that is not there."""
    pairs = {name: [before.get(name, absent), after.get(name, absent)] for name in [*before, *after]}
    return [[name, old, new] for name, (old, new) in pairs.items() if old != new]


def figures(derived: Derived) -> dict[str, str]:
    """The headline figures by name: ties by country and status, those stopped, and the newest casualties."""
    counts: Counter[str] = Counter()
    for tie in derived[TIES]:
        ties = f"ties with {PARTNERS[tie['partner_country']]}"
        counts.update([ties, f"{ties}, {tie['status']}"])
        if tie["status"] in STOPPED:
            counts[f"{ties}, suspended or ended"] += 1
    told = {name: str(count) for name, count in sorted(counts.items())}
    for outcome in ("killed", "injured"):
        firm = {
            row.get("latest") or row["period_end"]: row
            for row in reversed(derived[CASUALTIES])  # of one day the first counts
            if row[outcome] and row.get("certainty") != "doubtful"
        }
        if firm:
            until, newest = max(firm.items())
            told[f"civilians {outcome}"] = f"{newest[outcome]} by {until} ({newest['reported_by']})"
    return told


def reasons(tie: str, state: State, changes: Changes) -> list[str]:
    """Why a tie has another status: its events that came, went or changed, with notes of corrections."""
    notes = {
        row["row_id"]: row["note"]
        for row in state.rows.get(CORRECTIONS, {}).values()
        if row["table_name"] == "pair_events" and not row["column_name"]
    }
    events = state.rows["pair_events"]
    why = ["the tie was added"] if any(one.row == tie for one in changes.of("pairs", "added")) else []
    for kind in ("added", "removed", "renamed", "changed"):
        for one in changes.of("pair_events", kind):
            if not one.row.startswith(f"{tie}--"):
                continue
            if kind in ("removed", "renamed"):
                why.append(f"`{one.row}` retired: {notes.get(one.row, '')}")
            elif kind == "changed" and one.column in DECISIVE:
                why.append(f"{one.column} {one.before or '(empty)'} → {one.after or '(empty)'}")
            elif kind == "added" and events[one.row]["event"] in DECISIONS:
                why.append(f"{events[one.row]['event']} added")
    return why or ["the rule by which a status follows from the decisions is another one"]
