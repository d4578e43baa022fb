"""Dates as the tables have them (ISO 8601, how much is known beside them), in words."""

import re
from datetime import date

DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")  # a day, or a month
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def spoken(day: str | None, precision: str | None = "day") -> str:
    """`2022-03-01` as "1 March 2022", "March 2022" or "2022"; nothing for no date.

    What is no date, as a query may return it, is given back as it is.

    >>> spoken("2022-03-01"), spoken("2022-03-01", "month"), spoken("2022-03"), spoken("2022")
    ('1 March 2022', 'March 2022', 'March 2022', '2022')
    """
    if not day:
        return ""
    try:
        known = date.fromisoformat(f"{day}-01" if len(day) == len("2022-03") else day)
    except ValueError:
        return str(day)
    precision = "month" if len(day) == len("2022-03") and precision == "day" else precision
    if precision == "year":
        return str(known.year)
    month = f"{MONTHS[known.month - 1]} {known.year}"
    return month if precision == "month" else f"{known.day} {month}"


def is_day(text: str) -> bool:
    """Whether a text is a day as it should be written, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def written(day: str, precision: str | None) -> str:
    """A date in digits, as far as it is known: `2022-03-01`, `2022-03` or `2022`."""
    return {"month": day[:7], "year": day[:4]}.get(precision or "day", day)


def months(first: date, last: date) -> list[date]:
    """The first day of every month from that of `first` to that of `last`."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    starts = (first.month - 1 + i for i in range(count))
    return [date(first.year + i // 12, i % 12 + 1, 1) for i in starts]


def next_month(month: date) -> date:
    """The first day of the following month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
