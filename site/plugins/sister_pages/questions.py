"""The form of a canned query: what each parameter means, and which values it may have."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from sister_pages import charts
from sister_pages.axes import Span
from sister_pages.columns import begun, words_of
from sister_pages.dates import is_day, next_month, spoken
from sister_pages.parameters import KEYS

DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?\Z")


# Columns that count ties of one status are drawn in its colour.
STATUS_COLUMNS = ("ended", "suspended", "limited", "kept", "reinstated", "listed", "new")


@dataclass(frozen=True)
class Parameter:
    """One field of the form, as metadata.yml describes it, with the value that was asked for."""

    name: str
    label: str
    type: str
    value: str
    help: str
    choices: tuple[tuple[str, str], ...]
    blank: str  # what an empty field means
    names: Mapping[str, str]  # of ties and places, by key

    @property
    def meaning(self) -> str:
        """The value in words."""
        if self.type == "date":
            return spoken(self.value)
        return dict(self.choices).get(self.value) or self.names.get(self.value, self.value)

    @property
    def by_name(self) -> bool:
        """Whether readers see the label of a value in its place."""
        return self.type in KEYS

    @property
    def is_wrong(self) -> bool:
        """Whether a day is none, so that nothing answers it."""
        return self.type == "date" and bool(self.value) and not is_day(self.value)


def parameters(
    described: Sequence[Mapping[str, Any]] | None,
    values: Mapping[str, str],
    as_of: str,
    names: Mapping[str, str],
) -> list[Parameter]:
    """The fields of a question's form; of a reader's own query, for each parameter a text without help."""
    return [
        Parameter(
            name=one["name"],
            label=one["label"],
            type=one["type"],
            value=values.get(one["name"], ""),
            help=one.get("help", ""),
            choices=tuple((value, label) for value, label, *_ in one["choices"]),
            blank=blank(one, as_of),
            names=names if one["type"] in KEYS else {},
        )
        for one in described or [own(name) for name in values]
    ]


def own(name: str) -> dict[str, Any]:
    """The description of a parameter of a reader's own query."""
    label = begun(words_of(name))
    return {"name": name, "label": label, "type": "text", "choices": [], "default": ""}


def blank(described: Mapping[str, Any], as_of: str) -> str:
    """What an empty field means."""
    if described["type"] == "date":
        return spoken(described.get("default") or as_of)
    default = described.get("default", described.get("blank", "all"))
    return str({value: label for value, label, *_ in described["choices"]}.get(default, default))


def chart_of(
    wanted: Mapping[str, Any] | None, rows: Sequence[Mapping[str, Any]], width: float
) -> Markup | None:
    """The chart that metadata asks for, or None where the answer holds too little for one.

    `lines: {x: days, y: [columns]}`, `months: {date: days, kind: column}` for a row an event,
    `counts: {x: months, y: [columns]}` for a row a month, or `bars: {label: column, y: [columns]}`.
    """
    if not wanted or not rows:
        return None
    ((kind, how),) = wanted.items()
    events = {"months": events_of, "counts": counted_events}.get(kind)
    if events:
        return months_chart(events(how, rows), width)
    return {"lines": lines_chart, "bars": bars_chart}[kind](how, rows, width)


def day_of(value: object) -> date | None:
    """An ISO day as a date, a month as its first day; None for anything else."""
    try:
        return date.fromisoformat(f"{value}-01"[:10]) if isinstance(value, str) and DAY.match(value) else None
    except ValueError:
        return None


def lines_chart(how: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], width: float) -> Markup | None:
    """Columns of numbers over a column of days, without rows that are doubtful."""
    series = []
    rows = [row for row in rows if row.get("certainty") != "doubtful"]
    for style, column in enumerate(how["y"]):
        points = [
            (day, float(row[column]))
            for row in rows
            if (day := day_of(row[how["x"]])) and isinstance(row[column], int | float)
        ]
        series.append(charts.Series(words_of(column), sorted(points), f"series-{style}"))
    days = [day for one in series for day, _ in one.points]
    if len(set(days)) < 2:
        return None
    return charts.lines([one for one in series if one.points], min(days), max(days), width)


def events_of(how: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Kind and day of each row that has a day; a year is no month's."""
    return [
        (str(row[how["kind"]]), row[how["date"]])
        for row in rows
        if day_of(row[how["date"]]) and row.get(f"{how['date']}_precision") != "year"
    ]


def counted_events(how: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Kind and month, as often as the row of the month says."""
    return [
        (column, str(row[how["x"]]))
        for row in rows
        for column in how["y"]
        for _ in range(row[column] or 0)
        if day_of(row[how["x"]])
    ]


def months_chart(events: list[tuple[str, str]], width: float) -> Markup | None:
    """Events by month, a row for each kind, the most frequent first."""
    if not events:
        return None
    days = [day for _, text in events if (day := day_of(text))]
    kinds = sorted({kind for kind, _ in events}, key=lambda kind: (-sum(k == kind for k, _ in events), kind))
    first, last = min(days).replace(day=1), next_month(max(days))
    span = Span(first, max(last, first.replace(year=first.year + 1)), width)
    return charts.timeline(events, kinds, [], span)


def bars_chart(how: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], width: float) -> Markup | None:
    """A bar for each row and column of numbers."""
    found = [
        (str(row[how["label"]]).replace("_", " "), [float(row[column] or 0) for column in how["y"]])
        for row in rows
        if all(isinstance(row[column], int | float | None) for column in how["y"])
    ]
    names = {words_of(column): style_of(column, place) for place, column in enumerate(how["y"])}
    return charts.bars(found, names, width) if found else None


def style_of(column: str, place: int) -> str:
    """The class that colours a column of numbers: that of its status, if it counts one."""
    first = column.split("_")[0]
    return f"status-{first}" if first in STATUS_COLUMNS else f"series-{place}"
