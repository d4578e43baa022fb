"""Convert Natural Earth's countries, as the npm package `world-atlas` carries them, into the site's outlines.

Reads countries-110m.json (TopoJSON) and writes the land that the maps show, and the United States, Russia
and Ukraine by themselves. Crimea is drawn as part of Ukraine, as the places table has it; the file counts it
as Russia's.

Exit status: 0 written, 2 the file cannot be read or is not what it should be.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from schemas.problems import CannotRunError
from scripts.cli import ROOT, command

OUT = ROOT / "site" / "plugins" / "sister_pages" / "outlines.json"
COUNTRIES = {"840": "US", "643": "RU", "804": "UA"}  # ISO 3166-1, numeric as in the file
SOUTHERNMOST = -5  # degrees; what lies wholly south of it is outside every map of the site
CRIMEA = (34.1, 45.2)  # longitude and latitude of a point in it

Ring = list[tuple[float, float]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    parser.add_argument("file", type=Path, help="countries-110m.json of world-atlas 2")
    parser.add_argument("--out", type=Path, default=OUT, help="the file to write (default: the site's)")


@command(arguments)
def main(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    try:
        outlines = outlines_of(json.loads(options.file.read_text("utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRunError(f"{options.file}: {error!r}") from None
    text = json.dumps(outlines, separators=(",", ":")).replace("]],", "]],\n")
    options.out.write_text(text + "\n", "utf-8")
    print(f"wrote {options.out} with {sum(map(len, outlines.values()))} rings")
    return 0


def outlines_of(topology: dict[str, Any]) -> dict[str, list[Ring]]:
    """Rings in degrees, longitude first: of all land, and of each of the three countries."""
    arcs = decoded(topology)
    found: dict[str, list[Ring]] = {"land": []}
    for land in topology["objects"]["land"]["geometries"]:
        found["land"] += rings_of(land, arcs)
    for country in topology["objects"]["countries"]["geometries"]:
        if country.get("id") in COUNTRIES:
            found[COUNTRIES[country["id"]]] = rings_of(country, arcs)
    given_back(found)
    return {code: [ring for ring in rings if shown(ring)] for code, rings in found.items()}


def rings_of(geometry: dict[str, Any], arcs: list[Ring]) -> list[Ring]:
    """Every ring of a polygon or of several."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [ring_of(ring, arcs) for polygon in polygons for ring in polygon]


def decoded(topology: dict[str, Any]) -> list[Ring]:
    """The arcs in degrees (TopoJSON 1.0, 2.1.3: delta-encoded, quantised)."""
    (dx, dy), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for east, north in arc:
            x, y = x + east, y + north
            points.append((round(x * dx + x0, 1), round(y * dy + y0, 1)))
        arcs.append(points)
    return arcs


def ring_of(indexes: Iterable[int], arcs: list[Ring]) -> Ring:
    """The arcs of a ring joined; a negative index is that arc backwards (TopoJSON 1.0, 2.1.4)."""
    points: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def given_back(found: dict[str, list[Ring]]) -> None:
    """Move Crimea from Russia's rings to Ukraine's; ValueError where no ring or not one ring holds it."""
    (crimea,) = [ring for ring in found["RU"] if inside(CRIMEA, ring)]
    (mainland,) = found["UA"]
    found["RU"].remove(crimea)
    found["UA"] = [joined(mainland, crimea)]


def joined(ring: Ring, other: Ring) -> Ring:
    """Two rings that share one stretch of border as one ring without it."""
    shared = set(ring) & set(other)
    ours, theirs = open_at_border(ring, shared), open_at_border(other, shared)
    return [*ours, *(theirs if theirs[0] == ours[-1] else theirs[::-1])[1:]]


def open_at_border(ring: Ring, shared: set[tuple[float, float]]) -> Ring:
    """The ring from where it leaves the shared border to where it comes back to it."""
    points = ring[:-1]
    count = len(points)
    (start,) = [i for i in range(count) if points[i] in shared and points[(i + 1) % count] not in shared]
    walk = points[start:] + points[:start]
    return walk[: count - len(shared) + 2]


def inside(point: tuple[float, float], ring: Ring) -> bool:
    """Whether a ring of the plane holds a point, by the parity of the borders east of it."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossings += 1
    return crossings % 2 == 1


def shown(ring: Ring) -> bool:
    """Whether a ring reaches the part of the globe that is drawn."""
    return max(latitude for _, latitude in ring) > SOUTHERNMOST


if __name__ == "__main__":
    sys.exit(main())
