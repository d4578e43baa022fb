"""A chart by itself: to be framed by other sites, or as an SVG that needs no other file."""

import re
from typing import Any

from datasette import Response
from datasette.app import Datasette
from datasette.utils.asgi import BadRequest, NotFound, Request
from markupsafe import Markup

from sister_pages.charts import charts_of
from sister_pages.context import Context, context_of
from sister_pages.dates import spoken
from sister_pages.home_page import read_day, view_of
from sister_pages.svg import element, text

TIMELINE = "Decisions on sister-city ties, and civilian casualties in Ukraine"
FRAME = re.compile(r'<svg viewBox="0 0 ([\d.]+) ([\d.]+)"')
ABOVE, BELOW, BESIDE = 40, 32, 16  # room for title, origin, and at the sides


async def embed(datasette: Datasette, request: Request) -> Response:
    """The map or a chart by itself, as a page or as an SVG. Raises NotFound where there is none."""
    site, name = context_of(datasette), request.url_vars["name"]
    page = await read_embedded(site, name, request)
    if not request.url_vars["svg"]:
        shown = {"page": page, "name": name, "view": view_of(request.args)}
        return Response.html(await datasette.render_template("embed.html", shown, request=request))
    if name == "map" or not page["charts"]:
        raise NotFound("There is no such chart")
    body = standalone(site, page["title"], page["charts"][0])
    return Response(body, content_type="image/svg+xml; charset=utf-8")


async def read_embedded(site: Context, name: str, request: Request) -> dict[str, Any]:
    """The map, the timeline of the home page, or the chart of a question as it was asked, or of a table.

    Its `title`, its `charts` in both widths, the `path` of its page, and of the first two the whole `home`.
    Raises NotFound where there is none, BadRequest where a value is not understood.
    """
    database, urls, asked = site.database.name, site.datasette.urls, request.query_string
    if name in ("map", "timeline"):
        home = await read_day(site, request.args.get("date") or site.as_of)
        title = TIMELINE if name == "timeline" else f"Sister-city ties on {spoken(home['day'])}"
        path = str(urls.path(f"/#{name}"))
        return {"title": title, "charts": home["timeline"], "path": path, "home": home}
    described: dict[str, Any] = site.questions.get(name) or site.datasette.table_metadata(database, name)
    if "chart" not in described:
        raise NotFound("There is no chart of this name")
    address = urls.table(database, name, format="json") + f"?{asked}&_shape=array&_size=max"
    answer = (await site.datasette.client.get(address)).json()
    if isinstance(answer, dict):
        raise BadRequest(answer["error"])
    path = urls.table(database, name) + (f"?{asked}" if asked else "")
    title = described.get("title") or name
    return {"title": title, "charts": charts_of(described["chart"], answer), "path": str(path)}


def chart_style(sheet: str) -> str:
    """What of the style sheet a chart needs: the colours, those of statuses, and the part on charts."""
    statuses = re.findall(r"^\.tie\[data-status.*{ color: .*$", sheet, re.MULTILINE)
    charts = sheet.partition("/* Charts */")[2].partition("@media")[0]
    return "\n".join([sheet.partition("*, *::before")[0], *statuses, charts])


def standalone(site: Context, title: str, chart: Markup) -> Markup:
    """A chart with its title, origin and style as an SVG file."""
    package = site.package
    origin = f"{package['title']} {package['version']}, {package['licence']}, {site.as_of}"
    sheet = site.database.state.files["static/site.css"].decode()
    width, height = map(float, FRAME.findall(chart)[0])
    placed = f'<svg x="{BESIDE}" y="{ABOVE}" width="{width:g}" height="{height:g}"'
    across, down = width + 2 * BESIDE, height + ABOVE + BELOW
    parts = [
        element("title", title),
        element("style", [Markup(chart_style(sheet))]),
        element("rect", width=across, height=down, style="fill: var(--paper)"),
        text(title, BESIDE, 22, "heading"),
        Markup(str(chart).replace("<svg", placed, 1)),
        text(origin, BESIDE, down - 10, "tick"),
    ]
    frame = f"0 0 {across:g} {down:g}"
    attributes = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": frame, "class": "chart"}
    return element("svg", parts, **attributes, width=across, height=down)
