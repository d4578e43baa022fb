"""Charts of answers, as metadata.yml asks for them, in both their widths."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from sister_pages import svg
from sister_pages.columns import words_of
from sister_pages.dates import day_of, next_month, spoken
from sister_pages.svg import BOLD, LETTER, NARROW, WIDE, Span
from sister_pages.timeline import Counts, Series, line_parts, monthly, timeline

Row = Mapping[str, Any]
# Columns that count ties of one status are drawn in its colour.
STATUS_COLUMNS = ("ended", "suspended", "limited", "kept", "reinstated", "listed", "new")


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
    counts = counts_of(how, rows)
    if not counts:
        return None
    totals = Counter(kind for _, kind in counts.elements())
    kinds = sorted(totals, key=lambda kind: (-totals[kind], kind))
    first, last = min(counts)[0], next_month(max(counts)[0])
    span = Span(first, max(last, first.replace(year=first.year + 1)), width)
    return timeline(monthly(counts, []), kinds, [], span)


def counts_of(how: Row, rows: Sequence[Row]) -> Counts:
    """The events of each kind by month; one that is known to its year alone is in no month."""
    counts: Counts = Counter()
    for row in rows:
        day = day_of(row[how["date"]])
        if day and row.get(f"{how['date']}_precision") != "year":
            kinds = {kind: row[kind] for kind in how["y"]} if "y" in how else {str(row[how["kind"]]): 1}
            counts.update({(day.replace(day=1), kind): count for kind, count in kinds.items() if count})
    return counts


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
