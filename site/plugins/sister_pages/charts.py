"""Charts: of answers as metadata.yml asks for them, of decisions by month, of the status of one tie."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from sister_pages import svg
from sister_pages.columns import words_of
from sister_pages.dates import day_of, next_month, spoken
from sister_pages.svg import BOLD, LETTER, NARROW, WIDE, Span

Row = Mapping[str, Any]
# Columns that count ties of one status are drawn in its colour.
STATUS_COLUMNS = ("ended", "suspended", "limited", "kept", "reinstated", "listed", "new")
Event = tuple[date, str, int]  # a day, a kind of event, and how many there were
Months = dict[date, Counter[str]]  # the first day of a month, and numbers by their names
STRIP_FROM = date(2022, 1, 1)
FEW = 40  # points of a line up to which each is marked


@dataclass(frozen=True)
class Series:
    """A number over time by name; `style` is the class that gives its line colour and dashes."""

    name: str
    points: list[tuple[date, float]]
    style: str


def in_both_widths(chart: Callable[..., Markup | None], *of: Any) -> list[Markup]:
    """A chart wide and narrow, of which the style sheet shows the one that fits; nothing for None."""
    return [drawn for width in (WIDE, NARROW) if (drawn := chart(*of, width))]


def charts_of(wanted: Mapping[str, Row] | None, rows: Iterable[Any]) -> list[Markup]:
    """The chart of an answer that metadata asks for, in both widths; nothing where it holds too little.

    `lines: {x: days, y: [columns]}`, `months: {date: days, kind: column}` for a row an event,
    `months: {date: months, y: [columns]}` for a row a month, or `bars: {label: column, y: [columns]}`.
    """
    if not wanted:
        return []
    ((kind, how),) = wanted.items()
    chart = {"lines": lines, "months": months, "bars": bars}[kind]
    return in_both_widths(chart, how, [dict(row) for row in rows])


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
    return svg.drawing(line_parts(series, span, 16, 276), width, 300, svg.readings(said, span, 16, 276))


def months(how: Row, rows: Sequence[Row], width: float) -> Markup | None:
    """Bars by month over a year at least, a row for each kind of event, the most frequent first."""
    by_month = monthly(events_of(how, rows), [])
    if not by_month:
        return None
    totals = sum(by_month.values(), Counter[str]())
    kinds = sorted(totals, key=lambda kind: (-totals[kind], kind))
    first, last = min(by_month), next_month(max(by_month))
    span = Span(first, max(last, first.replace(year=first.year + 1)), width)
    return timeline(by_month, kinds, [], span)


def events_of(how: Row, rows: Sequence[Row]) -> Iterator[Event]:
    """What each row counts; an event that is known to its year alone is in no month."""
    for row in rows:
        day = day_of(row[how["date"]])
        if day and row.get(f"{how['date']}_precision") != "year":
            kinds = {kind: row[kind] for kind in how["y"]} if "y" in how else {str(row[how["kind"]]): 1}
            yield from ((day, kind, count) for kind, count in kinds.items() if count)


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
    letters = round((left - 12) / BOLD)  # of a label, for which there is room
    room = width - LETTER * (6 + max(map(len, words))) - left
    parts, y = [], 4.0
    for label, values in shown:
        short = label if len(label) <= letters else label[: letters - 1] + "…"
        parts.append(svg.text(short, left - 8, y + 12, "name", "end"))
        for place, (column, value) in enumerate(zip(columns, values, strict=True)):
            if value or len(columns) < 3:
                end = left + value / highest * room
                parts.append(svg.box(left, y, max(end - left, 0.5), 14, f"bar {style_of(column, place)}"))
                parts.append(svg.text(f"{value:,.10g}{words[place]}", end + 5, y + 11, "tick"))
                y += 17
        y += 5 if any(values) or len(columns) < 3 else 22
    return svg.drawing(parts, width, y)


def style_of(column: str, place: int) -> str:
    """The class that colours a column of numbers: that of its status, if it counts one."""
    first = column.split("_")[0]
    return f"status-{first}" if first in STATUS_COLUMNS else f"series-{place}"


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


def monthly(events: Iterable[Event], series: Sequence[Series]) -> Months:
    """By month in which anything happened, how often each kind did, and the last value of each series."""
    rows: Months = {}
    for day, kind, count in events:
        rows.setdefault(day.replace(day=1), Counter())[kind] += count
    for one in series:
        for day, value in one.points:
            rows.setdefault(day.replace(day=1), Counter())[one.name] = int(value)
    return dict(sorted(rows.items()))


def month_parts(rows: Months, kinds: Sequence[str], span: Span) -> tuple[list[Markup], float]:
    """For each kind a row of bars, one a month, all to one scale; and where the last row ends."""
    by_kind = {kind: {month: row[kind] for month, row in rows.items() if kind in row} for kind in kinds}
    highest = max((count for counts in by_kind.values() for count in counts.values()), default=1)
    unit = min((30 if span.is_narrow else 44) / highest, 14)
    parts: list[Markup] = []
    base = 0.0
    for kind, counts in by_kind.items():
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
