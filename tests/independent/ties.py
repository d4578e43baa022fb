"""Queries about ties and their places."""

import re
import unicodedata

import numpy as np
import pandas as pd

from independent.tables import (
    CUT,
    INVASION,
    events,
    kilometres,
    now,
    on,
    ordered,
    picked,
    said_of_ties,
    table,
    ties,
    wanted,
)


def status_on_a_date(date="", tie=""):
    found = on(date)
    found = ordered(found[found["pair_id"].str.contains(tie.lower(), regex=False)], "pair_id")
    return picked(
        found,
        "pair_id us_place partner_place partner_country status valid_from valid_from_precision "
        "valid_to event_id",
    )


def everything_about_one_tie(tie=""):
    tie = tie or "us-il-chicago--ru-mow-moscow"
    columns = ["kind", "what", "date", "text", "source_id", "row_id"]
    happened = table("pair_events").query("pair_id == @tie")
    said = said_of_ties().query("pair_id == @tie")
    sources = table("sources").set_index("source_id")
    own = table("pairs").query("pair_id == @tie").join(sources[["title", "published_on"]], on="source_id")
    cited = table("citations").join(sources[["title", "published_on"]], on="source_id")
    keys = set(happened["event_id"])
    cited = cited[
        ((cited["table_name"] == "pairs") & (cited["row_id"] == tie))
        | ((cited["table_name"] == "pair_events") & cited["row_id"].isin(keys))
    ]
    note = cited["note"].where(cited["note"] != "", cited["title"])
    parts = [
        [
            ("event", r.event, r.occurred_on, r.summary, r.source_id, r.event_id)
            for r in happened.itertuples()
        ],
        [
            ("statement", r.stance, r.stated_on, f"{r.speaker}: {r.summary}", r.source_id, r.statement_id)
            for r in said.itertuples()
        ],
        [
            ("evidence", "own source", r.published_on, r.title, r.source_id, r.pair_id)
            for r in own.itertuples()
        ],
        [
            ("evidence", r.verdict, r.published_on, r.note, r.source_id, r.row_id)
            for r in cited.assign(note=note).itertuples()
        ],
    ]
    found = pd.DataFrame([row for part in parts for row in part], columns=columns)
    return ordered(found, "kind", "date", "row_id", "source_id", "what")


def record_of_a_place(place=""):
    places = table("places")
    same = places["name"].str.lower() == (place or "Kharkiv").lower()
    asked = set(places[(places["place_id"] == place) | same]["place_id"])
    rows = []
    for tie in ties().itertuples():
        rows += [
            (key, "tie", "", f"{tie.us_place} and {tie.partner_place}", tie.pair_id)
            for key in {tie.us_place_id, tie.partner_place_id} & asked
        ]
    said = table("statement_places").merge(table("statements"), on="statement_id")
    for r in said[said["place_id"].isin(asked)].itertuples():
        rows.append((r.place_id, "statement", r.stated_on, f"{r.speaker}: {r.summary}", r.statement_id))
    numbers = table("casualty_statistics")
    for r in numbers[numbers["place_id"].isin(asked)].itertuples():
        text = f"{r.value_reported or r.value} {r.population} {r.outcome}"
        rows.append((r.place_id, "casualties", r.period_end, text, r.statistic_id))
    figures = table("reported_figures")
    for r in figures[figures["place_id"].isin(asked)].itertuples():
        text = f"{r.measure}: {r.value_reported or r.value}"
        rows.append((r.place_id, "figure", r.as_of, text, r.figure_id))
    return pd.DataFrame(sorted(rows, key=lambda row: (*row[:3], row[4])))


def ties_to_both_countries():
    found = ordered(now(), "us_place_id", "partner_place")
    text = found["partner_place"] + " (" + found["status"] + ")"
    rows = []
    for _, group in found.groupby("us_place_id"):
        if group["partner_country"].nunique() == 2:
            one = group.iloc[0]
            sides = [", ".join(text[group.index][group["partner_country"] == c]) for c in ("RU", "UA")]
            rows.append((one["us_place"], one["us_division"], *sides))
    return pd.DataFrame(sorted(rows, key=lambda row: (row[1], row[0])))


def partners_with_most_ties(country=""):
    found = ordered(now(), "us_place", "pair_id")
    found = found[wanted(found["partner_country"], country)]
    keys = ["partner_place", "partner_division", "partner_country", "partner_place_id"]
    tally = found.groupby(keys, as_index=False).agg(
        ties=("pair_id", "size"),
        suspended_or_ended=("status", lambda status: status.isin(CUT).sum()),
        kept=("status", lambda status: (status == "kept").sum()),
        us_places=("us_place", ", ".join),
    )
    tally = ordered(tally, "ties", "partner_place", "partner_place_id", descending=["ties"])
    return tally[[*keys[:3], "ties", "suspended_or_ended", "kept", "us_places", keys[3]]]


def ties_by_state():
    found = now()
    tally = found.groupby("us_division", as_index=False).agg(
        ties=("pair_id", "size"),
        with_russia=("partner_country", lambda country: (country == "RU").sum()),
        with_ukraine=("partner_country", lambda country: (country == "UA").sum()),
        suspended_or_ended=("status", lambda status: status.isin(CUT).sum()),
        kept=("status", lambda status: (status == "kept").sum()),
    )
    return ordered(tally, "ties", "us_division", descending=["ties"])


def ties_by_distance(country=""):
    found = now()
    found = found.assign(distance_km=kilometres(found))
    found = found[found["distance_km"].notna() & wanted(found["partner_country"], country)]
    found = ordered(found, "distance_km", "pair_id", descending=["distance_km"])
    return picked(
        found,
        "distance_km us_place us_division partner_place partner_country status pair_id",
    )


def founding_decades():
    founded = table("pair_events").query("event == 'established'").set_index("pair_id")["occurred_on"]
    found = ties()
    year = found["pair_id"].map(founded).fillna("").str[:3]
    decade = (year + "0s").where(year != "", "not known").rename("decade")
    tally = pd.crosstab(decade, found["partner_country"]).reindex(columns=["RU", "UA"], fill_value=0)
    tally.insert(0, "ties", tally.sum(axis=1))
    return tally.reset_index()


def _words(text):
    plain = unicodedata.normalize("NFD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = " ".join(re.findall(r"[^\W_]+", plain))
    return f" {words} "


def find_a_tie(q=""):
    phrases = [_words(part) for part in (q or "Petersburg").split()]
    found = now()
    fields = ["us_place", "us_division", "us_name_reported", "partner_place", "partner_division"]
    fields += ["partner_name_reported", "notes"]
    texts = found[fields].map(_words)
    hits = [
        texts.apply(lambda row, p=p: any(p in text for text in row), axis=1) for p in phrases if p.strip()
    ]
    found = found[np.logical_and.reduce(hits)]
    return picked(
        ordered(found, "pair_id"),
        "pair_id us_place us_division partner_place partner_country status status_since",
    )


def ties_without_news(country=""):
    heard = set()
    for found in (events(), said_of_ties()):
        heard |= set(found[found["latest"] >= INVASION]["pair_id"])
    found = ties()
    found = found[~found["pair_id"].isin(heard) & wanted(found["partner_country"], country)]
    return picked(
        ordered(found, "partner_country", "pair_id"),
        "pair_id us_place us_division partner_place partner_country certainty",
    )


def names_as_printed():
    found = ties()
    same = (found["us_name_reported"] == found["us_place"]) & (
        found["partner_name_reported"] == found["partner_place"]
    )
    columns = ["us_name_reported", "us_place", "partner_name_reported", "partner_place"]
    return ordered(found[~same], "pair_id")[[*columns, "source_id", "pair_id"]]
