"""A chart by itself: to be framed by other sites, or as an SVG that needs no other file."""

import re
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import BadRequest, NotFound
from markupsafe import Markup

from sister_pages.axes import NARROW, WIDE, text
from sister_pages.context import Context
from sister_pages.questions import chart_of
from sister_pages.svg import element

FRAME = re.compile(r'<svg viewBox="0 0 ([\d.]+) ([\d.]+)"')
ABOVE, BELOW, BESIDE = 40, 32, 16  # room for title, origin, and at the sides


@dataclass(frozen=True)
class Embedded:
    """A chart in both its widths, what it shows, and the path of the page that it is from."""

    title: str
    charts: list[Markup]
    path: str


async def read_embedded(site: Context, name: str, asked: str) -> Embedded:
    """The chart of a question, as it was asked, or of a table.

    Raises NotFound where it has none, BadRequest where a value is not understood.
    """
    database, urls = site.database.name, site.datasette.urls
    questions = await site.datasette.get_canned_queries(database, None)
    described: dict[str, Any] = questions.get(name) or site.datasette.table_metadata(database, name)
    if "chart" not in described:
        raise NotFound("There is no chart of this name")
    address = urls.table(database, name, format="json") + f"?{asked}&_shape=array&_size=max"
    answer = (await site.datasette.client.get(address)).json()
    if isinstance(answer, dict):
        raise BadRequest(answer["error"])
    both = [chart_of(described["chart"], answer, width) for width in (WIDE, NARROW)]
    path = urls.table(database, name) + (f"?{asked}" if asked else "")
    return Embedded(described.get("title") or name, [chart for chart in both if chart], str(path))


def chart_style(sheet: str) -> str:
    """What of the style sheet a chart needs: the colours, those of statuses, and the part on charts."""
    statuses = re.findall(r"^\.tie\[data-status.*{ color: .*$", sheet, re.MULTILINE)
    charts = sheet.partition("/* Charts */")[2].partition("@media")[0]
    return "\n".join([sheet.partition("*, *::before")[0], *statuses, charts])


def standalone(chart: Markup, title: str, origin: str, style: str) -> Markup:
    """A chart with its title, origin and style as an SVG file."""
    width, height = map(float, FRAME.findall(chart)[0])
    placed = f'<svg x="{BESIDE}" y="{ABOVE}" width="{width:g}" height="{height:g}"'
    across, down = width + 2 * BESIDE, height + ABOVE + BELOW
    parts = [
        element("title", title),
        element("style", [Markup(style)]),
        element("rect", width=across, height=down, style="fill: var(--paper)"),
        text(title, BESIDE, 22, "heading"),
        Markup(str(chart).replace("<svg", placed, 1)),
        text(origin, BESIDE, down - 10, "tick"),
    ]
    frame = f"0 0 {across:g} {down:g}"
    attributes = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": frame, "class": "chart"}
    return element("svg", parts, **attributes, width=across, height=down)
