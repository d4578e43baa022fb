"""Readable keys: how a name becomes a slug."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

DROPPED = re.compile("['’‘ʼʹ`]")


def slug(name: str) -> str:
    """Words of a name in lower case, without accents and apostrophes, joined by hyphens.

    >>> slug("Bryan–College Station"), slug("Slov'yansk"), slug("San José")
    ('bryan-college-station', 'slovyansk', 'san-jose')
    """
    words = "".join(c if c.isalnum() else " " for c in DROPPED.sub("", name))
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return "-".join(plain.lower().split())


def slugs(names: pd.Series) -> pd.Series:
    """The slug of each name; Arrow makes those of plain letters, `slug` the rest, each once."""
    cells = pa.array(names)
    lower = pc.ascii_lower(pc.replace_substring_regex(cells, "['`]", ""))
    plain = pc.ascii_trim(pc.replace_substring_regex(lower, "[^a-z0-9]+", "-"), "-")
    made = pd.Series(plain, index=names.index, dtype=names.dtype)
    other = names[~pd.Series(pc.string_is_ascii(cells), index=names.index, dtype="boolean").fillna(True)]
    made[other.index] = other.map({name: slug(name) for name in other.unique()})
    return made


def begins_with(keys: pd.Series, names: pd.Series) -> pd.Series:
    """Whether each key is the name or begins with it and a hyphen; both are slugs, missing where one is.

    Of all texts, those that begin with `name-` lie between it and `name.`: the full stop follows the hyphen.
    """
    whole = keys + "-"
    return (whole >= names + "-") & (whole < names + ".")
