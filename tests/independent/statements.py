"""Queries about statements."""

import pandas as pd

from independent.tables import ordered, picked, said_of_ties, table

STANCES = [
    "cut_ties",
    "suspend_ties",
    "keep_ties",
    "offer_aid",
    "appeal_for_aid",
    "condemn_invasion",
    "other",
]


def _spoken_for(country):
    found = table("statements")
    return found if country == "" else found[found["speaker_country"] == country]


def who_said_what(stance="", speaker=""):
    found = table("statements")
    found = found[found["speaker"].str.lower().str.contains(speaker.lower(), regex=False)]
    found = found if stance == "" else found[found["stance"] == stance]
    return picked(
        ordered(found, "stance", "stated_on", "statement_id"),
        "stance stated_on speaker speaker_role quote summary statement_id source_id",
    )


def statements_about_a_tie(tie=""):
    found = said_of_ties()
    found = found[found["pair_id"] == (tie or "us-ca-san-jose--ru-sve-yekaterinburg")]
    return picked(
        ordered(found, "stated_on", "statement_id"),
        "stated_on stated_on_precision speaker speaker_role stance quote summary statement_id source_id",
    )


def speakers_heard_most(country=""):
    rows = []
    for (speaker, of), said in _spoken_for(country).groupby(["speaker", "speaker_country"]):
        stances = said["stance"]
        dates = sorted(day for day in said["stated_on"] if day) or [""]
        counts = [
            stances.isin(["cut_ties", "suspend_ties"]).sum(),
            (stances == "keep_ties").sum(),
            stances.isin(["offer_aid", "appeal_for_aid"]).sum(),
            (stances == "condemn_invasion").sum(),
            (stances == "other").sum(),
        ]
        rows.append((speaker, of, len(said), *counts, dates[0], dates[-1]))
    return pd.DataFrame(sorted(rows, key=lambda row: (-row[2], row[0], row[1])))


def statements_by_month(country=""):
    said = _spoken_for(country)
    said = said[said["stated_on_precision"].isin(["day", "month"])]
    tally = pd.crosstab(said["stated_on"].str[:7], said["stance"]).reindex(columns=STANCES, fill_value=0)
    tally.insert(0, "statements", tally.sum(axis=1))
    return tally.reset_index()
