"""Charts over time: decisions by month beside casualties, and the status of one tie."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from sister_pages import svg
from sister_pages.dates import day_of, next_month, spoken
from sister_pages.evidence import Row
from sister_pages.svg import LETTER, Span

Counts = Counter[tuple[date, str]]  # the first day of a month and what happened in it
Months = dict[date, dict[str, int]]  # the first day of a month, and numbers by their names
STRIP_FROM = date(2022, 1, 1)
FEW = 40  # points of a line up to which each is marked


@dataclass(frozen=True)
class Series:
    """A number over time by name; `style` is the class that gives its line colour and dashes."""

    name: str
    points: list[tuple[date, float]]
    style: str


def timeline(rows: Months, kinds: Sequence[str], series: Sequence[Series], span: Span) -> Markup:
    """Events by month above, casualties below, over the same days; `rows` as `monthly` gives them."""
    parts, bottom = month_parts(rows, kinds, span)
    height = bottom + 20
    if series:
        top = bottom + 66
        bottom = top + (150 if span.is_narrow else 180)
        height = bottom + 22
        parts.append(svg.text("Civilians killed and injured, as recorded", 0, top - 22, "heading"))
        parts += line_parts(series, span, top, bottom)
    said = []
    for month, row in rows.items():
        words = [f"{value:,} {name.replace('_', ' ')}" for name, value in row.items()]
        middle = (span(month) + span(next_month(month))) / 2
        said.append((middle, [spoken(month.isoformat(), "month"), *words]))
    return svg.drawing(parts, span.width, height, svg.readings(said, span, 4, bottom))


def monthly(counts: Counts, series: Sequence[Series]) -> Months:
    """By month in which anything happened, how often each kind did, and the last value of each series."""
    rows: Months = {}
    for (month, kind), count in counts.items():
        rows.setdefault(month, {})[kind] = count
    for one in series:
        for day, value in one.points:
            rows.setdefault(day.replace(day=1), {})[one.name] = int(value)
    return dict(sorted(rows.items()))


def month_parts(rows: Months, kinds: Sequence[str], span: Span) -> tuple[list[Markup], float]:
    """For each kind that occurs a row of bars, one a month, all to one scale; and where the last row ends."""
    by_kind = {kind: {month: row[kind] for month, row in rows.items() if kind in row} for kind in kinds}
    highest = max((count for counts in by_kind.values() for count in counts.values()), default=1)
    unit = min((30 if span.is_narrow else 44) / highest, 14)
    parts: list[Markup] = []
    base = 0.0
    for kind, counts in by_kind.items():
        if not counts:
            continue
        tall = max(counts.values()) * unit
        base += tall + (38 if span.is_narrow else 22)
        words = f"{kind.replace('_', ' ').capitalize()}: {sum(counts.values())}"
        parts.append(svg.text(words, 0, base - tall - 17 if span.is_narrow else base - 2, "name"))
        parts.append(svg.line(span.left, base, span.right, base, "axis"))
        parts += month_bars(counts, f"bar status-{kind.split()[0]}", span, base, unit)
    return [*svg.year_marks(span, 4, base + 6), *parts], base + 6


def month_bars(counts: Mapping[date, int], style: str, span: Span, base: float, unit: float) -> list[Markup]:
    """A bar for each month with events, `unit` high for each; of several, with their number."""
    parts = []
    most = max(counts.values())
    numbered = [month for month, count in counts.items() if count == most][:1] if span.is_narrow else counts
    for month, count in counts.items():
        left, tall = span(month), max(count * unit, 2.5)
        wide = max(span(next_month(month)) - left - 1, 2.4)
        parts.append(svg.box(left, base - tall, wide, tall, style))
        if count > 1 and month in numbered:
            parts.append(svg.text(str(count), left + wide / 2, base - tall - 3, "tick", "middle"))
    return parts


def line_parts(series: Sequence[Series], span: Span, top: float, bottom: float) -> list[Markup]:
    """Lines, each named at its end, with their axes, between two heights of a chart."""
    steps = svg.round_steps(max(value for one in series for _, value in one.points))

    def up(value: float) -> float:
        return bottom + value / steps[-1] * (top - bottom)

    parts = []
    for step in steps:
        parts.append(svg.line(span.left, up(step), span.right, up(step), "grid" if step else "axis"))
        parts.append(svg.text(f"{step:,.10g}", span.left - 6, up(step) + 4, "tick", "end"))
    parts += svg.year_marks(span, top, bottom)
    for one in series:
        places = [(span(day), up(value)) for day, value in one.points]
        parts.append(svg.element("path", d=svg.path(places), class_=f"line {one.style}"))
        marked = places if len(places) <= FEW else places[-1:]
        parts += [svg.element("circle", cx=x, cy=y, r=2.6, class_=f"dot {one.style}") for x, y in marked]
        words, (x, y) = f"{one.name} {one.points[-1][1]:,.10g}", places[-1]
        anchor = "start" if x - len(words) * LETTER < span.left else "end"
        parts.append(svg.text(words, x, y - 8, f"name {one.style}", anchor))
    return parts


def strip(history: Sequence[Row], last: date, width: float) -> Markup:
    """The statuses of one tie from the beginning of 2022 as a band; what came before is cut off."""
    end = max(last, date(STRIP_FROM.year + 1, 1, 1))

    def place(day: date) -> float:
        return 1 + (min(max(day, STRIP_FROM), end) - STRIP_FROM) / (end - STRIP_FROM) * (width - 2)

    parts = []
    for interval in history:
        left = place(day_of(interval["valid_from"]) or STRIP_FROM)
        right = place(day_of(interval["valid_to"]) or last)
        if right > left:
            status = interval["status"]
            parts.append(svg.box(left, 4, right - left, 28, f"band status-{status}", status))
            if right - left > len(status) * LETTER + 16:
                parts.append(svg.text(status.capitalize(), left + 8, 22, f"on-band status-{status}"))
    for year in range(STRIP_FROM.year, end.year + 1):
        left, right = place(date(year, 1, 1)), place(date(year + 1, 1, 1))
        parts.append(svg.line(left, 32, left, 40, "axis"))
        if right - left > 5 * LETTER:
            parts.append(svg.text(str(year), left + 4, 46, "tick"))
    return svg.drawing(parts, width, 52, kind="chart strip")
