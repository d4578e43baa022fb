"""The ties as GeoJSON (RFC 7946): a line along the great circle between the two places of each."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

Point = tuple[float, float]  # longitude and latitude in degrees, WGS 84
STEP = math.radians(2)  # between points of a line: 222 km, near enough to look like a curve
ENDS = ["us_longitude", "us_latitude", "partner_longitude", "partner_latitude"]


def ties_geojson(overview: pd.DataFrame, descriptor: dict[str, Any]) -> str:
    """A feature for each row of pairs_overview; its geometry is null where a point is not known."""
    features = [
        {
            "type": "Feature",
            "id": row["pair_id"],
            "geometry": geometry([row[end] for end in ENDS]),
            "properties": {key: value for key, value in row.items() if key not in ENDS},
        }
        for row in overview.astype(object).where(overview.notna(), None).to_dict("records")
    ]
    about = {key: descriptor[key] for key in ("name", "title", "version")}
    about["licence"] = descriptor["licenses"][0]["name"]
    whole = {"type": "FeatureCollection", **about, "features": features}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def geometry(ends: list[float | None]) -> dict[str, Any] | None:
    """The line between two points, cut where it crosses the antimeridian (RFC 7946, 3.1.9)."""
    if None in ends:
        return None
    longitude, latitude, longitude2, latitude2 = (float(end or 0) for end in ends)
    parts = list(cut(great_circle((longitude, latitude), (longitude2, latitude2))))
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def great_circle(start: Point, end: Point) -> list[Point]:
    """Points along the shorter great circle, both ends included, rounded to four decimals (11 m).

    Spherical linear interpolation: K. Shoemake, "Animating rotation with quaternion curves", SIGGRAPH 1985.
    """
    a, b = vector(start), vector(end)
    angle = math.acos(max(-1.0, min(1.0, sum(x * y for x, y in zip(a, b, strict=True)))))
    steps = max(1, math.ceil(angle / STEP))
    inner = []
    for i in range(1, steps):
        weight, other = math.sin(angle * (1 - i / steps)), math.sin(angle * i / steps)
        x, y, z = (weight * p + other * q for p, q in zip(a, b, strict=True))
        inner.append(rounded(math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))))
    return [start, *inner, end]


def vector(point: Point) -> tuple[float, float, float]:
    """A point on the unit sphere."""
    longitude, latitude = map(math.radians, point)
    flat = math.cos(latitude)
    return flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)


def rounded(longitude: float, latitude: float) -> Point:
    """A point to four decimals, never minus zero."""
    return round(longitude, 4) + 0.0, round(latitude, 4) + 0.0


def cut(line: list[Point]) -> Iterator[list[Point]]:
    """The parts of a line on each side of the antimeridian."""
    part = [line[0]]
    for (longitude, latitude), (longitude2, latitude2) in pairwise(line):
        if abs(longitude2 - longitude) > 180:
            side = math.copysign(180, longitude)
            over = longitude2 + 2 * side
            share = (side - longitude) / (over - longitude)
            middle = round(latitude + share * (latitude2 - latitude), 4)
            yield [*part, (side, middle)]
            part = [(-side, middle)]
        part.append((longitude2, latitude2))
    yield part
