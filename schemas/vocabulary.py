"""Words and days that rules, commands and documents share; the contract has their meaning."""

import re

INVASION = "2022-02-24"  # the first day of the full-scale invasion of Ukraine
PARTNERS = {"RU": "Russia", "UA": "Ukraine"}  # the countries of partner places, ISO 3166-1
DECISIONS = ("kept", "limited", "suspended", "ended", "reinstated")  # the events that change a status
STOPPED = ("suspended", "ended")  # the statuses of a tie that is no longer lived
STATUSES = ("listed", *DECISIONS)  # listed: no decision is recorded
WITHDRAWN = "withdrawn"  # the reason of a correction that does not repeat what it corrects
BREAK = "[…]"  # words left out of a quote
UNRELEASED = "unreleased"  # the version of a state, and of its corrections, until the next release
VERSION = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}")


def version_of(text: object) -> tuple[int, ...]:
    """A version as numbers, so that 1.10.0 comes after 1.9.0; empty where the text is no version.

    >>> version_of("1.10.0") > version_of("1.9.0"), version_of("unreleased")
    (True, ())
    """
    return tuple(map(int, str(text).split("."))) if VERSION.fullmatch(str(text)) else ()
