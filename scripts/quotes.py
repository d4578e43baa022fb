"""Check the quotes of the sources whose texts you have against those texts, word for word.

DIR holds the texts, one file each, under any name: a text belongs to the source whose text_sha256 it
has. The texts are not part of the package. Sources without a text in DIR are counted as not checked.

Exit status: 0 every quote found, 1 a quote is not in its text or a text belongs to no source, 2 cannot run.
"""

import argparse
import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from schemas.problems import CannotRunError
from schemas.vocabulary import BREAK
from scripts.checking.validator import check
from scripts.cli import DESCRIPTOR, command


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("--texts", type=Path, required=True, metavar="DIR", help="the folder of the texts")
    parser.add_argument(
        "--descriptor", type=Path, default=DESCRIPTOR, help="a datapackage.json (default: this package's)"
    )


@command(arguments)
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    frames = check(options.descriptor).frames
    paths = sorted(path for path in options.texts.iterdir() if path.is_file())
    texts = {path.name: normalised(text_of(path)) for path in paths}
    hashes = {sha256(text): text for text in texts.values()}
    digests = frames["sources"].dropna(subset="text_sha256").set_index("source_id")["text_sha256"]
    strangers = [name for name, text in texts.items() if sha256(text) not in set(digests)]
    for name in strangers:
        print(f"{name}: no source has the text_sha256 {sha256(texts[name])}")
    by_source = {str(source): hashes[digest] for source, digest in digests.items() if digest in hashes}
    missing = list(missing_quotes(frames["statements"], by_source))
    for statement, passage in missing:
        print(f"{statement}: not in its text: {passage}")
    quotes = frames["statements"]["quote"].notna()
    checked = (quotes & frames["statements"]["source_id"].isin(list(by_source))).sum()
    print(f"{checked} quotes checked in {len(by_source)} texts, {quotes.sum() - checked} have no text here")
    return 1 if strangers or missing else 0


def text_of(path: Path) -> str:
    """The text of a file; CannotRunError where it is not UTF-8."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise CannotRunError(f"{path} is not UTF-8: {error}") from None


def normalised(text: str) -> str:
    """A text as text_sha256 is taken of it: NFC, every run of white space one blank, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def sha256(text: str) -> str:
    """The digest of a normalised text, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def missing_quotes(statements: pd.DataFrame, texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The statements, with the passage, whose quote or a part of it is not in the text of its source."""
    quoted = statements[statements["quote"].notna() & statements["source_id"].isin(list(texts))]
    for statement, source, quote in zip(
        quoted["statement_id"], quoted["source_id"], quoted["quote"], strict=True
    ):
        for passage in quote.split(BREAK):
            if not re.search(rf"(?<!\w){re.escape(passage.strip())}(?!\w)", texts[source]):
                yield statement, passage.strip()


if __name__ == "__main__":
    sys.exit(main())
