"""SVG as text in which every attribute and every word is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from markupsafe import Markup, escape

from sister_pages.projection import Point

NOTHING = Markup("")


def element(tag: str, inside: str | Markup | Iterable[Markup] = "", /, **attributes: object) -> Markup:
    """One element; `_` in a keyword is `-`, one at its end is dropped (`class_`), None leaves it out."""
    words = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(number(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    content = escape(inside) if isinstance(inside, str) else NOTHING.join(inside)
    return Markup(f"<{tag}{words}>{content}</{tag}>" if content else f"<{tag}{words}/>")


def number(value: object) -> str:
    """A number with one decimal at most; anything else as it is."""
    return f"{round(value, 1):g}" if isinstance(value, float) else str(value)


def path(points: Iterable[Point], closed: bool = False) -> str:
    """The points as path data with relative steps of a tenth of a unit, without adding up what is rounded."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [f"M{_tenths(tenths[0][0])} {_tenths(tenths[0][1])}"]
    for (x1, y1), (x2, y2) in pairwise(tenths):
        if (x1, y1) != (x2, y2):
            steps.append(f"l{_tenths(x2 - x1)} {_tenths(y2 - y1)}")
    return "".join(steps) + ("z" if closed else "")


def _tenths(value: int) -> str:
    return f"{value / 10:g}"
