"""Rules on publishers."""

import pandas as pd

from schemas.rules import among, rule


@rule("publisher", fix="Write it as sources has it, or remove it.")
def publisher_has_a_source(publishers: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """A publisher that is classified has published a source."""
    return ~among(publishers["publisher"], sources["publisher"])
