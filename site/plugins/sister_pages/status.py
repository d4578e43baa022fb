"""The statuses of a tie, and which of them held on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sister_pages.dates import INVASION, written

# In the order in which pages list them; each has a colour and a line style of its own in site.css.
STATUSES = {
    "ended": "terminated",
    "suspended": "put on hold, may be taken up again",
    "limited": "partly stopped, the tie itself kept",
    "kept": "decided to keep",
    "reinstated": "taken up again",
    "listed": "no decision recorded; does not say that it is active",
}
EVE = "2022-02-23"  # of the invasion
STOPPED = ("suspended", "ended")
COUNTRIES = {"RU": "Russia", "UA": "Ukraine"}


@dataclass(frozen=True)
class Interval:
    """A tie had `status` from `valid_from` (None: not known) to before `valid_to` (None: still)."""

    status: str
    valid_from: str | None
    valid_to: str | None
    precision: str | None = None
    event_id: str | None = None

    @property
    def is_older(self) -> bool:
        """Whether it goes back to a decision older than the invasion."""
        return is_older(self.status, self.valid_from, self.precision)

    def holds_on(self, day: str) -> bool:
        """Whether the interval holds an ISO day."""
        return (self.valid_from or "") <= day and (self.valid_to is None or day < self.valid_to)


def is_older(status: str, since: str | None, precision: str | None) -> bool:
    """Whether a status goes back to a decision older than the invasion; `listed` goes back to none."""
    if status == "listed" or not since:
        return False
    known = written(since, precision)
    return known < INVASION[: len(known)]


def held_on(history: Iterable[Interval], day: str) -> Interval | None:
    """The interval that holds an ISO day; None before the first."""
    held = [interval for interval in history if interval.holds_on(day)]
    return held[-1] if held else None


def status_on(history: Iterable[Interval], day: str) -> str | None:
    """The status of a tie on an ISO day; None before there was one."""
    held = held_on(history, day)
    return held.status if held else None


def stood_at_the_invasion(history: Sequence[Interval]) -> bool:
    """Whether a tie was neither suspended nor ended on the eve of 24 February 2022, and existed then."""
    eve = status_on(history, EVE)
    return eve is not None and eve not in STOPPED


def stopped_since(history: Sequence[Interval], day: str) -> bool:
    """Whether a tie that stood at the invasion is suspended or ended on an ISO day."""
    return day >= INVASION and stood_at_the_invasion(history) and status_on(history, day) in STOPPED


def encoded(history: Iterable[Interval]) -> str:
    """The history for a data attribute: `status from to precision` of each interval, `-` for nothing."""
    return ";".join(
        " ".join(part or "-" for part in (i.status, i.valid_from, i.valid_to, i.precision)) for i in history
    )
