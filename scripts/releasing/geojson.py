"""Ties and places as GeoJSON (RFC 7946): a great circle between the two places of each tie, and points."""

import json
import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

from scripts.database.geometry import Point, great_circle, vector

STEP = math.radians(2)  # between points of a line: 222 km, near enough to look like a curve
ENDS = ["us_longitude", "us_latitude", "partner_longitude", "partner_latitude"]
POINT = ["longitude", "latitude"]


def ties_geojson(overview: pd.DataFrame, descriptor: dict[str, Any]) -> str:
    """A feature for each row of pairs_overview; its geometry is null where a point is not known."""
    return collection(overview, ENDS, line, descriptor)


def places_geojson(places: pd.DataFrame, descriptor: dict[str, Any]) -> str:
    """A feature for each place; its geometry is null where its point is not known."""
    return collection(places, POINT, point, descriptor)


def collection(
    frame: pd.DataFrame,
    located: list[str],
    geometry: Callable[[list[float | None]], dict[str, Any] | None],
    descriptor: dict[str, Any],
) -> str:
    """A feature for each row, named by its first column; the columns `located` become its geometry."""
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


def point(at: list[float | None]) -> dict[str, Any] | None:
    """A longitude and a latitude as a point."""
    return None if None in at else {"type": "Point", "coordinates": at}


def line(ends: list[float | None]) -> dict[str, Any] | None:
    """The line between two points, cut where it crosses the antimeridian (RFC 7946, 3.1.9)."""
    if None in ends:
        return None
    longitude, latitude, longitude2, latitude2 = (float(end or 0) for end in ends)
    way = great_circle((longitude, latitude), (longitude2, latitude2), STEP)
    parts = list(cut([way[0], *(rounded(*inner) for inner in way[1:-1]), way[-1]]))
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def rounded(longitude: float, latitude: float) -> Point:
    """A point to four decimals, never minus zero."""
    return round(longitude, 4) + 0.0, round(latitude, 4) + 0.0


def cut(way: list[Point]) -> Iterator[list[Point]]:
    """The parts of a great circle on each side of the antimeridian."""
    part = [way[0]]
    for (longitude, _), (longitude2, latitude2) in pairwise(way):
        if abs(longitude2 - longitude) > 180:
            side, middle = math.copysign(180, longitude), crossing(way[0], way[-1])
            yield [*part, (side, middle)]
            part = [(-side, middle)]
        part.append((longitude2, latitude2))
    yield part


def crossing(start: Point, end: Point) -> float:
    """The latitude at which the great circle through two points meets the antimeridian.

    >>> crossing((-170, 60), (170, 60))
    60.3783
    """
    (x, y, z), (x2, y2, z2) = vector(start), vector(end)
    across, upwards = y * z2 - z * y2, x * y2 - y * x2  # two parts of the circle's axis
    return round(math.degrees(math.atan2(math.copysign(1, upwards) * across, abs(upwards))), 4)
