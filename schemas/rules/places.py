"""Rules on places."""

import pandas as pd

from schemas.contract import Package
from schemas.rules import Frames, among, empty, expected, keys_in_use, rule, slugs

# South, west, north, east in degrees, with room for islands; Russia reaches over the 180th meridian,
# so that all longitudes east of 19 and those west of -169 are its own. Crimea lies in Ukraine's box.
BOXES = {
    "US": [(18.0, -180.0, 72.0, -66.0)],
    "RU": [(41.0, 19.0, 82.0, 180.0), (62.0, -180.0, 72.0, -169.0)],
    "UA": [(44.0, 22.0, 53.0, 41.0)],
}
WITHOUT_DIVISION = ["country", "area"]
KINDS_OF = {"county": ["US"], "state": ["US"], "oblast": ["RU", "UA"]}


@rule("place_id", fix="Compose it of country, ISO 3166-2 part and name.")
def place_id_is_composed(places: pd.DataFrame) -> pd.Series:
    """A place_id is the admin1_code, or the country where there is none, and the name, joined by hyphens."""
    division = places["admin1_code"].fillna(places["country"]).str.lower()
    return expected(places["place_id"], division + "-" + slugs(places["name"]))


@rule("admin1_code", fix="Take the code from ISO 3166-2 of the place's own country.")
def division_in_country(places: pd.DataFrame) -> pd.Series:
    """A first-level division lies in the country of the place."""
    return places["admin1_code"].str.slice(0, 2) != places["country"]


@rule("admin1_name", fix="Give both, or neither.")
def division_has_name(places: pd.DataFrame) -> pd.Series:
    """The code and the name of a first-level division stand together."""
    return places["admin1_code"].isna() != places["admin1_name"].isna()


@rule("admin1_name", fix="Use one name for one code in all rows.")
def division_has_one_name(places: pd.DataFrame) -> pd.Series:
    """A first-level division has the same name in every row."""
    first = places.groupby("admin1_code")["admin1_name"].transform("first")
    return places["admin1_name"] != first


@rule("admin1_code", fix="Empty it, or correct the kind.")
def country_has_no_division(places: pd.DataFrame) -> pd.Series:
    """A country or an area has no first-level division."""
    return places["kind"].isin(WITHOUT_DIVISION) & places["admin1_code"].notna()


@rule("kind", fix="Correct the kind or the country.")
def kind_fits_country(places: pd.DataFrame) -> pd.Series:
    """Counties and states are U.S. places, oblasts are Russian or Ukrainian."""
    wrong = pd.Series(False, index=places.index)
    for kind, countries in KINDS_OF.items():
        wrong |= ((places["kind"] == kind) & ~places["country"].isin(countries)).fillna(False)
    return wrong & places["country"].notna()


@rule("longitude", fix="Give both, or neither.")
def coordinates_together(places: pd.DataFrame) -> pd.Series:
    """Latitude and longitude are both given or both empty."""
    return empty(places, "latitude") != empty(places, "longitude")


@rule("latitude", fix="Check sign and order: latitude is north, longitude east.")
def coordinates_in_country(places: pd.DataFrame) -> pd.Series:
    """The point of a place lies within the bounds of its country."""
    latitude, longitude = places["latitude"], places["longitude"]
    inside = latitude.isna() | longitude.isna() | ~places["country"].isin(list(BOXES))
    for country, boxes in BOXES.items():
        for south, west, north, east in boxes:
            box = latitude.between(south, north) & longitude.between(west, east)
            inside |= (places["country"] == country) & box
    return ~inside.fillna(True).astype(bool)


@rule("population_year", fix="Give the population, or empty the year.")
def population_year_has_population(places: pd.DataFrame) -> pd.Series:
    """A population year has its population."""
    return places["population_year"].notna() & empty(places, "population")


@rule("place_id", fix="Remove it, or use it in a tie, a statement or a number.")
def place_is_used(places: pd.DataFrame, frames: Frames, package: Package) -> pd.Series:
    """Every place takes part in a tie, or a statement or number is about it."""
    return ~among(places["place_id"], keys_in_use("places", frames, package))
