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


def summary(found: Changes, unmet: list[str] | None) -> str:
    """What was compared and what it demands, in a sentence."""
    if not found.before:
        return f"Nothing was released before {found.after}, so there is nothing to compare with."
    compared = f"From {found.before} to {found.after}"
    if found.bump == "none":
        return f"{compared}: no change."
    if unmet is None:
        return f"{compared}, which was not released: a change of the kind {found.bump}."
    return f"Since {found.before}: a {found.bump} change, which will make version {found.version}."


def by_table(found: Changes) -> Iterator[tuple[str, str, list[Change]]]:
    """Each table, what happened to its rows, and those rows."""
    for table in dict.fromkeys(one.table for one in found.rows):
        for kind in ("changed", "renamed", "removed", "added"):
            if rows := found.of(table, kind):
                yield table, kind, rows


def as_text(found: Changes, unmet: list[str] | None) -> str:
    """A person's report, the demands last."""
    lines = [summary(found, unmet), *(f"  {text} ({bump})" for bump, text in found.contract)]
    for table, kind, rows in by_table(found):
        lines += [f"{table}: {len(rows)} {kind}", *map(text_row, rows[:SHOWN])]
        if len(rows) > SHOWN:
            lines.append(f"  ... and {len(rows) - SHOWN} more")
    lines += [f"error: {text}" for text in unmet or []]
    return visible("\n".join(lines), but="\n") + "\n"


def text_row(one: Change) -> str:
    """One change in the text report; one line whatever its values hold."""
    if one.kind == "changed":
        text = f"{one.row}  {one.column}: {one.before or '(empty)'} -> {one.after or '(empty)'}"
    else:
        text = f"{one.before} -> {one.after}" if one.kind == "renamed" else one.row
    return f"  {visible(text)}"


def as_markdown(found: Changes, unmet: list[str] | None, each_row: bool = True) -> str:
    """A summary for a pull request, and for the notes of a release, which count rows and name none."""
    lines = [summary(found, unmet), ""]
    lines += [f"- **Not yet right:** {text.replace(chr(10), ' ')}" for text in unmet or []]
    if unmet:
        lines.append("")
    if found.contract:
        lines += ["### The contract", ""]
        lines += [f"- {visible(text)} ({bump})" for bump, text in found.contract]
        lines.append("")
    if each_row:
        for table, kind, rows in by_table(found):
            lines += [f"### {table}: {len(rows)} {kind}", "", markdown_rows(kind, rows)]
    elif found.before:
        counts = [[f"`{table}`", kind, len(rows)] for table, kind, rows in by_table(found)]
        lines += ["### The rows", "", markdown(["table", "what happened", "rows"], counts)]
    whole = "\n".join(lines).rstrip("\n").replace("<", "&lt;")  # whatever a cell holds is no HTML
    return visible(whole, but="\n") + "\n"


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


def as_json(found: Changes, unmet: list[str] | None) -> str:
    """One JSON object with everything that changed."""
    entries: dict[str, Any] = {"before": found.before or None, "after": found.after, "unmet": unmet}
    if found.before:
        contract = [{"bump": bump, "text": text} for bump, text in found.contract]
        entries |= {"bump": found.bump, "contract": contract, "added": {}, "removed": {}, "renamed": {}}
        for table, kind, rows in by_table(found):
            if kind != "changed":
                keys = {one.row: one.after for one in rows}
                entries[kind][table] = keys if kind == "renamed" else list(keys)
        entries["changed"] = [vars(one) for one in found.rows if one.column]
    return json.dumps(entries, ensure_ascii=False) + "\n"
