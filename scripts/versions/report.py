"""The difference of two states rendered: as text for a person, Markdown for a summary, JSON for a program.

`unmet` are the demands that are not met; None where the base is no release, so that none are made.
"""

import json
from collections.abc import Iterator
from typing import Any

from scripts.cli import visible
from scripts.documents.markdown import markdown
from scripts.versions.changes import Change, Changes

SHOWN = 200  # rows of one kind in one table that are shown before the rest is counted


def summary(changes: Changes, unmet: list[str] | None) -> str:
    """What was compared and what it demands, in a sentence."""
    if not changes.before:
        return f"Nothing was released before {changes.after}, so there is nothing to compare with."
    compared = f"From {changes.before} to {changes.after}"
    if changes.bump == "none":
        return f"{compared}: no change."
    if unmet is None:
        return f"{compared}, which was not released: a change of the kind {changes.bump}."
    return f"Since {changes.before}: a {changes.bump} change, which will make version {changes.version}."


def by_table(changes: Changes) -> Iterator[tuple[str, str, list[Change]]]:
    """Each table, what happened to its rows, and those rows."""
    for table in dict.fromkeys(one.table for one in changes.rows):
        for kind in ("changed", "renamed", "removed", "added"):
            if rows := changes.of(table, kind):
                yield table, kind, rows


def as_text(changes: Changes, unmet: list[str] | None) -> str:
    """A person's report, the demands last."""
    lines = [summary(changes, unmet), *(f"  {text} ({bump})" for bump, text in changes.contract)]
    for table, kind, rows in by_table(changes):
        lines.append(f"{table}: {len(rows)} {kind}")
        for one in rows[:SHOWN]:
            cells = f"{one.column}: {one.before or '(empty)'} -> {one.after or '(empty)'}"
            changed = {"changed": f"{one.row}  {cells}", "renamed": f"{one.before} -> {one.after}"}
            lines.append(f"  {visible(changed.get(kind, one.row))}")  # one line whatever its values hold
        if len(rows) > SHOWN:
            lines.append(f"  ... and {len(rows) - SHOWN} more")
    lines += [f"error: {text}" for text in unmet or []]
    return visible("\n".join(lines), but="\n") + "\n"


def as_markdown(changes: Changes, unmet: list[str] | None, each_row: bool = True) -> str:
    """A summary for a pull request, and for the notes of a release, which count rows and name none."""
    parts = [summary(changes, unmet)]
    parts.append("\n".join(f"- **Not yet right:** {text.replace(chr(10), ' ')}" for text in unmet or []))
    if changes.contract:
        parts += [
            "### The contract",
            "\n".join(f"- {visible(text)} ({bump})" for bump, text in changes.contract),
        ]
    if each_row:
        for table, kind, rows in by_table(changes):
            parts += [f"### {table}: {len(rows)} {kind}", markdown_rows(kind, rows)]
    elif changes.before:
        counts = [[f"`{table}`", kind, len(rows)] for table, kind, rows in by_table(changes)]
        parts += ["### The rows", markdown(["table", "what happened", "rows"], counts)]
    whole = "\n\n".join(part.strip("\n") for part in parts if part)
    return visible(whole.replace("<", "&lt;"), but="\n") + "\n"  # whatever a cell holds is no HTML


def markdown_rows(kind: str, rows: list[Change]) -> str:
    """The rows of one kind as a table, folded where they are many."""
    shown = rows[:SHOWN]
    if kind == "changed":
        cells = [[f"`{one.row}`", one.column, one.before, one.after] for one in shown]
        text = markdown(["row", "column", "before", "after"], cells)
    elif kind == "renamed":
        cells = [[f"`{one.before}`", f"`{one.after}`"] for one in shown]
        text = markdown(["retired key", "its successor"], cells)
    else:
        text = "".join(f"- `{one.row}`\n" for one in shown)
    return text if len(rows) <= SHOWN else f"{text}\n... and {len(rows) - SHOWN} more.\n"


def as_json(changes: Changes, unmet: list[str] | None) -> str:
    """One JSON object with everything that changed."""
    entries: dict[str, Any] = {"before": changes.before or None, "after": changes.after, "unmet": unmet}
    if changes.before:
        contract = [{"bump": bump, "text": text} for bump, text in changes.contract]
        entries |= {"bump": changes.bump, "contract": contract, "added": {}, "removed": {}, "renamed": {}}
        for table, kind, rows in by_table(changes):
            if kind != "changed":
                keys = {one.row: one.after for one in rows}
                entries[kind][table] = keys if kind == "renamed" else list(keys)
        entries["changed"] = [vars(one) for one in changes.rows if one.column]
    return json.dumps(entries, ensure_ascii=False) + "\n"
