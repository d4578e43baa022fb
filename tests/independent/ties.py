"""Queries about ties and their places."""

from independent.tables import (
    on,
    ordered,
    picked,
)


def status_on_a_date(date="", tie=""):
    found = on(date)
    names = found["pair_id"] + " " + (found["us_place"] + " – " + found["partner_place"]).str.lower()
    found = ordered(found[names.str.contains(tie.lower(), regex=False)], "pair_id")
    return picked(
        found,
        "day pair_id us_place partner_place partner_country status earliest valid_from valid_to event_id",
    )
