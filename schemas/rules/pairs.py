"""Rules on ties."""

import pandas as pd

from schemas.rules import expected, looked_up, rule
from schemas.vocabulary import PARTNERS

KIND_NEEDS = {"sister_state": "state", "sister_county": "county"}


@rule("pair_id", fix="Compose it of us_place_id, two hyphens and partner_place_id.")
def pair_id_is_composed(pairs: pd.DataFrame) -> pd.Series:
    """A pair_id is us_place_id, two hyphens and partner_place_id."""
    return expected(pairs["pair_id"], pairs["us_place_id"] + "--" + pairs["partner_place_id"])


@rule("us_place_id", fix="Put the U.S. place here and the other in partner_place_id.")
def us_place_in_us(pairs: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """The U.S. place of a tie lies in the United States."""
    return looked_up(pairs["us_place_id"], places, "place_id", "country") != "US"


@rule("partner_place_id", fix="Ties with other countries are outside the scope of the package.")
def partner_in_russia_or_ukraine(pairs: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """The partner place of a tie lies in Russia or Ukraine."""
    country = looked_up(pairs["partner_place_id"], places, "place_id", "country")
    return country.notna() & ~country.isin(list(PARTNERS))


@rule("tie_kind", fix="Correct the kind of tie, or the place.")
def tie_kind_fits_place(pairs: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """A sister state is a U.S. state and a sister county a U.S. county."""
    needed = pairs["tie_kind"].map(KIND_NEEDS).astype(pairs["tie_kind"].dtype)
    return looked_up(pairs["us_place_id"], places, "place_id", "kind") != needed
