"""Charts as SVG: of decisions beside casualties, of one tie's status, and of the answers to questions.

Lengths are in units of the chart's own viewBox; colours and fonts are the style sheet's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from markupsafe import Markup

from sister_pages.dates import MONTHS, months, next_month
from sister_pages.projection import Point
from sister_pages.svg import element, path
from sister_pages.status import Interval

WIDE, NARROW = 860, 340  # widths of the two forms of a chart; the style sheet shows the one that fits
AXIS = 52  # left of the plot, for the numbers of an axis
RIGHT = 14
LETTER = 6.4  # a rough width of a letter, to keep labels apart
STRIP_FROM = date(2022, 1, 1)


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` on a line from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value lies."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1) * (self.end - self.start)


@dataclass(frozen=True)
class Series:
    """Points in time (day, value), by name; `style` picks colour and dashes."""

    name: str
    points: list[tuple[date, float]]
    style: str


def round_steps(highest: float, about: int = 4) -> list[float]:
    """Round numbers from 0 to at least `highest`, in some `about` equal steps of 1, 2 or 5 times ten^n."""
    if highest <= 0:
        return [0, 1]
    rough = highest / about
    unit = 10 ** floor(log10(rough))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= rough)
    step = max(step, 1) if float(highest).is_integer() else step
    count = -(-highest // step)
    return [step * i for i in range(int(count) + 1)]


def text(words: str, x: float, y: float, class_: str, anchor: str = "start") -> Markup:
    """Words whose baseline is at a point."""
    return element("text", words, x=x, y=y, class_=class_, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def drawing(parts: Iterable[Markup], width: float, height: float, class_: str) -> Markup:
    """A chart; a table beside it says the same, so that readers of tables need not hear of it."""
    return element(
        "svg", parts, viewBox=f"0 0 {width:g} {height:g}", class_=class_, aria_hidden="true", focusable="false"
    )


def in_time(first: date, last: date, width: float) -> Scale:
    """Days on the plot of a chart of a width."""
    return Scale(first.toordinal(), last.toordinal(), AXIS, width - RIGHT)


def year_marks(across: Scale, first: date, last: date, top: float, bottom: float) -> list[Markup]:
    """A line at each new year, the year under the middle of its part."""
    marks = []
    for year in range(first.year, last.year + 1):
        start, end = max(date(year, 1, 1), first), min(date(year + 1, 1, 1), last)
        left, right = across(start.toordinal()), across(end.toordinal())
        if start > first:
            marks.append(line(left, top, left, bottom, "grid"))
        if right - left > 4 * LETTER:
            marks.append(text(str(year), (left + right) / 2, bottom + 15, "tick", "middle"))
    return marks


def value_marks(up: Scale, steps: Sequence[float], width: float) -> list[Markup]:
    """A line and a number for each step of an axis of values."""
    marks = []
    for step in steps:
        marks.append(line(AXIS, up(step), width - RIGHT, up(step), "axis" if step == 0 else "grid"))
        marks.append(text(f"{step:,.10g}", AXIS - 6, up(step) + 4, "tick", "end"))
    return marks


def lines(series: Sequence[Series], first: date, last: date, width: float, height: float) -> Markup:
    """Lines over time from zero up, each named at its end."""
    return drawing(
        [element("g", line_parts(series, first, last, width, 12, height - 24))], width, height, "chart"
    )


def line_parts(
    series: Sequence[Series], first: date, last: date, width: float, top: float, bottom: float
) -> list[Markup]:
    """The plot of `lines` between two heights of a chart."""
    highest = max((value for one in series for _, value in one.points), default=1)
    steps = round_steps(highest)
    across, up = in_time(first, last, width), Scale(0, steps[-1], bottom, top)
    parts = [*value_marks(up, steps, width), *year_marks(across, first, last, top, bottom)]
    for one in series:
        places: list[Point] = [(across(day.toordinal()), up(value)) for day, value in one.points]
        if not places:
            continue
        parts.append(element("path", d=path(places), class_=f"line {one.style}"))
        shown = places if len(places) <= 40 else places[-1:]
        parts += [element("circle", cx=x, cy=y, r=2.6, class_=f"dot {one.style}") for x, y in shown]
        x, y = places[-1]
        words = f"{one.name} {one.points[-1][1]:,.10g}"
        near_left = x - len(words) * LETTER < AXIS
        parts.append(text(words, x, y - 8, f"name {one.style}", "start" if near_left else "end"))
    return parts


def rows_by_month(
    events: Iterable[tuple[str, str]], kinds: Sequence[str], first: date, last: date, width: float, top: float
) -> tuple[list[Markup], float]:
    """For each kind that occurs a row of bars, one a month; events are (kind, ISO day). Parts and bottom."""
    counts = Counter((kind, day[:7]) for kind, day in events if first.isoformat()[:7] <= day[:7])
    rows = [kind for kind in kinds if any(kind == k for k, _ in counts)]
    highest = max(counts.values(), default=1)
    across = in_time(first, last, width)
    plot, name = (58.0, 0.0) if width > NARROW else (40.0, 16.0)
    parts: list[Markup] = []
    for kind in rows:
        base = top + plot + name
        words = kind.replace("_", " ").capitalize()
        total = sum(n for (k, _), n in counts.items() if k == kind)
        parts.append(line(AXIS, base, width - RIGHT, base, "axis"))
        if name:
            parts.append(text(f"{words}: {total}", AXIS, top + 12, "name"))
        else:
            parts += [text(words, 0, base - 16, "name"), text(str(total), 0, base - 1, "tick")]
        parts += month_bars(kind, counts, highest, across, first, last, base, plot - 14)
        top = base + 8
    return [*year_marks(across, first, last, 4, top), *parts], top


def month_bars(
    kind: str, counts: Counter[tuple[str, str]], highest: int, across: Scale, first: date, last: date,
    base: float, tallest: float,
) -> list[Markup]:  # fmt: skip
    """One bar for each month with events of a kind; the tallest carry their number."""
    parts = []
    for month in months(first, last):
        count = counts[kind, month.isoformat()[:7]]
        if not count:
            continue
        left = across(month.toordinal())
        wide = max(across(next_month(month).toordinal()) - left - 1, 2.4)
        tall = max(tallest * count / highest, 2)
        hint = element("title", f"{MONTHS[month.month - 1]} {month.year}: {count} {kind.replace('_', ' ')}")
        parts.append(
            element(
                "rect", [hint], x=left, y=base - tall, width=wide, height=tall, class_=f"bar status-{kind}"
            )
        )
        if count > 1:
            parts.append(text(str(count), left + wide / 2, base - tall - 3, "tick", "middle"))
    return parts


def timeline(
    events: Sequence[tuple[str, str]], kinds: Sequence[str], series: Sequence[Series], first: date,
    last: date, width: float,
) -> Markup:  # fmt: skip
    """Decisions by month above, casualties below, over one axis of time."""
    upper, bottom = rows_by_month(events, kinds, first, last, width, 4)
    if not series:
        return drawing(upper, width, bottom + 20, "chart")
    top = bottom + 62
    lower = line_parts(series, first, last, width, top, top + (170 if width > NARROW else 150))
    heading = text("Civilian casualties as recorded, cumulative", 0, top - 22, "heading")
    height = top + (170 if width > NARROW else 150) + 22
    return drawing([*upper, heading, *lower], width, height, "chart")


def month_rows(
    events: Sequence[tuple[str, str]], kinds: Sequence[str], first: date, last: date, width: float
) -> Markup:
    """Events by month, a row for each kind."""
    parts, bottom = rows_by_month(events, kinds, first, last, width, 4)
    return drawing(parts, width, bottom + 20, "chart")


def strip(history: Sequence[Interval], last: date, width: float) -> Markup:
    """The statuses of one tie from the beginning of 2022 as a band; what came before is cut off at its left."""
    across = Scale(STRIP_FROM.toordinal(), max(last, date(2023, 1, 1)).toordinal(), 2, width - 2)
    parts = []
    for interval in history:
        start = interval.valid_from or "0001-01-01"
        end = interval.valid_to or last.isoformat()
        left = across(max(date.fromisoformat(start), STRIP_FROM).toordinal())
        right = across(max(date.fromisoformat(end), STRIP_FROM).toordinal())
        if right <= left:
            continue
        parts.append(
            element(
                "rect", x=left, y=6, width=right - left, height=26, class_=f"band status-{interval.status}"
            )
        )
        if right - left > len(interval.status) * LETTER + 12:
            parts.append(text(interval.status.capitalize(), left + 8, 24, f"on-band status-{interval.status}"))
    marks = year_marks(across, STRIP_FROM, max(last, date(2023, 1, 1)), 6, 32)
    return drawing([*parts, *marks], width, 52, "chart strip")


def bars(rows: Sequence[tuple[str, Sequence[float]]], names: Sequence[str], width: float) -> Markup:
    """For each row its label and one bar for each of `names`, on one scale."""
    highest = max((value for _, values in rows for value in values), default=1)
    label_width = min(width * 0.4, max((len(label) for label, _ in rows), default=1) * LETTER + 12)
    across = Scale(0, highest, label_width, width - 48)
    parts, y = [], 4.0
    for label, values in rows:
        parts.append(text(label, label_width - 8, y + 12, "name", "end"))
        for i, value in enumerate(values):
            end = across(value)
            parts.append(
                element(
                    "rect",
                    x=label_width,
                    y=y,
                    width=max(end - label_width, 0.5),
                    height=14,
                    class_=f"bar series-{i}",
                )
            )
            words = f"{value:,.10g}" + (f" {names[i].replace('_', ' ')}" if len(names) > 1 else "")
            parts.append(text(words, end + 5, y + 11, "tick"))
            y += 17
        y += 5
    return drawing(parts, width, y, "chart")
