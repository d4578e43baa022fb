"""Ties on the globe and on the site's map: distances, great circles, and their arcs in the map's frame."""

import math
import sqlite3
from itertools import pairwise

Point = tuple[float, float]  # longitude and latitude in degrees, WGS 84; or x and y in the map's frame
Vector = tuple[float, float, float]

EARTH_RADIUS_KM = 6371.0088  # mean radius of the GRS 80 ellipsoid, (2a + b) / 3
POINTS = """
SELECT pair_id, us.longitude, us.latitude, partner.longitude, partner.latitude
FROM pairs JOIN places AS us ON us.place_id = us_place_id
JOIN places AS partner ON partner.place_id = partner_place_id
WHERE us.latitude IS NOT NULL AND partner.latitude IS NOT NULL ORDER BY pair_id"""

# The frame of site/static/basemap.svg: chosen so that the ways between the United States and Eastern Europe
# bend little and none is cut off.
CENTRE: Point = (-20, 68)
SCALE, ORIGIN = 500, (545, 535)
STEP = math.radians(4)  # between points of an arc, which is then no third of a unit of the map off


def write_geometry(db: sqlite3.Connection) -> None:
    """Fill `distances` and `arcs` for every tie whose two points are known."""
    for pair_id, *degrees in db.execute(POINTS).fetchall():
        start, end = (degrees[0], degrees[1]), (degrees[2], degrees[3])
        db.execute("INSERT INTO distances VALUES (?, ?)", (pair_id, round(distance_km(start, end))))
        way = [projected(point) for point in great_circle(start, end, STEP)]
        box = [round(side) for side in (*map(min, zip(*way, strict=True)), *map(max, zip(*way, strict=True)))]
        # Ends are lines without length, which a round cap makes visible.
        ends = "".join(f"{path([point])}h0" for point in (way[0], way[-1]))
        db.execute("INSERT INTO arcs VALUES (?, ?, ?, ?, ?, ?, ?)", (pair_id, path(way), ends, *box))


def distance_km(start: Point, end: Point) -> float:
    """The distance in kilometres along the great circle.

    >>> round(distance_km((0, 0), (0, 90)))
    10008
    """
    return EARTH_RADIUS_KM * angle(vector(start), vector(end))


def angle(a: Vector, b: Vector) -> float:
    """The angle between two unit vectors in radians, exact for near and for opposite ones too."""
    return 2 * math.atan2(math.dist(a, b), math.dist(a, tuple(-x for x in b)))


def great_circle(start: Point, end: Point, step: float) -> list[Point]:
    """Points along the shorter great circle, no further apart than `step` radians, both ends included.

    Spherical linear interpolation: K. Shoemake, "Animating rotation with quaternion curves", SIGGRAPH 1985.
    Opposite points have no one shortest way: only the ends are returned.
    """
    a, b = vector(start), vector(end)
    whole = angle(a, b)
    steps = 1 if math.pi - whole < 1e-9 else max(1, math.ceil(whole / step))
    inner = []
    for i in range(1, steps):
        weight, other = math.sin(whole * (1 - i / steps)), math.sin(whole * i / steps)
        x, y, z = (weight * p + other * q for p, q in zip(a, b, strict=True))
        inner.append((math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))))
    return [start, *inner, end]


def vector(point: Point) -> Vector:
    """A point on the unit sphere."""
    longitude, latitude = map(math.radians, point)
    flat = math.cos(latitude)
    return flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)


def projected(point: Point) -> Point:
    """Where a point of the globe falls on the map; x grows to the right, y downwards as in SVG.

    Lambert's azimuthal equal-area projection: J. P. Snyder, "Map Projections: A Working Manual", USGS 1395,
    equations 24-2 to 24-4.
    """
    longitude0, latitude0 = map(math.radians, CENTRE)
    longitude, latitude = map(math.radians, point)
    east = math.cos(latitude) * math.sin(longitude - longitude0)
    across = math.cos(latitude) * math.cos(longitude - longitude0)
    north = math.cos(latitude0) * math.sin(latitude) - math.sin(latitude0) * across
    near = 1 + math.sin(latitude0) * math.sin(latitude) + math.cos(latitude0) * across
    k = SCALE * math.sqrt(2 / max(near, 1e-12))
    return ORIGIN[0] + k * east, ORIGIN[1] - k * north


def path(points: list[Point]) -> str:
    """Points as SVG path data with relative steps of a tenth of a unit, without adding up what is rounded."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(tenths)]
    start = f"M{tenths[0][0] / 10:g} {tenths[0][1] / 10:g}"
    return start + "".join(f"l{x / 10:g} {y / 10:g}" for x, y in steps if x or y)
