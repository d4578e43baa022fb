"""Rules on events."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.rules import among, expected, last_day, looked_up, published, rule
from schemas.vocabulary import DECISIONS, STOPPED

ACTS = [*DECISIONS, "under_review"]
VOTING = ["council", "county_board", "legislature", "association"]
CURTAILED = ["limited", *STOPPED]


def decisions(pair_events: pd.DataFrame, event: str) -> pd.DataFrame:
    """The dated decisions on ties that were once `event`, by tie and date, each with the one `before`."""
    concerned = pair_events.loc[pair_events["event"] == event, "pair_id"]
    chosen = among(pair_events["pair_id"], concerned) & pair_events["event"].isin(DECISIONS)
    dated = pair_events.loc[chosen & pair_events["occurred_on"].notna(), ["pair_id", "occurred_on", "event"]]
    # Numbers sort ten times as fast as texts; of one day's decisions the one that stands first comes first.
    tie = dated["pair_id"].factorize()[0]
    day = pc.cast(pc.cast(pa.array(dated["occurred_on"]), pa.date32()), pa.int32()).to_numpy()
    order = np.lexsort((day, tie))
    ordered, tie = dated.iloc[order], tie[order]
    first = pd.Series(np.diff(tie, prepend=-1) != 0, index=ordered.index)
    return ordered.assign(before=ordered["event"].shift().mask(first))


@rule("event_id", fix="Compose it of pair_id, two hyphens and the event; from the second on add -2, -3.")
def event_id_is_composed(pair_events: pd.DataFrame) -> pd.Series:
    """An event_id is the pair_id, two hyphens and the event with hyphens, and a number from the second on."""
    right = pair_events["pair_id"] + "--" + pair_events["event"].str.replace("_", "-")
    other = pair_events.loc[(pair_events["event_id"] != right).fillna(False), "event_id"]
    stem = other.str.replace(r"-(?:[2-9]|[1-9][0-9]+)$", "", regex=True)
    return expected(stem, right[other.index])


@rule("decided_by_kind", fix="Say who decided; 'unknown' if the sources do not say.")
def decision_has_decider(pair_events: pd.DataFrame) -> pd.Series:
    """Whoever proposed or decided something is given, if only as unknown."""
    return pair_events["event"].isin(ACTS) & pair_events["decided_by_kind"].isna()


@rule("decided_by_kind", fix="Say what sort of body or person it is.")
def decider_has_kind(pair_events: pd.DataFrame) -> pd.Series:
    """If `decided_by` is filled, `decided_by_kind` must be too."""
    return pair_events["decided_by"].notna() & pair_events["decided_by_kind"].isna()


@rule("vote", fix="Name the body that voted in decided_by_kind, or move the vote to notes.")
def vote_has_body(pair_events: pd.DataFrame) -> pd.Series:
    """Only a body of several people votes."""
    return pair_events["vote"].notna() & ~pair_events["decided_by_kind"].isin(VOTING)


@rule("event_id", fix="Keep one and cite the other source, with the other date if it differs.")
def tie_is_founded_once(pair_events: pd.DataFrame) -> pd.Series:
    """A tie is established once."""
    founded = pair_events.loc[pair_events["event"] == "established", "pair_id"]
    return founded.dropna().duplicated()


@rule("occurred_on", fix="Check both dates with their sources.")
def decision_after_founding(pair_events: pd.DataFrame) -> pd.Series:
    """Nothing is decided on a tie before it was established."""
    founded = pair_events[pair_events["event"] == "established"]
    start = looked_up(pair_events["pair_id"], founded, "pair_id", "occurred_on")
    acted = pair_events["event"].isin([*ACTS, "reported_active", "reported_inactive"])
    return acted & (last_day(pair_events, "occurred_on") < start)


@rule("event", fix="Add the decision that came before, or call this one kept.")
def reinstated_after_stop(pair_events: pd.DataFrame) -> pd.Series:
    """Only a tie that was limited, suspended or ended is reinstated."""
    ordered = decisions(pair_events, "reinstated")
    return (ordered["event"] == "reinstated") & ~ordered["before"].isin(CURTAILED)


@rule("event", fix="Add the reinstatement, or check which came last.")
def ended_tie_stays_ended(pair_events: pd.DataFrame) -> pd.Series:
    """A tie that was ended is not kept, limited or suspended unless it was reinstated."""
    ordered = decisions(pair_events, "ended")
    return (ordered["before"] == "ended") & ordered["event"].isin(["kept", "limited", "suspended"])


@rule("occurred_on", fix="Make them one event, or date one more closely.")
def decisions_have_an_order(pair_events: pd.DataFrame) -> pd.Series:
    """Two decisions on one tie do not bear the same date."""
    decided = pair_events[pair_events["event"].isin(DECISIONS)]
    return decided.dropna(subset=["pair_id", "occurred_on"]).duplicated(["pair_id", "occurred_on"])


@rule("occurred_on", fix="Check both dates; a source cannot report what is still to come.")
def event_before_its_report(pair_events: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """An event does not lie after the publication of its source."""
    return pair_events["occurred_on"] > published(pair_events["source_id"], sources)
