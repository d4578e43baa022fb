"""The arcs of ties on the map, which the build has drawn, and the part of the map that shows some of them."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from sister_pages.context import Row, rows
from sister_pages.svg import element

WIDTH, HEIGHT = 960, 720  # of static/basemap.svg
# Where few ties end: the Rocky Mountains, Siberia, and south of Ukraine.
LABELS = (("United States", (165, 470)), ("Russia", (762, 300)), ("Ukraine", (880, 662)))
# Parts of the map by their name in the address: what to call them, and their viewBox in the map's shape.
VIEWS = {
    "": ("Whole map", f"0 0 {WIDTH} {HEIGHT}"),
    "west": ("West", "30 172 360 270"),
    "midwest": ("Midwest", "90 445 208 156"),
    "south": ("South", "30 468 288 216"),
    "northeast": ("Northeast", "156 555 144 108"),
    "ukraine": ("Ukraine", "730 534 160 120"),
    "europe": ("Russia in Europe", "700 430 224 168"),
    "asia": ("Russia in Asia", "540 0 400 300"),
}
REGIONS = {  # as the U.S. Census Bureau has them
    "west": "AK AZ CA CO HI ID MT NM NV OR UT WA WY",
    "midwest": "IA IL IN KS MI MN MO ND NE OH SD WI",
    "south": "AL AR DC DE FL GA KY LA MD MS NC OK SC TN TX VA WV",
    "northeast": "CT MA ME NH NJ NY PA RI VT",
}
ASIA = 60  # degrees east, where it begins
LEADER = "M868 642L826 600"  # from the name of Ukraine to the country
MARGIN, NARROWEST = 60, 380


def marks(arc: Row) -> Markup:
    """The way of a tie and its two ends as SVG."""
    return element("path", class_="way", d=arc["way"]) + element("path", class_="ends", d=arc["ends"])


def parts_of(state: str | None, country: str, longitude: float | None) -> str:
    """The parts of the map in which a tie ends, by its state's code, its partner's country and longitude.

    >>> parts_of("US-TX", "RU", 37.6)
    'south europe'
    """
    regions = [name for name, states in REGIONS.items() if state and state[3:] in states.split()]
    end = "ukraine" if country == "UA" else "asia" if longitude and longitude >= ASIA else "europe"
    return " ".join([*regions, end])


def read_arcs(db: sqlite3.Connection) -> dict[str, Row]:
    """The arc of each tie whose two points are known: its way, its ends, and the box around it."""
    return {arc["pair_id"]: arc for arc in rows(db, "SELECT * FROM arcs")}


def small_map(db: sqlite3.Connection, ties: Iterable[Row]) -> dict[str, Any]:
    """The `arcs` of ties, each beside its tie, and the `box` of the map that shows them."""
    arcs = read_arcs(db)
    known = [(tie, arcs[tie["pair_id"]]) for tie in ties if tie["pair_id"] in arcs]
    return {"arcs": known, "box": box_around([arc for _, arc in known]) if known else ""}


def box_around(arcs: Sequence[Row]) -> str:
    """A viewBox of the map's shape that holds all of some arcs, of which there is one at least."""
    left, top = (min(arc[side] for arc in arcs) for side in ("left", "top"))
    right, bottom = (max(arc[side] for arc in arcs) for side in ("right", "bottom"))
    width = min(
        WIDTH, max(right - left + 2 * MARGIN, (bottom - top + 2 * MARGIN) * WIDTH / HEIGHT, NARROWEST)
    )
    height = width * HEIGHT / WIDTH
    x = min(max((left + right - width) / 2, 0), WIDTH - width)
    y = min(max((top + bottom - height) / 2, 0), HEIGHT - height)
    return f"{x:.0f} {y:.0f} {width:.0f} {height:.0f}"
