"""Write every generated file: documents, examples with their output, metadata for catalogues, versions.

What stands in datapackage.json, in the rules or in the data is written from there and nowhere else by hand.
R examples keep their output where Rscript is not installed.

Exit status: 0 written (with --check: up to date), 1 the data has problems or a file is out of date.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path

from schemas.derived import derived_tables
from schemas.problems import KINDS
from scripts.build import DATABASE
from scripts.checking.validator import Report, check
from scripts.cli import DESCRIPTOR, ROOT, command
from scripts.documents.catalogues import dcat, schema_org
from scripts.documents.citing import citation, cite_as, zenodo
from scripts.documents.codebook import codebook
from scripts.documents.coverage import coverage
from scripts.documents.examples import release_folder, with_answers
from scripts.documents.markdown import markdown
from scripts.validate import show

EXAMPLES = "docs/examples.md"
TABLES = re.compile(r"(<!-- tables -->\n).*?(<!-- /tables -->)", re.S)
CITED = re.compile(r"(<!-- citation -->\n).*?(<!-- /citation -->)", re.S)
PROJECT_VERSION = re.compile(r'^version = ".*"$', re.M)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--check", action="store_true", help="say what is out of date, and write nothing")


@command(arguments)
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    report = check(DESCRIPTOR)
    if report.problems:
        show(report)
        return 1
    stale = {path: text for path, text in documents(report).items() if text != read(path)}
    for path, text in stale.items():
        print(f"{'out of date' if options.check else 'wrote'}: {path.relative_to(ROOT)}")
        if not options.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if stale and options.check else 0


def read(path: Path) -> str:
    """The text of a file, empty where there is none yet."""
    return path.read_text("utf-8") if path.exists() else ""


def documents(report: Report) -> dict[Path, str]:
    """Every generated file as it should stand."""
    descriptor = report.package.descriptor
    with tempfile.TemporaryDirectory() as folder:
        release_folder(report, Path(folder))
        covered = coverage(report, Path(folder) / f"{DATABASE}.db")
        readme, examples = (with_answers(read(ROOT / name), Path(folder)) for name in ("README.md", EXAMPLES))
    readme = TABLES.sub(lambda match: f"{match[1]}{tables(report)}{match[2]}", readme)
    readme = CITED.sub(lambda match: f"{match[1]}{cite_as(descriptor)}\n{match[2]}", readme)
    project = PROJECT_VERSION.sub(
        f'version = "{descriptor["version"]}"', read(ROOT / "pyproject.toml"), count=1
    )
    texts = {
        "README.md": readme,
        EXAMPLES: examples,
        "docs/rules.md": rules(),
        "docs/coverage.md": covered,
        "docs/codebook.md": codebook(
            descriptor["title"], [*report.package.tables, *derived_tables(descriptor)]
        ),
        "pyproject.toml": project,
        "CITATION.cff": citation(descriptor),
        ".zenodo.json": as_json(zenodo(descriptor)),
        "catalogue/schema-org.jsonld": as_json(schema_org(descriptor)),
        "catalogue/dcat.jsonld": as_json(dcat(descriptor)),
    }
    return {ROOT / name: text for name, text in texts.items()}


def as_json(value: object) -> str:
    """A value as JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


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
    """Every rule of the validator: its sentence and how to fix what breaks it."""
    head = "# What the validator checks\n\nEvery rule, and how to fix what breaks it. "
    head += "Written by `python -m scripts.docs`.\n\n"
    rows = [[f"`{rule}`", kind.sentence, kind.fix] for rule, kind in sorted(KINDS.items())]
    return head + markdown(["rule", "what must hold", "fix"], rows)


if __name__ == "__main__":
    sys.exit(main())
