"""The ties as GeoJSON (RFC 7946): a line along the great circle between the two places of each."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

from scripts.database.geometry import Point, great_circle

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
    line = great_circle((longitude, latitude), (longitude2, latitude2), STEP)
    parts = list(cut([line[0], *(rounded(*point) for point in line[1:-1]), line[-1]]))
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


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
