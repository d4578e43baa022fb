"""Charts: decisions beside casualties, the status of one tie, and the answers to questions."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from sister_pages.axes import (
    BOLD,
    LETTER,
    NARROW,
    WIDE,
    Span,
    box,
    drawing,
    line,
    readings,
    round_steps,
    text,
    year_marks,
)  # fmt: skip
from sister_pages.columns import words_of
from sister_pages.dates import months, next_month, spoken
from sister_pages.status import Interval
from sister_pages.svg import element, path

Row = Mapping[str, Any]
Counts = Counter[tuple[date, str]]  # the first day of a month and what happened in it
DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?\Z")
STRIP_FROM = date(2022, 1, 1)
FEW = 40  # points of a line up to which each is marked
# Columns that count ties of one status are drawn in its colour.
STATUS_COLUMNS = ("ended", "suspended", "limited", "kept", "reinstated", "listed", "new")


@dataclass(frozen=True)
class Series:
    """A number over time by name; `style` is the class that gives its line colour and dashes."""

    name: str
    points: list[tuple[date, float]]
    style: str


def in_both_widths(chart: Callable[..., Markup | None], *of: Any) -> list[Markup]:
    """A chart wide and narrow, of which the style sheet shows the one that fits; nothing for None."""
    return [drawn for width in (WIDE, NARROW) if (drawn := chart(*of, width))]


def of_answer(wanted: Mapping[str, Row] | None, rows: Iterable[Any]) -> list[Markup]:
    """The chart of an answer that metadata asks for, in both widths; nothing where it holds too little.

    `lines: {x: days, y: [columns]}`, `months: {date: days, kind: column}` for a row an event,
    `counts: {x: months, y: [columns]}` for a row a month, or `bars: {label: column, y: [columns]}`.
    """
    if not wanted:
        return []
    ((kind, how),) = wanted.items()
    chart = {"lines": lines, "months": months_of_events, "counts": months_of_counts, "bars": bars}[kind]
    return in_both_widths(chart, how, [dict(row) for row in rows])


def day_of(value: object) -> date | None:
    """An ISO day as a date, a month as its first day; None for anything else."""
    try:
        return date.fromisoformat(f"{value}-01"[:10]) if isinstance(value, str) and DAY.match(value) else None
    except ValueError:
        return None


def points_of(rows: Sequence[Row], days: str, column: str) -> list[tuple[date, float]]:
    """The numbers of a column over a column of days, in order."""
    return sorted(
        (day, float(row[column]))
        for row in rows
        if (day := day_of(row[days])) and isinstance(row[column], int | float)
    )


def lines(how: Row, rows: Sequence[Row], width: float) -> Markup | None:
    """Columns of numbers over a column of days as lines from zero up, without rows that are doubtful."""
    sure = [row for row in rows if row.get("certainty") != "doubtful"]
    series = [
        Series(words_of(column), points, f"series-{style}")
        for style, column in enumerate(how["y"])
        if (points := points_of(sure, how["x"], column))
    ]
    words: dict[date, list[str]] = {}
    for one in series:
        for day, value in one.points:
            words.setdefault(day, [spoken(day.isoformat())]).append(f"{one.name} {value:,.10g}")
    if len(words) < 2:
        return None
    span = Span(min(words), max(words), width)
    said = [(span(day), words[day]) for day in sorted(words)]
    return drawing([*line_parts(series, span, 16, 276), *readings(said, span, 16, 276)], width, 300)


def line_parts(series: Sequence[Series], span: Span, top: float, bottom: float) -> list[Markup]:
    """Lines, each named at its end, with their axes, between two heights of a chart."""
    steps = round_steps(max(value for one in series for _, value in one.points))

    def up(value: float) -> float:
        return bottom + value / steps[-1] * (top - bottom)

    parts = []
    for step in steps:
        parts.append(line(span.left, up(step), span.right, up(step), "grid" if step else "axis"))
        parts.append(text(f"{step:,.10g}", span.left - 6, up(step) + 4, "tick", "end"))
    parts += year_marks(span, top, bottom)
    for one in series:
        places = [(span(day), up(value)) for day, value in one.points]
        parts.append(element("path", d=path(places), class_=f"line {one.style}"))
        marked = places if len(places) <= FEW else places[-1:]
        parts += [element("circle", cx=x, cy=y, r=2.6, class_=f"dot {one.style}") for x, y in marked]
        words, (x, y) = f"{one.name} {one.points[-1][1]:,.10g}", places[-1]
        anchor = "start" if x - len(words) * LETTER < span.left else "end"
        parts.append(text(words, x, y - 8, f"name {one.style}", anchor))
    return parts


def months_of_events(how: Row, rows: Sequence[Row], width: float) -> Markup | None:
    """Bars by month for rows that are events; one known to its year alone is in no month."""
    return months_chart(
        Counter(
            (day.replace(day=1), str(row[how["kind"]]))
            for row in rows
            if (day := day_of(row[how["date"]])) and row.get(f"{how['date']}_precision") != "year"
        ),
        width,
    )


def months_of_counts(how: Row, rows: Sequence[Row], width: float) -> Markup | None:
    """Bars by month for rows that are months, with a column of numbers for each kind of event."""
    counts: Counts = Counter()
    for row in rows:
        if day := day_of(row[how["x"]]):
            counts.update({(day.replace(day=1), kind): row[kind] for kind in how["y"] if row[kind]})
    return months_chart(counts, width)


def months_chart(counts: Counts, width: float) -> Markup | None:
    """Events by month over a year at least, a row for each kind, the most frequent first."""
    if not counts:
        return None
    totals = Counter[str]()
    for (_, kind), count in counts.items():
        totals[kind] += count
    kinds = sorted(totals, key=lambda kind: (-totals[kind], kind))
    first, last = min(counts)[0], next_month(max(counts)[0])
    span = Span(first, max(last, first.replace(year=first.year + 1)), width)
    return timeline(counts, kinds, [], span)


def timeline(counts: Counts, kinds: Sequence[str], series: Sequence[Series], span: Span) -> Markup:
    """Events by month above, casualties below, over the same days."""
    rows = monthly(counts, series, span.first, span.last)
    parts, bottom = month_parts(rows, kinds, span)
    height = bottom + 20
    if series:
        top = bottom + 66
        bottom = top + (150 if span.is_narrow else 180)
        height = bottom + 22
        parts.append(text("Civilians killed and injured, as recorded", 0, top - 22, "heading"))
        parts += line_parts(series, span, top, bottom)
    said = [((span(month) + span(next_month(month))) / 2, told(month, row)) for month, row in rows.items()]
    return drawing([*parts, *readings(said, span, 4, bottom)], span.width, height)


def monthly(counts: Counts, series: Sequence[Series], first: date, last: date) -> dict[date, dict[str, int]]:
    """By month in which anything happened, how often each kind did, and the last value of each series."""
    rows: dict[date, dict[str, int]] = {}
    for month in months(first, last):
        row = {kind: count for (when, kind), count in counts.items() if when == month}
        for one in series:
            values = [value for day, value in one.points if month <= day < next_month(month)]
            row |= {one.name: int(values[-1])} if values else {}
        if row:
            rows[month] = row
    return rows


def told(month: date, row: dict[str, int]) -> list[str]:
    """A month as lines of words."""
    return [
        spoken(month.isoformat(), "month"),
        *(f"{value:,} {name.replace('_', ' ')}" for name, value in row.items()),
    ]


def month_parts(
    rows: Mapping[date, Mapping[str, int]], kinds: Sequence[str], span: Span
) -> tuple[list[Markup], float]:
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
        parts.append(text(words, 0, base - tall - 17 if span.is_narrow else base - 2, "name"))
        parts.append(line(span.left, base, span.right, base, "axis"))
        parts += month_bars(counts, f"bar status-{kind.split()[0]}", span, base, unit)
    return [*year_marks(span, 4, base + 6), *parts], base + 6


def month_bars(counts: Mapping[date, int], style: str, span: Span, base: float, unit: float) -> list[Markup]:
    """A bar for each month with events, `unit` high for each; of several, with their number."""
    parts = []
    most = max(counts.values())
    numbered = [month for month, count in counts.items() if count == most][:1] if span.is_narrow else counts
    for month, count in counts.items():
        left, tall = span(month), max(count * unit, 2.5)
        wide = max(span(next_month(month)) - left - 1, 2.4)
        parts.append(box(left, base - tall, wide, tall, style))
        if count > 1 and month in numbered:
            parts.append(text(str(count), left + wide / 2, base - tall - 3, "tick", "middle"))
    return parts


def strip(history: Sequence[Interval], last: date, width: float) -> Markup:
    """The statuses of one tie from the beginning of 2022 as a band; what came before is cut off."""
    end = max(last, date(STRIP_FROM.year + 1, 1, 1))

    def place(day: date) -> float:
        return 1 + (min(max(day, STRIP_FROM), end) - STRIP_FROM) / (end - STRIP_FROM) * (width - 2)

    parts = []
    for interval in history:
        left = place(day_of(interval.valid_from) or STRIP_FROM)
        right = place(day_of(interval.valid_to) or last)
        if right > left:
            style = f"status-{interval.status}"
            parts.append(box(left, 4, right - left, 28, f"band {style}", interval.status))
            if right - left > len(interval.status) * LETTER + 16:
                parts.append(text(interval.status.capitalize(), left + 8, 22, f"on-band {style}"))
    for year in range(STRIP_FROM.year, end.year + 1):
        left, right = place(date(year, 1, 1)), place(date(year + 1, 1, 1))
        parts.append(line(left, 32, left, 40, "axis"))
        if right - left > 5 * LETTER:
            parts.append(text(str(year), left + 4, 46, "tick"))
    return drawing(parts, width, 52, "chart strip")


def bars(how: Row, rows: Sequence[Row], width: float) -> Markup | None:
    """For each row its label and a bar for each column of numbers, all to one scale.

    Of three bars and more, those without any are left out.
    """
    columns: list[str] = how["y"]
    shown = [
        (str(row[how["label"]]).replace("_", " "), [float(row[column] or 0) for column in columns])
        for row in rows
        if all(isinstance(row[column], int | float | None) for column in columns)
    ]
    if not shown:
        return None
    words = [f" {words_of(column)}" if len(columns) > 1 else "" for column in columns]
    highest = max(value for _, values in shown for value in values) or 1
    left = min(width * 0.42, max(len(label) for label, _ in shown) * BOLD + 12)
    room = width - LETTER * (6 + max(map(len, words))) - left
    parts, y = [], 4.0
    for label, values in shown:
        parts.append(text(shortened(label, left), left - 8, y + 12, "name", "end"))
        for place, (column, value) in enumerate(zip(columns, values, strict=True)):
            if value or len(columns) < 3:
                end = left + value / highest * room
                parts.append(box(left, y, max(end - left, 0.5), 14, f"bar {style_of(column, place)}"))
                parts.append(text(f"{value:,.10g}{words[place]}", end + 5, y + 11, "tick"))
                y += 17
        y += 5 if any(values) or len(columns) < 3 else 22
    return drawing(parts, width, y)


def shortened(label: str, room: float) -> str:
    """A label cut to what there is room for."""
    letters = round((room - 12) / BOLD)
    return label if len(label) <= letters else label[: letters - 1] + "…"


def style_of(column: str, place: int) -> str:
    """The class that colours a column of numbers: that of its status, if it counts one."""
    first = column.split("_")[0]
    return f"status-{first}" if first in STATUS_COLUMNS else f"series-{place}"
