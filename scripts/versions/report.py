"""The difference of two states rendered: as text for a person, Markdown for a summary, JSON for a program."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.cli import visible
from scripts.documents.markdown import markdown
from scripts.versions.changes import Changes, next_version

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


def lines_by_table(found: Changes) -> Iterator[tuple[str, str, list[list[str]]]]:
    """Each table, what happened to its rows, and those rows: key, column, value before, value after."""
    for table in found.added:
        cells = [[c.row, c.column, c.before, c.after] for c in found.cells if c.table == table]
        yield table, "changed", cells
        yield table, "renamed", [[a, "", a, b] for a, b in found.renamed.get(table, {}).items()]
        yield table, "removed", [[key, "", "", ""] for key in found.removed.get(table, [])]
        yield table, "added", [[key, "", "", ""] for key in found.added[table]]


def as_text(difference: Difference) -> str:
    """A person's report, the demands last."""
    lines = [summary(difference)]
    if difference.changes:
        lines += [f"  {text} ({bump})" for bump, text in difference.changes.contract]
        for table, what, rows in lines_by_table(difference.changes):
            if rows:
                lines.append(f"{table}: {len(rows)} {what}")
                lines += [text_row(what, row) for row in rows[:SHOWN]]
            if len(rows) > SHOWN:
                lines.append(f"  ... and {len(rows) - SHOWN} more")
    lines += [f"error: {text}" for text in difference.unmet or []]
    return "".join(f"{visible(line)}\n" for text in lines for line in text.split("\n"))


def text_row(what: str, row: list[str]) -> str:
    """One row of the text report."""
    key, column, before, after = map(visible, row)
    if what == "changed":
        return f"  {key}  {column}: {before or '(empty)'} -> {after or '(empty)'}"
    return f"  {before} -> {after}" if what == "renamed" else f"  {key}"


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
        changed = [one for one in lines_by_table(difference.changes) if one[2]]
        if each_row:
            for table, what, rows in changed:
                lines += [f"### {table}: {len(rows)} {what}", "", markdown_rows(what, rows)]
        else:
            counts = [[f"`{table}`", what, len(rows)] for table, what, rows in changed]
            lines += ["### The rows", "", markdown(["table", "what happened", "rows"], counts)]
    whole = "\n".join(lines).rstrip("\n").replace("<", "&lt;")  # whatever a cell holds is no HTML
    return "".join(f"{visible(line)}\n" for line in whole.split("\n"))


def markdown_rows(what: str, rows: list[list[str]]) -> str:
    """The rows of one kind as a table, folded where they are many."""
    shown = [[f"`{key}`", column, before, after] for key, column, before, after in rows[:SHOWN]]
    if what == "changed":
        text = markdown(["row", "column", "before", "after"], shown)
    elif what == "renamed":
        text = markdown(["retired key", "its successor"], [[key, f"`{after}`"] for key, _, _, after in shown])
    else:
        text = "".join(f"- {key}\n" for key, *_ in shown)
    return text if len(rows) <= SHOWN else f"{text}\n... and {len(rows) - SHOWN} more.\n"


def as_json(difference: Difference) -> str:
    """One JSON object with everything that changed."""
    found = difference.changes
    entries: dict[str, object] = {
        "before": difference.before,
        "after": difference.after,
        "unmet": difference.unmet,
    }
    if found:
        entries |= {
            "bump": found.bump,
            "contract": [{"bump": bump, "text": text} for bump, text in found.contract],
            "added": {table: rows for table, rows in found.added.items() if rows},
            "removed": {table: rows for table, rows in found.removed.items() if rows},
            "renamed": {table: rows for table, rows in found.renamed.items() if rows},
            "changed": [vars(cell) for cell in found.cells],
        }
    return json.dumps(entries, ensure_ascii=False) + "\n"
