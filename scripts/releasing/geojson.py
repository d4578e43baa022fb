"""Ties and places as GeoJSON (RFC 7946): a great circle between the two places of each tie, and points."""

import json
import math
from itertools import pairwise
from typing import Any

import pandas as pd

from scripts.database.geometry import Point, great_circle, vector

STEP = math.radians(2)  # between points of a line: 222 km, near enough to look like a curve
# The map of a table: its name, and the columns that become the geometry.
MAPS = {
    "pairs_overview": ("ties", ["us_longitude", "us_latitude", "partner_longitude", "partner_latitude"]),
    "places": ("places", ["longitude", "latitude"]),
}


def geojson(table: str, frame: pd.DataFrame, descriptor: dict[str, Any]) -> str:
    """A feature for each row of a table of MAPS, named by its first column; without a geometry if unknown."""
    located = MAPS[table][1]
    features = [
        {
            "type": "Feature",
            "id": next(iter(row.values())),
            "geometry": geometry([row[name] for name in located]),
            "properties": {key: value for key, value in row.items() if key not in located},
        }
        for row in frame.astype(object).where(frame.notna(), None).to_dict("records")
    ]
    about = {key: descriptor[key] for key in ("name", "title", "version")}
    about["licence"] = descriptor["licenses"][0]["name"]
    whole = {"type": "FeatureCollection", **about, "features": features}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def geometry(degrees: list[Any]) -> dict[str, Any] | None:
    """The point of a longitude and a latitude, the line between two; None where one is not known.

    A line is cut where it crosses the antimeridian (RFC 7946, 3.1.9).
    """
    if None in degrees:
        return None
    start, end = tuple(degrees[:2]), tuple(degrees[-2:])
    if len(degrees) == 2:
        return {"type": "Point", "coordinates": start}
    inner = great_circle(start, end, STEP)[1:-1]
    way = [start, *((round(x, 4) + 0.0, round(y, 4) + 0.0) for x, y in inner), end]  # never minus zero
    for i, (one, other) in enumerate(pairwise(way), 1):
        if abs(other[0] - one[0]) > 180:
            side, middle = math.copysign(180, one[0]), crossing(start, end)
            parts = [[*way[:i], (side, middle)], [(-side, middle), *way[i:]]]
            return {"type": "MultiLineString", "coordinates": parts}
    return {"type": "LineString", "coordinates": way}


def crossing(start: Point, end: Point) -> float:
    """The latitude at which the great circle through two points meets the antimeridian.

    >>> crossing((-170, 60), (170, 60))
    60.3783
    """
    (x, y, z), (x2, y2, z2) = vector(start), vector(end)
    across, upwards = y * z2 - z * y2, x * y2 - y * x2  # two parts of the circle's axis
    return round(math.degrees(math.atan2(math.copysign(1, upwards) * across, abs(upwards))), 4)
