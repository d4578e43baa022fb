"""Add a row with all that it needs: its key, its places, its source. Asks for what no option answers.

Ties, places and sources are given by name ("Chicago Moscow"), dates as 2024-05-14, 2024-05 or 2024. A
place that is not there is looked up in GeoNames; for a source the address comes first. The rows are
checked, and what they mean is said. If anything is wrong, nothing is written.

Exit status: 0 written, 1 nothing written because an answer or a row is wrong, 2 cannot run.
"""

import argparse
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from scripts.adding.questions import KINDS, Answers, ask, form_answers, questions
from scripts.adding.rows import drafted
from scripts.checking.validator import Report, check
from scripts.cli import DESCRIPTOR, Options, RefusedError, command, visible
from scripts.format import replace as put_in_place
from scripts.versions.meaning import meaning
from scripts.versions.snapshots import canonical, folder_state, write_state

USED_LATER = {"source-is-used", "place-is-used"}  # broken by the first of two rows until the second is there


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command, those of each kind read from the contract."""
    state = folder_state(DESCRIPTOR.parent)
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True, help=", ".join(KINDS))
    for kind in KINDS:
        one = kinds.add_parser(kind)
        one.add_argument("--package", type=Path, default=DESCRIPTOR, help="a datapackage.json")
        one.add_argument("--from-form", type=Path, metavar="FILE", help="a filled-in issue form as text")
        for question in questions(state, kind):
            name = question.name.replace("_", "-")
            text = question.help.replace("%", "%%")  # which argparse reads as a sign of its own
            one.add_argument(f"--{name}", dest=f"answer {question.name}", metavar="TEXT", help=text)


@command(arguments)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    before = check(options.package)
    folder = options.package.absolute().parent
    state, answers = folder_state(folder), given(options)
    if sys.stdin.isatty() and not options.from_form:
        answers = ask(state, options.kind, answers)
    draft = drafted(state, options.kind, answers, date.today().isoformat(), before.package.folder)
    with tempfile.TemporaryDirectory() as copy:
        after = check(write_state(draft, Path(copy)))
        refuse_problems(before, after)
        said = list(meaning(state, draft, after))
        for name, table in sorted(draft.tables.items()):
            if draft.rows[name] != state.rows[name]:
                put_in_place(folder / table.path, canonical(table, draft.rows[name].values()))
                print(f"wrote {table.path}")
    print("\n".join(map(visible, said)))
    return 0


def given(options: Options) -> Answers:
    """The answers of the form, if there is one, and of the options, which come before it."""
    path = options.from_form
    form = form_answers(options.kind, path.read_text("utf-8")) if path else {}
    return form | {
        name.removeprefix("answer "): value
        for name, value in vars(options).items()
        if name.startswith("answer ") and value is not None
    }


def refuse_problems(before: Report, after: Report) -> None:
    """Raise RefusedError where the rows bring problems, but for what the next row is to use; show them."""
    earlier = {replace(problem, line=None) for problem in before.problems}
    new = [problem for problem in after.problems if replace(problem, line=None) not in earlier]
    wrong = [problem for problem in new if problem.rule not in USED_LATER]
    for problem in wrong:
        place = f"{problem.file}, {problem.column or 'row'} {problem.value or ''}".rstrip()
        print(f"{visible(place)}: {visible(problem.told)}", file=sys.stderr)
    if wrong:
        raise RefusedError("nothing was written")


if __name__ == "__main__":
    sys.exit(main())
