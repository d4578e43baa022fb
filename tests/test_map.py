"""The map's geometry: the projection, the ways over the globe, and where outlines and places fall."""

import json
import math
import re
from itertools import pairwise

import pytest
from conftest import ROOT, rows_of
from sister_pages.basemap import HEIGHT, PROJECTION, WIDTH, basemap, box_around
from sister_pages.projection import Projection, angle, great_circle
from sister_pages.svg import path

from scripts.outlines import inside, joined, main, outlines_of

CHICAGO, MOSCOW, KYIV = (-87.65, 41.85), (37.62, 55.75), (30.52, 50.45)
EQUATOR = Projection(centre=(0, 0))


@pytest.mark.parametrize(
    ("point", "place"),
    [
        # On the axes of the equatorial aspect a point at angle c lies at 2 sin(c / 2).
        ((0, 0), (0, 0)),
        ((90, 0), (1.41421, 0)),
        ((0, 90), (0, -1.41421)),
        ((30, 0), (0.51764, 0)),
        ((0, -30), (0, 0.51764)),
    ],
)
def test_projection_puts_a_point_where_the_formula_does(point, place):
    assert EQUATOR(point) == pytest.approx(place, abs=1e-5)


@pytest.mark.parametrize("point", [CHICAGO, MOSCOW, KYIV, (158, 53)])
def test_distance_from_the_centre_is_that_of_equal_areas(point):
    x, y = Projection(centre=(-20, 68))(point)
    assert math.hypot(x, y) == pytest.approx(2 * math.sin(angle((-20, 68), point) / 2))


def test_antipode_of_the_centre_falls_somewhere():
    assert all(map(math.isfinite, EQUATOR((180, 0))))


@pytest.mark.parametrize("steps", [1, 2, 32])
def test_great_circle_has_its_ends_and_even_steps(steps):
    way = great_circle(CHICAGO, MOSCOW, steps)
    parts = {round(angle(a, b), 9) for a, b in pairwise(way)}
    assert (way[0], way[-1], len(way), len(parts)) == (CHICAGO, MOSCOW, steps + 1, 1)


@pytest.mark.parametrize(
    ("a", "b", "middle"),
    [((0, 0), (90, 0), (45, 0)), ((0, 0), (0, 60), (0, 30)), ((-90, 45), (90, 45), (0, 90))],
)
def test_middle_of_a_great_circle(a, b, middle):
    _, (longitude, latitude), _ = great_circle(a, b, 2)
    assert (latitude, longitude if latitude < 89 else 0) == pytest.approx((middle[1], middle[0]), abs=1e-6)


@pytest.mark.parametrize(("a", "b"), [(KYIV, KYIV), ((0, 0), (180, 0))])
def test_great_circle_without_one_way_is_its_ends(a, b):
    assert great_circle(a, b, 8) == [a, b]


@pytest.mark.data
def test_every_place_of_a_tie_lies_on_the_map():
    places = {row["place_id"]: row for row in rows_of("places", ROOT)}
    used = {row[side] for row in rows_of("pairs", ROOT) for side in ("us_place_id", "partner_place_id")}
    points = {
        key: PROJECTION((float(places[key]["longitude"]), float(places[key]["latitude"])))
        for key in used
        if places[key]["latitude"]
    }
    assert {key: at for key, at in points.items() if not (0 < at[0] < WIDTH and 0 < at[1] < HEIGHT)} == {}


def test_simferopol_is_drawn_in_ukraine():
    outlines = json.loads((ROOT / "site/plugins/sister_pages/outlines.json").read_text("utf-8"))
    assert [code for code in ("RU", "UA") if any(inside((34.1, 44.95), ring) for ring in outlines[code])] == [
        "UA"
    ]


def test_basemap_has_what_pages_use():
    assert re.findall(r' id="(\w+)"', basemap()) == ["land", "countries"]


def test_box_around_a_tie_holds_its_way_and_keeps_the_shape():
    x, y, width, height = map(float, box_around([CHICAGO, MOSCOW]).split())
    inside = [
        x < px < x + width and y < py < y + height
        for px, py in map(PROJECTION, great_circle(CHICAGO, MOSCOW, 32))
    ]
    assert (all(inside), width / height) == (True, pytest.approx(WIDTH / HEIGHT, abs=0.01))


def test_path_does_not_add_up_what_is_rounded():
    points = [(i / 3, 0.0) for i in range(301)]
    steps = [float(step) for step in re.findall(r"l([-\d.]+) 0", path(points))]
    assert sum(steps) == pytest.approx(100)


def test_rings_with_a_common_border_become_one_without_it():
    left = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]
    right = [(2.0, 0.0), (4.0, 0.0), (4.0, 2.0), (2.0, 2.0), (2.0, 0.0)]
    ring = joined(left, right)
    assert (ring[0], set(ring), len(ring)) == (ring[-1], set(left) | set(right), 7)


def topology():
    """Two countries whose common border is one arc, Crimea counted as Russia's, and an island far south."""
    shared = [[33, 46], [2, 0]]
    crimea = [[35, 46], [0, -2], [-2, 0], [0, 2]]
    mainland = [[35, 46], [0, 4], [-2, 0], [0, -4]]
    south = [[0, -40], [5, 0], [0, -5], [-5, 5]]
    elsewhere = [[50, 60], [5, 0], [0, 5], [-5, -5]]
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [shared, crimea, mainland, south, elsewhere],
        "objects": {
            "land": {"geometries": [{"type": "MultiPolygon", "arcs": [[[1, 2]], [[3]], [[4]]]}]},
            "countries": {
                "geometries": [
                    {"type": "MultiPolygon", "id": "643", "arcs": [[[4]], [[0, 1]]]},
                    {"type": "Polygon", "id": "804", "arcs": [[~0, ~2]]},
                    {"type": "Polygon", "id": "840", "arcs": [[3]]},
                ]
            },
        },
    }


def test_outlines_give_crimea_to_ukraine_and_leave_out_the_far_south():
    found = outlines_of(topology())
    assert {code: len(rings) for code, rings in found.items()} == {"land": 2, "RU": 1, "UA": 1, "US": 0}
    assert inside((34.1, 45.2), found["UA"][0])


@pytest.mark.parametrize("text", ["", "{}", "[]", None])
def test_outlines_of_what_is_no_topology_are_refused(text, tmp_path, capsys):
    file = tmp_path / "countries.json"
    if text is not None:
        file.write_text(text)
    status = main([str(file), "--out", str(tmp_path / "out.json")])
    assert (status, capsys.readouterr().err.count("\n")) == (2, 1)
