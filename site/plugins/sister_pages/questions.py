"""The form of a canned query: what each parameter means, and which values it may have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from sister_pages import charts
from sister_pages.contract import Contract, words_of
from sister_pages.dates import next_month
from sister_pages.status import STATUSES

EMPTY = re.compile(r"\b[Ee]mpty for (.*?)\.(?=\s|$)")
DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?\Z")


@dataclass(frozen=True)
class Parameter:
    """One field of the form; `choices` are values and labels, where only certain values make sense."""

    name: str
    value: str
    help: str
    choices: tuple[tuple[str, str], ...]

    @property
    def blank(self) -> str:
        """What an empty field means, in the words of the help."""
        found = EMPTY.search(self.help)
        return f"({found[1]})" if found else ""

    @property
    def is_date(self) -> bool:
        """Whether a calendar helps to fill it in."""
        return self.name == "date" or self.name.endswith("_date")


def parted(description: str, names: Iterable[str]) -> tuple[str, dict[str, str]]:
    """A description without the sentences about parameters, "name: ..." or "one, other: ...", and these."""
    helps: dict[str, str] = {}
    name = "|".join(map(re.escape, names))
    if not name:
        return description, helps
    about = re.compile(rf"(?:^|(?<=\s))((?:{name})(?:, (?:{name}))*): (.*?\.)(?=\s|$)", re.DOTALL)
    for found in about.finditer(description):
        sentence = " ".join(found[2].split())
        helps |= dict.fromkeys(found[1].split(", "), sentence[0].upper() + sentence[1:])
    return " ".join(about.sub("", description).split()), helps


def parameters(values: Mapping[str, str], helps: Mapping[str, str], contract: Contract) -> list[Parameter]:
    """The fields of the form, in the order of the query."""
    return [
        Parameter(name, value, helps.get(name, ""), choices(name, helps.get(name, ""), contract))
        for name, value in values.items()
    ]


def choices(name: str, help_: str, contract: Contract) -> tuple[tuple[str, str], ...]:
    """The values of the column that the parameter is named after; only those that its help names, if any."""
    if name == "table":
        return tuple(contract.tables.items())
    found = [
        field.labels for (_, column), field in contract.fields.items() if column == name and field.labels
    ]
    if len(found) != 1:
        return ()
    named = {value: label for value, label in found[0].items() if re.search(rf"\b{value}\b", help_)}
    return tuple((named if named and "example" not in help_ else found[0]).items())


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
    """Columns of numbers over a column of days."""
    series = []
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
    return charts.by_month(events, kinds, first, max(last, first.replace(year=first.year + 1)), width)


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
    return f"status-{first}" if first in (*STATUSES, "new") else f"series-{place}"
