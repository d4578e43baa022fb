"""Write the documents that follow from the contract: the codebook and the list of rules.

What stands in datapackage.json or in the rules is written from there and nowhere else by hand. What follows
from the data speaks of the last release: scripts.release --prepare writes it.

Exit status: 0 written (with --check: up to date), 1 a file is out of date, 2 cannot run.
"""

import sys

from schemas.derived import derived_tables
from schemas.problems import KINDS
from scripts.checking.descriptor import read_descriptor
from scripts.cli import DESCRIPTOR, ROOT, Options, command, option
from scripts.directories import written
from scripts.documents.codebook import codebook
from scripts.documents.markdown import markdown


@command(option("--check", action="store_true", help="say what is out of date, and write nothing"))
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    package, _ = read_descriptor(DESCRIPTOR)
    tables = [*package.tables, *derived_tables(package.descriptor)]
    texts = {"rules.md": rules(), "codebook.md": codebook(package.descriptor["title"], tables)}
    stale = written({ROOT / "docs" / name: text for name, text in texts.items()}, options.check)
    for path in stale:
        print(f"{'out of date' if options.check else 'wrote'}: {path.relative_to(ROOT)}")
    return 1 if stale and options.check else 0


def rules() -> str:
    """Every rule of the validator: its sentence and how to fix what breaks it."""
    head = "# What the validator checks\n\nEvery rule, and how to fix what breaks it. "
    head += "Written by `python -m scripts.docs`.\n\n"
    rows = [[f"`{rule}`", kind.sentence, kind.fix] for rule, kind in sorted(KINDS.items())]
    return head + markdown(["rule", "what must hold", "fix"], rows)


if __name__ == "__main__":
    sys.exit(main())
