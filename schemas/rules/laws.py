"""Rules on laws, and on the decisions that carry them out."""

import pandas as pd

from schemas.rules import begins_with, last_day, looked_up, rule
from schemas.vocabulary import STOPPED

DAYS = ["enacted_on", "effective_on", "ends_by"]


@rule("law_id", fix="Begin it with the place_id of the state and a hyphen.")
def law_id_begins_with_state(laws: pd.DataFrame) -> pd.Series:
    """A law_id begins with the place_id of its state."""
    return ~begins_with(laws["law_id"], laws["place_id"])


@rule("place_id", fix="Name the state whose legislature it is; of a bill of Congress the place it concerns.")
def law_is_of_a_state(laws: pd.DataFrame, places: pd.DataFrame) -> pd.Series:
    """A law is one of a state of the United States, or concerns a place there."""
    return looked_up(laws["place_id"], places, "place_id", "country") != "US"


@rule("outcome", fix="Call it enacted, or take the days away.")
def only_law_has_days(laws: pd.DataFrame) -> pd.Series:
    """Only what was enacted has a day on which it was enacted, came into force or ends ties."""
    return (laws["outcome"] != "enacted") & laws[DAYS].notna().any(axis=1)


@rule("effective_on", fix="Check the days with the text of the law.")
def law_days_in_order(laws: pd.DataFrame) -> pd.Series:
    """A law is enacted, comes into force and ends ties in this order."""
    enacted, effective, ends = (laws[day] for day in DAYS)
    return (effective < enacted) | (ends < effective.fillna(enacted))


@rule("covers", fix="Sort the codes, and write each once.")
def covered_countries_are_sorted(laws: pd.DataFrame) -> pd.Series:
    """The countries that a law covers stand once each, in alphabetical order."""
    right = laws["covers"].map(lambda codes: " ".join(sorted(set(codes.split()))), na_action="ignore")
    return laws["covers"] != right


@rule("law_id", fix="Check which law it was; a bill that did not become law is carried out by nobody.")
def law_fits_decision(pair_events: pd.DataFrame, laws: pd.DataFrame) -> pd.Series:
    """Only a decision that stops a tie carries out a law, an enacted one, and not before it was enacted."""
    law = pair_events["law_id"]
    outcome, enacted = (looked_up(law, laws, "law_id", column) for column in ("outcome", "enacted_on"))
    wrong = ~pair_events["event"].isin(STOPPED) | (outcome != "enacted")
    return law.notna() & (wrong | (last_day(pair_events, "occurred_on") < enacted))


@rule("law_id", fix="Check the tie and the law.")
def law_covers_tie(
    pair_events: pd.DataFrame, pairs: pd.DataFrame, places: pd.DataFrame, laws: pd.DataFrame
) -> pd.Series:
    """The law that a decision carries out is one of the tie's own state, and covers the partner's country."""
    state, covers = (looked_up(pair_events["law_id"], laws, "law_id", c) for c in ("place_id", "covers"))
    us, partner = (
        looked_up(pair_events["pair_id"], pairs, "pair_id", column)
        for column in ("us_place_id", "partner_place_id")
    )
    division = looked_up(us, places, "place_id", "admin1_code").str.lower()
    country = looked_up(partner, places, "place_id", "country")
    elsewhere = state.str.slice(0, 5) != division
    covered = zip(covers.fillna(country), country, strict=True)  # no law, or no such place: none is spared
    spared = [pd.notna(partner) and partner not in codes.split() for codes, partner in covered]
    return elsewhere | pd.Series(spared, index=pair_events.index, dtype=bool)
