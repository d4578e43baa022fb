"""Charts: decisions beside casualties, the status of one tie, and the answers to questions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from sister_pages.axes import (
    BOLD,
    LETTER,
    Scale,
    Span,
    box,
    drawing,
    line,
    readings,
    round_steps,
    text,
    value_marks,
    year_marks,
)  # fmt: skip
from sister_pages.dates import months, next_month, spoken
from sister_pages.status import Interval
from sister_pages.svg import element, path

Event = tuple[str, str]  # what happened, and its ISO day
STRIP_FROM = date(2022, 1, 1)
FEW = 40  # points of a line up to which each is marked


@dataclass(frozen=True)
class Series:
    """A number over time by name; `style` is the class that gives its line colour and dashes."""

    name: str
    points: list[tuple[date, float]]
    style: str


def lines(series: Sequence[Series], first: date, last: date, width: float) -> Markup:
    """Numbers over time as lines from zero up, each named at its end."""
    span = Span(first, last, width)
    days: dict[date, list[str]] = {}
    for one in series:
        for day, value in one.points:
            days.setdefault(day, [spoken(day.isoformat())]).append(f"{one.name} {value:,.10g}")
    found = [(span(day), days[day]) for day in sorted(days)]
    return drawing([*line_parts(series, span, 16, 276), *readings(found, span, 16, 276)], width, 300)


def line_parts(series: Sequence[Series], span: Span, top: float, bottom: float) -> list[Markup]:
    """The lines with their axes, between two heights of a chart."""
    steps = round_steps(max(value for one in series for _, value in one.points))
    up = Scale(0, steps[-1], bottom, top)
    parts = [*value_marks(span, up, steps), *year_marks(span, top, bottom)]
    for one in series:
        places = [(span(day), up(value)) for day, value in one.points]
        parts.append(element("path", d=path(places), class_=f"line {one.style}"))
        marked = places if len(places) <= FEW else places[-1:]
        parts += [element("circle", cx=x, cy=y, r=2.6, class_=f"dot {one.style}") for x, y in marked]
        words, (x, y) = f"{one.name} {one.points[-1][1]:,.10g}", places[-1]
        anchor = "start" if x - len(words) * LETTER < span.left else "end"
        parts.append(text(words, x, y - 8, f"name {one.style}", anchor))
    return parts


def timeline(events: Sequence[Event], kinds: Sequence[str], series: Sequence[Series], span: Span) -> Markup:
    """Decisions by month above, casualties below, over the same days."""
    width = span.width
    upper, bottom = month_parts(events, kinds, span)
    found = [(middle(month, span), told(month, row)) for month, row in monthly(events, series, span).items()]
    if not series:
        return drawing([*upper, *readings(found, span, 4, bottom)], width, bottom + 20)
    top = bottom + 66
    base = top + (150 if span.is_narrow else 180)
    heading = text("Civilians killed and injured, as recorded", 0, top - 22, "heading")
    lower = line_parts(series, span, top, base)
    return drawing([*upper, heading, *lower, *readings(found, span, 4, base)], width, base + 22)


def monthly(events: Sequence[Event], series: Sequence[Series], span: Span) -> dict[date, dict[str, int]]:
    """By month, how many events of each kind there were, and the last value of each series."""
    counts = Counter((day[:7], kind) for kind, day in events)
    found: dict[date, dict[str, int]] = {}
    for month in months(span.first, span.last):
        row = {kind: count for (when, kind), count in counts.items() if when == month.isoformat()[:7]}
        for one in series:
            values = [value for day, value in one.points if month <= day < next_month(month)]
            row |= {one.name: int(values[-1])} if values else {}
        if row:
            found[month] = row
    return found


def told(month: date, row: dict[str, int]) -> list[str]:
    """A month as lines of words."""
    return [
        spoken(month.isoformat(), "month"),
        *(f"{value:,} {name.replace('_', ' ')}" for name, value in row.items()),
    ]


def middle(month: date, span: Span) -> float:
    """Where the middle of a month lies, or of as much of it as is shown."""
    return (span(max(month, span.first)) + min(span(next_month(month)), span.right)) / 2


def month_parts(events: Sequence[Event], kinds: Sequence[str], span: Span) -> tuple[list[Markup], float]:
    """For each kind that occurs a row of bars, one a month, all to one scale; and where the last row ends."""
    counts = Counter((kind, day[:7]) for kind, day in events if day[:7] >= span.first.isoformat()[:7])
    unit = min((30 if span.is_narrow else 44) / max(counts.values(), default=1), 14)
    parts: list[Markup] = []
    base = 0.0
    for kind in kinds:
        own = [count for (other, _), count in counts.items() if other == kind]
        if not own:
            continue
        words = kind.replace("_", " ").capitalize()
        base += max(own) * unit + 22
        if span.is_narrow:
            base += 16
            parts.append(text(f"{words}: {sum(own)}", 0, base - max(own) * unit - 17, "name"))
        else:
            parts.append(text(f"{words}: {sum(own)}", 0, base - 2, "name"))
        parts.append(line(span.left, base, span.right, base, "axis"))
        parts += month_bars(kind, counts, span, base, unit)
    return [*year_marks(span, 4, base + 6), *parts], base + 6


def month_bars(kind: str, counts: Counter[Event], span: Span, base: float, unit: float) -> list[Markup]:
    """A bar for each month with events of a kind, `unit` high for each; of several, with their number."""
    parts = []
    largest = max(count for (other, _), count in counts.items() if other == kind)
    highest = min(month for (other, month), count in counts.items() if (other, count) == (kind, largest))
    for month in months(span.first, span.last):
        count = counts[kind, month.isoformat()[:7]]
        if not count:
            continue
        left, tall = span(max(month, span.first)), max(count * unit, 2.5)
        wide = max(min(span(next_month(month)), span.right) - left - 1, 2.4)
        style = f"bar status-{kind.split()[0]}"
        parts.append(box(left, base - tall, wide, tall, style))
        if count > 1 and (not span.is_narrow or month.isoformat()[:7] == highest):
            parts.append(text(str(count), left + wide / 2, base - tall - 3, "tick", "middle"))
    return parts


def strip(history: Sequence[Interval], last: date, width: float) -> Markup:
    """The statuses of one tie from the beginning of 2022 as a band; what came before is cut off."""
    end = max(last, date(STRIP_FROM.year + 1, 1, 1))
    across = Scale(STRIP_FROM.toordinal(), end.toordinal(), 1, width - 1)

    def place(day: str | None, otherwise: date) -> float:
        known = date.fromisoformat(day) if day else otherwise
        return across(min(max(known, STRIP_FROM), end).toordinal())

    parts = []
    for interval in history:
        left, right = place(interval.valid_from, STRIP_FROM), place(interval.valid_to, last)
        if right > left:
            style = f"status-{interval.status}"
            parts.append(box(left, 4, right - left, 28, f"band {style}", interval.status))
            if right - left > len(interval.status) * LETTER + 16:
                parts.append(text(interval.status.capitalize(), left + 8, 22, f"on-band {style}"))
    for year in range(STRIP_FROM.year, end.year + 1):
        left, right = across(date(year, 1, 1).toordinal()), across(min(date(year + 1, 1, 1), end).toordinal())
        parts.append(line(left, 32, left, 40, "axis"))
        if right - left > 5 * LETTER:
            parts.append(text(str(year), left + 4, 46, "tick"))
    return drawing(parts, width, 52, "chart strip")


def bars(rows: Sequence[tuple[str, Sequence[float]]], names: dict[str, str], width: float) -> Markup:
    """For each row its label and one bar for each of `names`, whose values are styles, all to one scale.

    Of three bars and more, those without any are left out.
    """
    highest = max((value for _, values in rows for value in values), default=1)
    left = min(width * 0.42, max((len(label) for label, _ in rows), default=1) * BOLD + 12)
    words = [f" {name}" if len(names) > 1 else "" for name in names]
    across = Scale(0, highest, left, width - LETTER * (6 + max(map(len, words))))
    parts, y = [], 4.0
    for label, values in rows:
        parts.append(text(shortened(label, left), left - 8, y + 12, "name", "end"))
        for value, word, style in zip(values, words, names.values(), strict=True):
            if value or len(names) < 3:
                parts.append(box(left, y, max(across(value) - left, 0.5), 14, f"bar {style}"))
                parts.append(text(f"{value:,.10g}{word}", across(value) + 5, y + 11, "tick"))
                y += 17
        y += 5 if any(values) or len(names) < 3 else 22
    return drawing(parts, width, y)


def shortened(label: str, room: float) -> str:
    """A label cut to what there is room for."""
    letters = round((room - 12) / BOLD)
    return label if len(label) <= letters else label[: letters - 1] + "…"
