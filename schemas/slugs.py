"""Readable keys: how a name becomes a slug."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

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
    """The slug of each name; each distinct name is worked out once."""
    known = {name: slug(name) for name in names.dropna().unique()}
    return names.map(known).astype(names.dtype)
