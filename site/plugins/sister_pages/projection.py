"""From the globe to the page: Lambert's azimuthal equal-area projection, and great circles.

Angles are in degrees, longitude before latitude as in GeoJSON. Formulas: J. P. Snyder, "Map Projections: A
Working Manual", U.S. Geological Survey Professional Paper 1395 (1987), equations 24-2 to 24-4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import acos, atan2, cos, degrees, hypot, radians, sin, sqrt

Point = tuple[float, float]


@dataclass(frozen=True)
class Projection:
    """The sphere on a plane that touches it at `centre`; x grows to the right, y downwards as in SVG.

    A point at distance d from the centre of the map lies at `scale` * 2 sin(d / 2) from `origin`.
    """

    centre: Point
    scale: float = 1.0
    origin: Point = (0.0, 0.0)

    @cached_property
    def _centre(self) -> tuple[float, float, float]:
        longitude, latitude = map(radians, self.centre)
        return longitude, sin(latitude), cos(latitude)

    def __call__(self, point: Point) -> Point:
        """Where a point of the globe falls; the antipode of the centre, which has no one place, somewhere."""
        longitude0, sin0, cos0 = self._centre
        longitude, latitude = map(radians, point)
        east = cos(latitude) * sin(longitude - longitude0)
        across = cos(latitude) * cos(longitude - longitude0)
        north = cos0 * sin(latitude) - sin0 * across
        near = 1 + sin0 * sin(latitude) + cos0 * across
        k = sqrt(2 / max(near, 1e-12))
        return self.origin[0] + self.scale * k * east, self.origin[1] - self.scale * k * north


def angle(a: Point, b: Point) -> float:
    """The angle between two points seen from the centre of the globe, in radians."""
    (lon1, lat1), (lon2, lat2) = (tuple(map(radians, point)) for point in (a, b))
    return acos(max(-1.0, min(1.0, sin(lat1) * sin(lat2) + cos(lat1) * cos(lat2) * cos(lon2 - lon1))))


def great_circle(a: Point, b: Point, steps: int) -> list[Point]:
    """`steps` + 1 points along the shortest way from `a` to `b`, evenly spaced; both ends included.

    Two points that are the same, or opposite, have no one shortest way: only the ends are returned.
    """
    whole = angle(a, b)
    if sin(whole) < 1e-9:
        return [a, b]
    starts, ends = _vector(a), _vector(b)
    way = [a]
    for step in range(1, steps):
        from_a, from_b = sin(whole * (1 - step / steps)) / sin(whole), sin(whole * step / steps) / sin(whole)
        way.append(_point([from_a * s + from_b * e for s, e in zip(starts, ends, strict=True)]))
    return [*way, b]


def _vector(point: Point) -> tuple[float, float, float]:
    longitude, latitude = map(radians, point)
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def _point(vector: Sequence[float]) -> Point:
    x, y, z = vector
    return degrees(atan2(y, x)), degrees(atan2(z, hypot(x, y)))
