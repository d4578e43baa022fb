"""Ties on the globe and on the map: distances, great circles, the projection, what the build draws."""

import math
import re
import sqlite3
from contextlib import closing
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from conftest import ROOT
from sister_pages.map import HEIGHT, WIDTH, box_around, read_arcs

from scripts.database.geometry import CENTRE, ORIGIN, SCALE, angle, great_circle, path, projected, vector

CHICAGO, MOSCOW, KYIV = (-87.65, 41.85), (37.62, 55.75), (30.52, 50.45)
BASEMAP = (ROOT / "site" / "static" / "basemap.svg").read_text("utf-8")


@pytest.mark.parametrize("point", [CHICAGO, MOSCOW, KYIV, (158, 53), CENTRE])
def test_distance_from_the_centre_is_that_of_equal_areas(point):
    x, y = projected(point)
    wanted = SCALE * 2 * math.sin(angle(vector(CENTRE), vector(point)) / 2)
    assert math.hypot(x - ORIGIN[0], y - ORIGIN[1]) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("point", "way"),
    [((CENTRE[0], 80), (0, -1)), ((CENTRE[0], 20), (0, 1)), ((70, 68), (1, 0)), ((-110, 68), (-1, 0))],
)
def test_north_is_up_and_east_is_right_of_the_centre(point, way):
    x, y = projected(point)
    assert (x - ORIGIN[0]) * way[0] + (y - ORIGIN[1]) * way[1] > 0


def test_antipode_of_the_centre_falls_somewhere():
    assert all(map(math.isfinite, projected((160, -68))))


@pytest.mark.parametrize(("a", "b"), [(CHICAGO, MOSCOW), (KYIV, (-149.9, 61.2))])
def test_great_circle_has_its_ends_and_even_steps_no_longer_than_asked(a, b):
    way = great_circle(a, b, 0.05)
    parts = {round(angle(vector(c), vector(d)), 9) for c, d in pairwise(way)}
    assert (way[0], way[-1], len(parts), max(parts) <= 0.05) == (a, b, 1, True)


@pytest.mark.parametrize(
    ("a", "b", "middle"),
    [((0, 0), (90, 0), (45, 0)), ((0, 0), (0, 60), (0, 30)), ((-90, 45), (90, 45), (0, 90))],
)
def test_middle_of_a_great_circle(a, b, middle):
    _, (longitude, latitude), _ = great_circle(a, b, angle(vector(a), vector(b)) / 2 + 1e-9)
    assert (latitude, longitude if latitude < 89 else 0) == pytest.approx((middle[1], middle[0]), abs=1e-6)


@pytest.mark.parametrize(("a", "b"), [(KYIV, KYIV), ((0, 0), (180, 0))])
def test_great_circle_without_one_way_is_its_ends(a, b):
    assert great_circle(a, b, 0.05) == [a, b]


def test_path_does_not_add_up_what_is_rounded():
    points = [(i / 3, 0.0) for i in range(301)]
    steps = [float(step) for step in re.findall(r"l([-\d.]+) 0", path(points))]
    assert sum(steps) == pytest.approx(100)


def test_arc_of_every_tie_lies_on_the_map(database):
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        arcs = read_arcs(db).values()
    within = [0 < a["left"] < a["right"] < WIDTH and 0 < a["top"] < a["bottom"] < HEIGHT for a in arcs]
    assert within and all(within)


def test_basemap_has_what_pages_use():
    assert re.findall(r' id="(\w+)"', BASEMAP) == ["land", "countries"]


def test_simferopol_is_drawn_in_ukraine():
    countries = ElementTree.fromstring(BASEMAP).iter("{http://www.w3.org/2000/svg}path")
    drawn = {path.get("data-country"): path.get("d") for path in countries if path.get("data-country")}
    place = projected((34.1, 44.95))
    holding = [code for code, d in drawn.items() if any(inside(place, ring) for ring in rings(d))]
    assert holding == ["UA"]


def rings(data):
    """The rings of path data with relative steps."""
    for ring in data.strip("z").split("z"):
        start, *steps = [tuple(map(float, pair.split())) for pair in re.split("[Ml]", ring)[1:]]
        points = [start]
        for x, y in steps:
            points.append((points[-1][0] + x, points[-1][1] + y))
        yield [*points, start]


def inside(point, ring):
    """Whether a ring holds a point, by the parity of the borders east of it."""
    x, y = point
    crossings = [
        x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > y) != (y2 > y)
    ]
    return sum(crossings) % 2 == 1


def test_box_around_arcs_holds_them_and_keeps_the_shape():
    boxes = ((300, 250, 500, 400), (280, 260, 420, 380))
    arcs = [dict(zip(("left", "top", "right", "bottom"), box, strict=True)) for box in boxes]
    x, y, width, height = map(float, box_around(arcs).split())
    holds = x <= 280 and y <= 250 and x + width >= 500 and y + height >= 400
    assert (holds, width / height) == (True, pytest.approx(WIDTH / HEIGHT, abs=0.01))
