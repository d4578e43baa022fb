"""What changed because it follows from the data: the figures of the home page, the status of each tie."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from schemas.vocabulary import DECISIONS, PARTNERS, STOPPED
from scripts.documents.markdown import markdown
from scripts.versions.changes import Change, Changes
from scripts.versions.snapshots import CORRECTIONS, Row, State

ABSENT = "no such tie"
DECISIVE = ("event", "occurred_on", "occurred_on_precision", "certainty")  # what a status follows from


@dataclass(frozen=True)
class Derived:
    """Rows of the derived tables of one release, every cell as text."""

    ties: list[Row]  # pairs_overview
    casualties: list[Row]  # casualties_timeline


def derived_of(read: Callable[[str], bytes]) -> Derived:
    """The derived tables of a release whose files `read` gives."""

    def rows(name: str) -> list[Row]:
        return list(csv.DictReader(io.StringIO(read(f"derived/{name}.csv").decode(), newline="")))

    return Derived(rows("pairs_overview"), rows("casualties_timeline"))


def derived_changes(before: Derived, after: Derived, state: State, found: Changes) -> str:
    """The figures and statuses that differ from one release to the next as Markdown, each with the reason."""
    old, new = figures(before), figures(after)
    changed = [
        [name, old.get(name, "0"), new.get(name, "0")]
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]
    renamed = {one.before: one.after for one in found.of("pairs", "renamed")}
    was = {renamed.get(tie["pair_id"], tie["pair_id"]): tie["status"] for tie in before.ties}
    now = {tie["pair_id"]: tie["status"] for tie in after.ties}
    ties = [
        [f"`{tie}`", was.get(tie, ABSENT), now.get(tie, ABSENT), "; ".join(reasons(tie, state, found))]
        for tie in sorted(was.keys() | now)
        if was.get(tie) != now.get(tie)
    ]
    added, removed = (len(found.of("casualty_statistics", kind)) for kind in ("added", "removed"))
    parts = [
        markdown(["figure of the home page", "before", "now"], changed) if changed else "No figure changed.",
        "The numbers of ties follow from the table below; those of casualties from "
        f"{added} rows of `casualty_statistics` added and {removed} retired, and from what is now "
        "doubtful, which is no headline.",
        markdown(["tie", "before", "now", "why"], ties) if ties else "No tie has another status.",
    ]
    return "\n\n".join(part.strip() for part in parts)


def figures(derived: Derived) -> dict[str, str]:
    """The headline figures by name: ties by country and status, those stopped, and the newest casualties."""
    counts = Counter((tie["partner_country"], tie["status"]) for tie in derived.ties)
    found = {}
    for code, country in PARTNERS.items():
        of_country = {status: count for (where, status), count in sorted(counts.items()) if where == code}
        found[f"ties with {country}"] = str(sum(of_country.values()))
        found |= {f"ties with {country}, {status}": str(count) for status, count in of_country.items()}
        stopped = sum(of_country.get(status, 0) for status in STOPPED)
        found[f"ties with {country}, suspended or ended"] = str(stopped)
    for outcome in ("killed", "injured"):
        firm = [row for row in derived.casualties if row[outcome] and row.get("certainty") != "doubtful"]
        if firm:
            newest = max(firm, key=lambda row: row.get("latest") or row["period_end"])
            day = newest.get("latest") or newest["period_end"]
            found[f"civilians {outcome}"] = f"{newest[outcome]} by {day} ({newest['reported_by']})"
    return found


def reasons(tie: str, state: State, found: Changes) -> list[str]:
    """Why a tie has another status: its events that came, went or changed, with notes of corrections."""
    notes = {
        (row["row_id"], row["column_name"]): row["note"]
        for row in state.rows.get(CORRECTIONS, {}).values()
        if row["table_name"] == "pair_events"
    }
    events = state.rows["pair_events"]

    def mine(kind: str) -> list[Change]:
        return [one for one in found.of("pair_events", kind) if one.row.startswith(f"{tie}--")]

    why = ["the tie was added"] if tie in {one.row for one in found.of("pairs", "added")} else []
    why += [
        f"{events[one.row]['event']} added" for one in mine("added") if events[one.row]["event"] in DECISIONS
    ]
    retired = mine("removed") + mine("renamed")
    why += [f"`{one.row}` retired: {notes.get((one.row, ''), '')}" for one in retired]
    why += [
        f"{one.column} {one.before or '(empty)'} → {one.after or '(empty)'}"
        for one in mine("changed")
        if one.column in DECISIVE
    ]
    return why or ["the rule by which a status follows from the decisions is another one"]
