"""SVG as text in which every attribute and every word is escaped, and what charts are made of.

Lengths are in units of the chart's own viewBox; colours and fonts are the style sheet's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import floor, log10

from markupsafe import Markup, escape

NOTHING = Markup("")
WIDE, NARROW = 860.0, 340.0  # widths of the two forms of a chart; the style sheet shows the one that fits
LETTER = 6.6  # a rough width of a letter, to keep words apart
BOLD = 7.6  # the same of a letter of a name


def element(tag: str, inside: str | Markup | Iterable[Markup] = "", /, **attributes: object) -> Markup:
    """One element; `_` in a keyword is `-`, one at its end is dropped (`class_`)."""
    words = [
        f' {name.rstrip("_").replace("_", "-")}="{escape(number(value))}"'
        for name, value in attributes.items()
    ]
    attributed = f"{tag}{''.join(words)}"
    content = escape(inside) if isinstance(inside, str) else NOTHING.join(inside)
    return Markup(f"<{attributed}>{content}</{tag}>" if content else f"<{attributed}/>")


def number(value: object) -> str:
    """A number with one decimal at most; anything else as it is."""
    return f"{round(value, 1):g}" if isinstance(value, float) else str(value)


def path(points: Iterable[tuple[float, float]]) -> str:
    """The points as path data."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


@dataclass(frozen=True)
class Span:
    """The days of a chart, from left to right over its width."""

    first: date
    last: date
    width: float

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for names beside the plot."""
        return self.width < (WIDE + NARROW) / 2

    @property
    def left(self) -> float:
        """Where the plot begins; what stands before it are names and numbers."""
        return 46 if self.is_narrow else 124

    @property
    def right(self) -> float:
        """Where the plot ends."""
        return self.width - 14

    def __call__(self, day: date) -> float:
        """Where a day lies; one that is not shown, at the nearer edge."""
        shown = min(max(day, self.first), self.last) - self.first
        return self.left + shown / ((self.last - self.first) or timedelta(1)) * (self.right - self.left)


def round_steps(highest: float) -> list[float]:
    """Round numbers from 0 to at least `highest`, in some four equal steps of 1, 2 or 5 times ten^n."""
    if highest <= 0:
        return [0, 1]
    unit = 10.0 ** floor(log10(highest / 4))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= highest / 4)
    if float(highest).is_integer():
        step = max(step, 1)
    return [step * i for i in range(int(-(-highest // step)) + 1)]


def text(words: str, x: float, y: float, class_: str, anchor: str = "start") -> Markup:
    """Words whose baseline is at a point."""
    anchored = {} if anchor == "start" else {"text_anchor": anchor}
    return element("text", words, x=x, y=y, class_=class_, **anchored)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def box(x: float, y: float, width: float, height: float, class_: str, hint: str = "") -> Markup:
    """A filled box, with words for those who point at it."""
    inside = [element("title", hint)] if hint else []
    return element("rect", inside, x=x, y=y, width=width, height=height, class_=class_)


def drawing(
    parts: Sequence[Markup], width: float, height: float, readings: Sequence[Markup] = (), kind: str = "chart"
) -> Markup:
    """A chart. One without readings need not be heard of: words or a table beside it say the same."""
    names = {"role": "group", "aria_label": "Chart"} if readings else {"aria_hidden": "true"}
    frame = f"0 0 {width:g} {height:g}"
    return element("svg", [*parts, *readings], viewBox=frame, class_=kind, **names)


def readings(
    said: Sequence[tuple[float, Sequence[str]]], span: Span, top: float, bottom: float
) -> list[Markup]:
    """What a chart says at some places, from left to right; seen by those who point there or come by key.

    The words for a place are in a box beside it, shown as far as half way to the next places.
    """
    places = [at for at, _ in said]
    sides = [span.left, *((a + b) / 2 for a, b in pairwise(places)), span.right]
    parts = []
    for (at, words), (start, end) in zip(said, pairwise(sides), strict=True):
        wide = max(map(len, words)) * LETTER + 12
        left = at + 8 if at + 8 + wide <= span.width else max(at - 8 - wide, 0.0)
        inside = [
            box(start, top, end - start, bottom - top, "hit"),
            line(at, top, at, bottom, "axis"),
            box(left, top, wide, 15.0 * len(words) + 8, "tip"),
            *(text(one, left + 6, top + 15 * place, "tick") for place, one in enumerate(words, 1)),
        ]
        label = f"{words[0]}: {', '.join(words[1:])}"
        parts.append(element("g", inside, class_="reading", tabindex=0, role="img", aria_label=label))
    return parts


def year_marks(span: Span, top: float, bottom: float) -> list[Markup]:
    """A line at each new year, the year under the middle of its part."""
    marks = []
    for year in range(span.first.year, span.last.year + 1):
        left, right = span(date(year, 1, 1)), span(date(year + 1, 1, 1))
        if year > span.first.year:
            marks.append(line(left, top, left, bottom, "grid"))
        if right - left > 4 * LETTER:
            marks.append(text(str(year), (left + right) / 2, bottom + 15, "tick", "middle"))
    return marks
