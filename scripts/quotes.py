"""Check the quotes of the sources whose texts you have against those texts, word for word.

DIR holds the texts, one file each, under any name: a text belongs to the source whose text_sha256 it
has. The texts are not part of the package. Sources without a text in DIR are counted as not checked.

Exit status: 0 every quote found, 1 a quote is not in its text or a text belongs to no source, 2 cannot run.
"""

import hashlib
import re
import sys
import unicodedata
from pathlib import Path

from schemas.problems import CannotRunError
from schemas.vocabulary import BREAK
from scripts.cli import PACKAGE, Options, command, option
from scripts.versions.snapshots import folder_state


@command(
    PACKAGE,
    option("--texts", type=Path, required=True, metavar="DIR", help="the folder of the texts"),
)
def main(options: Options) -> int:
    """Run the command; returns the exit status."""
    rows = folder_state(options.descriptor.absolute().parent).rows
    digests = {key: row["text_sha256"] for key, row in rows["sources"].items() if row["text_sha256"]}
    files = {path.name: text_of(path) for path in sorted(options.texts.iterdir()) if path.is_file()}
    texts = {sha256(text): text for text in files.values()}
    wrong = [
        f"{name}: no source has the text_sha256 {sha256(text)}"
        for name, text in files.items()
        if sha256(text) not in digests.values()
    ]
    quoted = [row for row in rows["statements"].values() if row["quote"]]
    checked = [row for row in quoted if digests.get(row["source_id"]) in texts]
    wrong += [
        f"{row['statement_id']}: not in its text: {passage.strip()}"
        for row in checked
        for passage in row["quote"].split(BREAK)
        if not stands_in(passage.strip(), texts[digests[row["source_id"]]])
    ]
    known = sum(digest in texts for digest in digests.values())
    said = f"{len(checked)} quotes checked in {known} texts, {len(quoted) - len(checked)} have no text here"
    print("\n".join([*wrong, said]))
    return 1 if wrong else 0


def text_of(path: Path) -> str:
    """The text of a file as text_sha256 is taken of it: NFC, one blank for white space, none at the ends.

    Raises CannotRunError where it is not UTF-8.
    """
    try:
        return " ".join(unicodedata.normalize("NFC", path.read_text("utf-8")).split())
    except UnicodeDecodeError as error:
        raise CannotRunError(f"{path} is not UTF-8: {error}") from None


def sha256(text: str) -> str:
    """The digest of a text, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def stands_in(passage: str, text: str) -> bool:
    """Whether whole words of a text are the passage."""
    return re.search(rf"(?<!\w){re.escape(passage)}(?!\w)", text) is not None


if __name__ == "__main__":
    sys.exit(main())
