"""Rules on sources."""

from __future__ import annotations

import pandas as pd

from schemas.contract import Package
from schemas.rules import Frames, rule
from schemas.rules.lookups import among, keys_in_use


@rule("sources", "title", fix="Put the whole title in brackets, or take the bracket away.")
def supplied_title_in_brackets(sources: pd.DataFrame) -> pd.Series:
    """A title that we supplied, and that begins with a square bracket, ends with one."""
    title = sources["title"]
    return title.str.startswith("[") & ~title.str.endswith("]")


@rule(
    "sources",
    "url",
    fix="Give the address that was read, or say that the source was not read itself.",
)
def read_source_has_address(sources: pd.DataFrame) -> pd.Series:
    """A source that was read has an address."""
    return sources["url"].isna() & (sources["certainty"] == "stated")


@rule("sources", "accessed_on", fix="Check both dates.")
def read_after_published(sources: pd.DataFrame) -> pd.Series:
    """No source was read before it was published."""
    return sources["accessed_on"] < sources["published_on"]


@rule("sources", "source_id", fix="Cite it where it belongs, or remove it.")
def source_is_used(sources: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """Every source is the source of a row or is cited."""
    return ~among(sources["source_id"], keys_in_use("sources", frames, package))
