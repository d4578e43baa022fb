"""Write the generated parts of the documentation: docs/rules.md, and the tables and answers in README.md.

Exit status: 0 written (with --check: up to date), 1 the data has problems or a file is out of date.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from schemas.check import Report, check
from schemas.problems import KINDS
from scripts.database import write_database
from scripts.home import DESCRIPTOR, ROOT
from scripts.markdown import markdown
from scripts.validate import show

ANSWER = re.compile(r"(```sql\n(.*?)```\n\n<!-- answer -->\n).*?(<!-- /answer -->)", re.S)
TABLES = re.compile(r"(<!-- tables -->\n).*?(<!-- /tables -->)", re.S)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m scripts.docs", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("--check", action="store_true", help="say what is out of date, and write nothing")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    options = parser().parse_args(arguments)
    report = check(DESCRIPTOR)
    if report.problems:
        show(report)
        return 1
    stale = {path: text for path, text in documents(report).items() if text != read(path)}
    for path, text in stale.items():
        print(f"{'out of date' if options.check else 'wrote'}: {path.relative_to(ROOT)}")
        if not options.check:
            path.write_text(text, "utf-8")
    return 1 if stale and options.check else 0


def read(path: Path) -> str:
    """The text of a file, empty where there is none yet."""
    return path.read_text("utf-8") if path.exists() else ""


def documents(report: Report) -> dict[Path, str]:
    """Every generated document as it should stand."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sister_cities.db"
        write_database(report, path, lambda step: None)
        with closing(sqlite3.connect(path)) as db:
            readme = answered(read(ROOT / "README.md"), db)
    readme = TABLES.sub(lambda m: f"{m[1]}{tables(report)}{m[2]}", readme)
    return {ROOT / "README.md": readme, ROOT / "docs" / "rules.md": rules()}


def answered(text: str, db: sqlite3.Connection) -> str:
    """A document with the answer under each of its SQL questions."""

    def answer(match: re.Match[str]) -> str:
        cursor = db.execute(match[2])
        head = [column[0] for column in cursor.description]
        return f"{match[1]}{markdown(head, cursor.fetchall())}{match[3]}"

    return ANSWER.sub(answer, text)


def tables(report: Report) -> str:
    """The tables at a glance: what one row is, and how many there are."""
    return markdown(
        ["table", "what a row is", "rows"],
        [
            [f"`{table.name}`", table.description.split(". ")[0].rstrip(".") + ".", report.rows[table.name]]
            for table in report.package.tables
        ],
    )


def rules() -> str:
    """Every rule of the validator with its sentence and its mend."""
    head = "# What the validator checks\n\nEvery rule, what it says, and how to mend what breaks it. "
    head += "Written by `python -m scripts.docs`.\n\n"
    rows = [[f"`{rule}`", sort.sentence, sort.mend] for rule, sort in sorted(KINDS.items())]
    return head + markdown(["rule", "says", "mend"], rows)


if __name__ == "__main__":
    sys.exit(main())
