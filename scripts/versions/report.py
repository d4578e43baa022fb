"""The difference of two states rendered: as text for a person, Markdown for a summary, JSON for a program."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scripts.cli import visible
from scripts.documents.markdown import markdown
from scripts.versions.changes import Change, Changes, next_version

SHOWN = 200  # rows of one kind in one table that are shown before the rest is counted


@dataclass(frozen=True)
class Difference:
    """Two versions and what lies between; `before` and `changes` are None before the first release.

    `unmet` are the demands that are not met; None where the base is no release, so that none are made.
    """

    before: str | None
    after: str
    changes: Changes | None
    unmet: list[str] | None


def summary(difference: Difference) -> str:
    """What was compared and what it demands, in a sentence."""
    if difference.changes is None:
        return f"Nothing was released before {difference.after}, so there is nothing to compare with."
    compared = f"From {difference.before} to {difference.after}"
    if difference.changes.bump == "none":
        return f"{compared}: no change."
    if difference.unmet is None:
        return f"{compared}, which was not released: a change of the kind {difference.changes.bump}."
    following = next_version(difference.before or "", difference.changes.bump)
    return (
        f"Since {difference.before}: a {difference.changes.bump} change, which will make version {following}."
    )


def by_table(found: Changes) -> Iterator[tuple[str, str, list[Change]]]:
    """Each table, what happened to its rows, and those rows."""
    for table in dict.fromkeys(one.table for one in found.rows):
        for kind in ("changed", "renamed", "removed", "added"):
            if rows := found.of(table, kind):
                yield table, kind, rows


def as_text(difference: Difference) -> str:
    """A person's report, the demands last."""
    lines = [summary(difference)]
    if difference.changes:
        lines += [f"  {text} ({bump})" for bump, text in difference.changes.contract]
        for table, kind, rows in by_table(difference.changes):
            lines += [f"{table}: {len(rows)} {kind}", *map(text_row, rows[:SHOWN])]
            if len(rows) > SHOWN:
                lines.append(f"  ... and {len(rows) - SHOWN} more")
    lines += [f"error: {text}" for text in difference.unmet or []]
    return "".join(f"{visible(line)}\n" for text in lines for line in text.split("\n"))


def text_row(one: Change) -> str:
    """One change in the text report; one line whatever its values hold."""
    if one.kind == "changed":
        text = f"{one.row}  {one.column}: {one.before or '(empty)'} -> {one.after or '(empty)'}"
    else:
        text = f"{one.before} -> {one.after}" if one.kind == "renamed" else one.row
    return f"  {visible(text)}"


def as_markdown(difference: Difference, each_row: bool = True) -> str:
    """A summary for a pull request, and for the notes of a release, which count rows and name none."""
    lines = [summary(difference), ""]
    lines += [f"- **Not yet right:** {text.replace(chr(10), ' ')}" for text in difference.unmet or []]
    if difference.unmet:
        lines.append("")
    if difference.changes:
        if difference.changes.contract:
            lines += ["### The contract", ""]
            lines += [f"- {visible(text)} ({bump})" for bump, text in difference.changes.contract]
            lines.append("")
        changed = list(by_table(difference.changes))
        if each_row:
            for table, kind, rows in changed:
                lines += [f"### {table}: {len(rows)} {kind}", "", markdown_rows(kind, rows)]
        else:
            counts = [[f"`{table}`", kind, len(rows)] for table, kind, rows in changed]
            lines += ["### The rows", "", markdown(["table", "what happened", "rows"], counts)]
    whole = "\n".join(lines).rstrip("\n").replace("<", "&lt;")  # whatever a cell holds is no HTML
    return "".join(f"{visible(line)}\n" for line in whole.split("\n"))


def markdown_rows(kind: str, rows: list[Change]) -> str:
    """The rows of one kind as a table, folded where they are many."""
    shown = rows[:SHOWN]
    if kind == "changed":
        cells = [[f"`{one.row}`", one.column, one.before, one.after] for one in shown]
        text = markdown(["row", "column", "before", "after"], cells)
    elif kind == "renamed":
        text = markdown(["retired key", "its successor"], [[f"`{o.before}`", f"`{o.after}`"] for o in shown])
    else:
        text = "".join(f"- `{one.row}`\n" for one in shown)
    return text if len(rows) <= SHOWN else f"{text}\n... and {len(rows) - SHOWN} more.\n"


def as_json(difference: Difference) -> str:
    """One JSON object with everything that changed."""
    entries: dict[str, Any] = {
        "before": difference.before,
        "after": difference.after,
        "unmet": difference.unmet,
    }
    if found := difference.changes:
        contract = [{"bump": bump, "text": text} for bump, text in found.contract]
        entries |= {"bump": found.bump, "contract": contract, "added": {}, "removed": {}, "renamed": {}}
        for table, kind, rows in by_table(found):
            if kind != "changed":
                keys = {one.row: one.after for one in rows}
                entries[kind][table] = keys if kind == "renamed" else list(keys)
        entries["changed"] = [vars(one) for one in found.rows if one.column]
    return json.dumps(entries, ensure_ascii=False) + "\n"
