"""Dates as the tables have them (ISO 8601, how much is known beside them), in words."""

import re
from datetime import date

DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")  # a day, or a month
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_of(value: object) -> date | None:
    """An ISO day as a date, a month as its first day; None for anything else."""
    try:
        known = isinstance(value, str) and DATE.fullmatch(value)
        return date.fromisoformat(f"{value}-01"[:10]) if known else None
    except ValueError:
        return None


def is_day(text: str) -> bool:
    """Whether a text is a day as it should be written, YYYY-MM-DD."""
    return len(text) == len("2022-03-01") and day_of(text) is not None


def spoken(day: str | None, precision: str | None = "day") -> str:
    """`2022-03-01` as "1 March 2022", "March 2022" or "2022"; nothing for no date.

    What is no date, as a query may return it, is given back as it is.

    >>> spoken("2022-03-01"), spoken("2022-03-01", "month"), spoken("2022-03"), spoken("2022")
    ('1 March 2022', 'March 2022', 'March 2022', '2022')
    """
    known = day_of(day)
    if not day or not known:
        return str(day or "")
    if precision == "year":
        return str(known.year)
    month = f"{MONTHS[known.month - 1]} {known.year}"
    return month if precision == "month" or not is_day(day) else f"{known.day} {month}"


def next_month(month: date) -> date:
    """The first day of the following month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
