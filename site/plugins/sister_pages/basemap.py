"""The map under the arcs: one frame for every page, in which the ways over the north are whole.

The outlines are those of Natural Earth; see outlines.LICENCE.md beside them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from markupsafe import Markup

from sister_pages.projection import Point, Projection, great_circle
from sister_pages.svg import element, path

OUTLINES = Path(__file__).with_name("outlines.json")
WIDTH, HEIGHT = 960, 720
# Chosen so that the ways between the United States and Eastern Europe bend little and none is cut off.
PROJECTION = Projection(centre=(-20, 68), scale=500, origin=(545, 535))
MARGIN = 40  # outlines wholly further out than this, in units of the frame, are left out
STEPS = 32  # of a great circle
# Where few ties end: the Rocky Mountains, Siberia, and south of Ukraine.
LABELS = (("United States", (165, 470)), ("Russia", (762, 300)), ("Ukraine", (880, 662)))
LEADER = "M868 642L826 600"  # from the name of Ukraine to the country


@cache
def basemap() -> str:
    """The outlines as one SVG file, to be used by pages as `#land` and `#countries`."""
    rings = json.loads(OUTLINES.read_text("utf-8"))
    land = outline(rings.pop("land"))
    countries = [element("path", d=outline(own), data_country=code) for code, own in rings.items()]
    groups = [
        element("path", id="land", d=land),
        element("g", countries, id="countries"),
    ]
    return str(element("svg", groups, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}"))


def outline(rings: list[list[Point]]) -> str:
    """The rings that reach the frame, as path data."""
    drawn = [[PROJECTION((longitude, latitude)) for longitude, latitude in ring] for ring in rings]
    return "".join(path(ring, closed=True) for ring in drawn if reaches_frame(ring))


def reaches_frame(ring: list[Point]) -> bool:
    """Whether the box around a ring meets the frame and its margin."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return max(xs) > -MARGIN and min(xs) < WIDTH + MARGIN and max(ys) > -MARGIN and min(ys) < HEIGHT + MARGIN


def arc(a: Point, b: Point) -> str:
    """The great circle between two points of the globe, as path data in the frame."""
    return path(PROJECTION(point) for point in great_circle(a, b, STEPS))


def dots(points: list[Point]) -> str:
    """Points of the globe as path data: lines without length, which a round cap makes visible."""
    return "".join(path([PROJECTION(point)]) + "h0" for point in points)


def box_around(points: list[Point]) -> str:
    """A viewBox of the frame's shape that holds the great circles from the first point to each other one."""
    first, *others = points
    ways = [PROJECTION(p) for other in others for p in great_circle(first, other, STEPS)] or [
        PROJECTION(first)
    ]
    left, right = min(x for x, _ in ways), max(x for x, _ in ways)
    top, bottom = min(y for _, y in ways), max(y for _, y in ways)
    width = min(WIDTH, max(right - left + 120, (bottom - top + 120) * WIDTH / HEIGHT, 380))
    height = width * HEIGHT / WIDTH
    x = min(max((left + right - width) / 2, 0), WIDTH - width)
    y = min(max((top + bottom - height) / 2, 0), HEIGHT - height)
    return f"{x:.0f} {y:.0f} {width:.0f} {height:.0f}"


def tie_marks(us: Point, partner: Point) -> Markup:
    """The arc of a tie and its two ends."""
    line = element("path", class_="way", d=arc(us, partner), vector_effect="non-scaling-stroke")
    ends = element("path", class_="ends", d=dots([us, partner]), vector_effect="non-scaling-stroke")
    return line + ends
