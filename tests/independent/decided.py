"""Queries about what was decided and what status followed."""

from itertools import pairwise

import pandas as pd

from independent.tables import (
    AS_OF,
    INVASION,
    decisions,
    events,
    histories,
    last_day,
    on,
    ordered,
    picked,
    table,
    wanted,
    with_names,
)

KINDS = ["suspended", "ended", "limited", "kept", "reinstated"]


def _tally(events):
    """How many decisions of each sort, per group."""
    counts = {kind: ("event", lambda found, kind=kind: (found == kind).sum()) for kind in KINDS}
    new = ("event", lambda found: found.isin(["announced", "established"]).sum())
    return events.agg(decisions=("event", "size"), **counts, new_ties=new)


def share_suspended_or_ended(date=""):
    day = date or AS_OF
    eve = on("2022-02-23")
    standing = set(eve.loc[~eve["status"].isin(["suspended", "ended"]), "pair_id"])
    there = on(day)
    there = there[there["pair_id"].isin(standing)]
    statuses = ["listed", "kept", "limited", "suspended", "ended", "reinstated"]
    shares = pd.crosstab(there["partner_country"], there["status"]).reindex(columns=statuses, fill_value=0)
    total = shares.sum(axis=1)
    shares.insert(0, "ties", total)
    cut = shares["suspended"] + shares["ended"]
    # Half of a tenth is rounded up, as a reader would; pandas rounds it to the even neighbour.
    percent = (2000 * cut + total) // (2 * total) / 10
    bounds = {pair_id: _bounds(histories()[pair_id], day) for pair_id in there["pair_id"]}
    found = there.assign(
        surely=there["pair_id"].map(lambda tie: bounds[tie][0]),
        perhaps=there["pair_id"].map(lambda tie: bounds[tie][1]),
    ).groupby("partner_country")
    shares = shares.assign(
        percent_suspended_or_ended=percent, at_least=found["surely"].sum(), at_most=found["perhaps"].sum()
    ).reset_index()
    shares.insert(0, "day", day)
    return shares


def _bounds(history, day):
    """Whether a tie was stopped since the invasion for certain, and whether it may have been, on a day."""
    possible = [one for one in history if one[1] <= day and (one[5] == "" or one[5] > day)]
    stopped = [one for one in possible if one[0] in ("suspended", "ended")]
    surely = [one for one in stopped if one[1] >= INVASION and one[6] != "doubtful"]
    perhaps = [one for one in stopped if one[4] >= INVASION and day >= INVASION]
    return len(surely) == len(possible), bool(perhaps)


def ties_that_changed_course():
    by = table("pair_events").set_index("event_id")["decided_by"].to_dict()
    cut = {"limited", "suspended", "ended"}
    rows = []
    for pair_id, found in histories().items():
        for before, after in pairwise(found):
            if before[0] == "listed" or (before[0] in cut) == (after[0] in cut):
                continue
            turn = "kept, then cut" if after[0] in cut else "cut, then restored"
            sides = [value for one in (before, after) for value in (*one[:3], by[one[3]])]
            rows.append((turn, *sides, pair_id, before[3], after[3]))
    columns = ["turn", "earlier_status", "earlier_on", "earlier_on_precision", "earlier_by", "later_status"]
    columns += ["later_on", "later_on_precision", "later_by", "pair_id", "earlier_event_id", "later_event_id"]
    found = with_names(pd.DataFrame(rows, columns=columns))
    names = ["us_place", "us_division", "partner_place", "partner_country"]
    return ordered(found, "later_on", "pair_id")[["turn", *names, *columns[1:]]]


def reviewed_without_decision():
    found = events()
    reviews = ordered(found[found["event"] == "under_review"], "occurred_on", "event_id")
    last = reviews.groupby("pair_id").tail(1)
    made = decisions().groupby("pair_id")["latest"].max()
    later = last["pair_id"].map(made).fillna("") >= last["occurred_on"]
    return picked(
        last[(last["latest"] >= INVASION) & ~later],
        "occurred_on occurred_on_precision us_place us_division partner_place decided_by summary "
        "event_id pair_id source_id",
    )


def decisions_and_casualties_by_month(country=""):
    found = decisions()
    found = found[(found["occurred_on_precision"] != "year") & wanted(found["partner_country"], country)]
    tally = _tally(found.groupby(found["occurred_on"].str[:7]))
    numbers = table("casualty_statistics")
    ends = [*table("pair_events")["occurred_on"], *numbers["period_end"]]
    months = pd.period_range("2022-02", max(ends)[:7], freq="M")
    total = numbers.query(
        "reported_by == 'OHCHR' and population == 'civilians' and party == 'UA' and demographic == 'all'"
        " and place_id == 'ua-ukraine' and cumulative == 'true' and value_high == '' and value != ''"
    )
    key = ["period_end", "period_end_precision"]
    doubted = total[total["certainty"] == "doubtful"].set_index(key).index
    total = total[~total.set_index(key).index.isin(doubted)].pivot_table(
        index=key, columns="outcome", values="value", aggfunc="first"
    )
    total = total.dropna(subset=["killed", "injured"]).reset_index()
    days = zip(total["period_end"], total["period_end_precision"], strict=True)
    total = ordered(total.assign(period_end=[last_day(*day) for day in days]), "period_end")
    rows = []
    for month in months:
        counts = tally.loc[str(month)] if str(month) in tally.index else [0] * tally.shape[1]
        reached = total[total["period_end"] <= str(month.end_time.date())].tail(1)
        known = reached[["killed", "injured", "period_end"]].iloc[0] if len(reached) else ["", "", ""]
        rows.append((str(month), *counts, *(float(v) if str(v).isdigit() else v for v in known)))
    return pd.DataFrame(rows)
