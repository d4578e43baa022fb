"""Rules on names of places."""

import pandas as pd

from schemas.rules import looked_up, rule


@rule("name", fix="Remove the row: the place is found by that name already.")
def place_name_is_another(place_names: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """A further name of a place is not the name that places has."""
    return place_names["name"] == looked_up(place_names["place_id"], places, "place_id", "name")


@rule("name", fix="Call it native, or write it in Latin letters.")
def transliteration_in_latin(place_names: pd.DataFrame) -> pd.Series:
    """A transliteration is written in Latin letters."""
    latin = ~place_names["name"].str.contains(r"[\u0370-\u1fff]", regex=True)
    return (place_names["kind"] == "transliteration") & ~latin
