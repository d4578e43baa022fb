"""What changed because it follows from the data: the figures of the home page, the status of each tie."""

import csv
import zipfile
from collections import Counter
from pathlib import Path

from schemas.vocabulary import DECISIONS, PARTNERS, STOPPED
from scripts.documents.markdown import markdown
from scripts.versions.changes import Change, Changes
from scripts.versions.snapshots import CORRECTIONS, Row, State

TIES, CASUALTIES = "pairs_overview", "casualties_timeline"
DECISIVE = ("event", "occurred_on", "occurred_on_precision", "certainty")  # what a status follows from
Derived = dict[str, list[Row]]  # the rows of TIES and CASUALTIES


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
        firm = [
            (row.get("latest") or row["period_end"], row)
            for row in derived[CASUALTIES]
            if row[outcome] and row.get("certainty") != "doubtful"
        ]
        if firm:
            day, newest = max(firm, key=lambda dated: dated[0])
            told[f"civilians {outcome}"] = f"{newest[outcome]} by {day} ({newest['reported_by']})"
    return told


def reasons(tie: str, state: State, changes: Changes) -> list[str]:
    """Why a tie has another status: its events that came, went or changed, with notes of corrections."""
    notes = {
        row["row_id"]: row["note"]
        for row in state.rows.get(CORRECTIONS, {}).values()
        if row["table_name"] == "pair_events" and not row["column_name"]
    }
    events = state.rows["pair_events"]

    def mine(kind: str) -> list[Change]:
        return [one for one in changes.of("pair_events", kind) if one.row.startswith(f"{tie}--")]

    why = ["the tie was added"] if tie in {one.row for one in changes.of("pairs", "added")} else []
    why += [
        f"{events[one.row]['event']} added" for one in mine("added") if events[one.row]["event"] in DECISIONS
    ]
    retired = mine("removed") + mine("renamed")
    why += [f"`{one.row}` retired: {notes.get(one.row, '')}" for one in retired]
    why += [
        f"{one.column} {one.before or '(empty)'} → {one.after or '(empty)'}"
        for one in mine("changed")
        if one.column in DECISIVE
    ]
    return why or ["the rule by which a status follows from the decisions is another one"]
