"""Which status held on a day, from when pages show it, and dates in words."""

from datetime import date

import pytest
from sister_pages.dates import months, spoken
from sister_pages.histories import placed
from sister_pages.status import Interval, encoded, is_older, status_on, stopped_since

TURNED = (
    Interval("listed", None, "2022-03-01"),
    Interval("suspended", "2022-03-01", "2022-05-10"),
    Interval("ended", "2022-05-10", None),
)


@pytest.mark.parametrize(
    ("history", "day", "status"),
    [
        (TURNED, "1990-01-01", "listed"),
        (TURNED, "2022-02-28", "listed"),
        (TURNED, "2022-03-01", "suspended"),
        (TURNED, "2022-05-09", "suspended"),
        (TURNED, "2022-05-10", "ended"),
        (TURNED, "2030-01-01", "ended"),
        ((Interval("listed", "2023-04-01", None),), "2023-03-31", None),
        ((Interval("listed", "2023-04-01", None),), "2023-04-01", "listed"),
        ((), "2023-04-01", None),
    ],
)
def test_status_on_a_day(history, day, status):
    assert status_on(history, day) == status


@pytest.mark.parametrize(
    ("history", "stopped"),
    [
        (TURNED, True),
        ((Interval("listed", None, None),), False),
        ((Interval("listed", None, "2013-08-01"), Interval("ended", "2013-08-01", None)), False),
        ((Interval("listed", "2023-04-01", "2024-01-01"), Interval("ended", "2024-01-01", None)), False),
        ((*TURNED[:2], Interval("reinstated", "2022-05-10", None)), False),
    ],
)
def test_only_ties_that_stood_at_the_invasion_count_as_stopped_since(history, stopped):
    assert stopped_since(history, "2026-11-21") is stopped


@pytest.mark.parametrize(
    ("start", "precision", "shown"),
    [
        ("2022-01-01", "year", "2022-02-24"),
        ("2022-02-01", "month", "2022-02-24"),
        ("2022-02-01", "day", "2022-02-01"),
        ("2022-03-01", "month", "2022-03-01"),
        ("2013-01-01", "year", "2013-01-01"),
        (None, None, None),
    ],
)
def test_decision_of_a_period_with_the_invasion_is_not_shown_before_it(start, precision, shown):
    (interval,) = placed([Interval("suspended", start, None, precision)])
    assert interval.valid_from == shown


@pytest.mark.parametrize(
    ("status", "since", "precision", "older"),
    [
        ("reinstated", "1987-01-01", "year", True),
        ("ended", "2013-08-01", "month", True),
        ("kept", "2022-02-23", "day", True),
        ("kept", "2022-02-24", "day", False),
        ("suspended", "2022-01-01", "year", False),
        ("suspended", "2022-02-01", "month", False),
        ("ended", None, None, False),
        ("listed", "1987-01-01", "year", False),
    ],
)
def test_status_that_was_decided_before_the_invasion(status, since, precision, older):
    assert is_older(status, since, precision) is older


def test_intervals_still_meet_where_one_was_moved():
    history = placed(
        [Interval("listed", None, "2022-01-01"), Interval("ended", "2022-01-01", None, "year", "e")]
    )
    assert encoded(history) == "listed - 2022-02-24 -;ended 2022-02-24 - year"


@pytest.mark.parametrize(
    ("day", "precision", "words"),
    [
        ("2022-03-01", "day", "1 March 2022"),
        ("2022-03-01", "month", "March 2022"),
        ("2022-01-01", "year", "2022"),
        ("", None, ""),
        (None, None, ""),
        ("about 1990", "day", "about 1990"),
    ],
)
def test_dates_in_words(day, precision, words):
    assert spoken(day, precision) == words


def test_months_run_over_the_year():
    assert months(date(2022, 11, 30), date(2023, 1, 1)) == [
        date(2022, 11, 1), date(2022, 12, 1), date(2023, 1, 1),
    ]  # fmt: skip
