"""Documents whose examples are run: SQL on the database, Python and R in the folder of a release."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from scripts.build import DATABASE
from scripts.documents.markdown import markdown

ANSWER = re.compile(r"(```sql\n(.*?)```\n\n<!-- answer -->\n).*?(<!-- /answer -->)", re.S)
OUTPUT = re.compile(r"(```(python|r)\n(.*?)```\n\n<!-- output -->\n)(.*?)(<!-- /output -->)", re.S)
PROGRAMS = {"python": [sys.executable, "-"], "r": ["Rscript", "--vanilla", "-"]}
MINUTES = 5  # after which an example is taken to hang


def with_answers(text: str, folder: Path) -> str:
    """A document with the table under each of its SQL questions, and the output under each program."""
    with closing(sqlite3.connect(folder / f"{DATABASE}.db")) as db:
        text = ANSWER.sub(lambda match: f"{match[1]}{answer(db, match[2])}{match[3]}", text)
    return OUTPUT.sub(lambda match: f"{match[1]}{output(match, folder)}{match[5]}", text)


def answer(db: sqlite3.Connection, query: str) -> str:
    """The answer to a question as a table in Markdown."""
    cursor = db.execute(query)
    return markdown([column[0] for column in cursor.description], cursor.fetchall())


def output(match: re.Match[str], folder: Path) -> str:
    """What an example prints, run in the folder; one whose program is not installed keeps its output.

    Raises subprocess.CalledProcessError where it fails.
    """
    command = PROGRAMS[match[2]]
    if not shutil.which(command[0]):
        return match[4]
    environment = os.environ | {"LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    printed = subprocess.check_output(
        command, cwd=folder, input=match[3], encoding="utf-8", timeout=MINUTES * 60, env=environment
    )
    lines = (line.rstrip() for line in printed.splitlines())
    return "```text\n" + "".join(f"{line}\n" for line in lines) + "```\n"
