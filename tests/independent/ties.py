"""Queries about ties and their places."""

from independent.tables import (
    on,
    ordered,
    picked,
)


def status_on_a_date(date="", tie=""):
    found = on(date)
    meant = [tie in ("", key, *key.split("--")) for key in found["pair_id"]]
    found = ordered(found[meant], "pair_id")
    return picked(
        found,
        "day pair_id us_place partner_place partner_country status earliest valid_from valid_to event_id",
    )
