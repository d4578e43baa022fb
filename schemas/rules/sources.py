"""Rules on sources."""

import pandas as pd
from rapidfuzz import fuzz, process

from schemas.contract import Package
from schemas.rules import Frames, among, keys_in_use, rule

NEAR = 92.0  # similarity in percent from which two names are taken for one, misspelled


@rule("title", fix="Put the whole title in brackets, or take the bracket away.")
def supplied_title_in_brackets(sources: pd.DataFrame) -> pd.Series:
    """A title that we supplied, and that begins with a square bracket, ends with one."""
    title = sources["title"]
    return title.str.startswith("[") & ~title.str.endswith("]")


@rule("url", fix="Give the address that was read, or say that the source was not read itself.")
def read_source_has_address(sources: pd.DataFrame) -> pd.Series:
    """A source that was read has an address."""
    return sources["url"].isna() & (sources["certainty"] == "stated")


@rule("archived_url", fix="Give the address of the copy; where only the copy was read, it is the url.")
def archived_copy_lies_elsewhere(sources: pd.DataFrame) -> pd.Series:
    """The archived copy of a source has another address than the source."""
    return sources["archived_url"] == sources["url"]


def plain(name: str) -> str:
    """The words of a name, without article, case and punctuation.

    >>> plain("The Odessa Journal"), plain("Babel."), plain("Голос України")
    ('odessa journal', 'babel', 'голос україни')
    """
    words = "".join(c if c.isalnum() else " " for c in name.casefold()).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)


@rule("publisher", fix="Use one spelling; two publishers of nearly one name need both be in publishers.")
def publisher_has_one_spelling(sources: pd.DataFrame, publishers: pd.DataFrame) -> pd.Series:
    """A publisher is spelled as in publishers, or as in most of its sources, and not nearly so."""
    classified = {name: plain(name) for name in publishers["publisher"].dropna()}
    counted = sources["publisher"].value_counts().sort_index().sort_values(kind="stable")
    usual = {plain(name): name for name in [*counted.index, *classified]}
    near = {}
    for name in counted.index.difference(list(classified)):
        nearest = process.extractOne(plain(name), classified, scorer=fuzz.ratio, score_cutoff=NEAR)
        other = nearest[2] if nearest else usual[plain(name)]
        if other != name:
            near[name] = f"{name!r} is spelled {other!r} elsewhere"
    return sources["publisher"].map(near)


@rule("accessed_on", fix="Check both dates.")
def read_after_published(sources: pd.DataFrame) -> pd.Series:
    """No source was read before it was published."""
    return sources["accessed_on"] < sources["published_on"]


@rule("source_id", fix="Cite it where it belongs, or remove it.")
def source_is_used(sources: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """Every source is the source of a row or is cited."""
    return ~among(sources["source_id"], keys_in_use("sources", frames, package))
