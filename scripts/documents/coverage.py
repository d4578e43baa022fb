"""What the record holds, as a document: ties by country and status, dates, decisions, sources, states."""

from __future__ import annotations

import pandas as pd

from schemas.vocabulary import DECISIONS, INVASION, PARTNERS, STATUSES
from scripts.checking.check import Report
from scripts.documents.markdown import markdown


def ties(report: Report) -> pd.DataFrame:
    """One row a tie: country, state, status now, and what is known of it."""
    frames = report.frames
    pairs, events, places = frames["pairs"], frames["pair_events"], frames["places"].set_index("place_id")
    decided = events[events["event"].isin(DECISIONS)].sort_values(
        ["occurred_on", "event_id"], na_position="first"
    )
    founded = events[(events["event"] == "established") & events["occurred_on"].notna()]
    recent = decided[decided["occurred_on"] >= INVASION]
    found = pd.DataFrame({"pair_id": pairs["pair_id"], "certainty": pairs["certainty"]})
    found["country"] = pairs["partner_place_id"].map(places["country"])
    found["state"] = pairs["us_place_id"].map(places["admin1_name"])
    found["status"] = found["pair_id"].map(decided.groupby("pair_id")["event"].last()).fillna("listed")
    found["founded"] = found["pair_id"].isin(founded["pair_id"])
    found["decided"] = found["pair_id"].isin(recent["pair_id"])
    found["sources"] = found["pair_id"].map(sources_of_ties(frames)).astype(int)
    return found


def sources_of_ties(frames: dict[str, pd.DataFrame]) -> pd.Series:
    """How many sources bear on each tie: its own, those of its events, and those cited on either."""
    pairs, events, citations = frames["pairs"], frames["pair_events"], frames["citations"]
    on_pairs = citations.loc[citations["table_name"] == "pairs", ["row_id", "source_id"]]
    on_events = citations.loc[citations["table_name"] == "pair_events", ["row_id", "source_id"]]
    tie_of = events.set_index("event_id")["pair_id"]
    borne = [
        pairs[["pair_id", "source_id"]],
        events[["pair_id", "source_id"]],
        on_pairs.rename(columns={"row_id": "pair_id"}),
        on_events.assign(pair_id=on_events["row_id"].map(tie_of))[["pair_id", "source_id"]],
    ]
    counted: pd.Series = pd.concat(borne).groupby("pair_id")["source_id"].nunique()
    return counted


def counts(found: pd.DataFrame, label: str, groups: dict[str, str]) -> str:
    """A table of ties by status for each group of a column, with a last line for all."""
    rows = []
    for key, name in groups.items():
        status = found.loc[found[label] == key, "status"]
        rows.append([name, *((status == each).sum() for each in STATUSES), len(status)])
    rows.append(["all", *((found["status"] == each).sum() for each in STATUSES), len(found)])
    return markdown(["", *STATUSES, "ties"], rows)


def knowledge(found: pd.DataFrame) -> str:
    """What is known of the ties with each country."""
    lines = {
        "with a founding date": found["founded"],
        f"with a decision since {INVASION}": found["decided"],
        "with one source": found["sources"] == 1,
        "with two sources": found["sources"] == 2,
        "with more sources": found["sources"] > 2,
        "doubtful": found["certainty"] == "doubtful",
    }
    countries = [found["country"] == country for country in PARTNERS]
    rows = [[name, *((mask & here).sum() for here in countries), mask.sum()] for name, mask in lines.items()]
    return markdown(["ties", *PARTNERS.values(), "all"], rows)


def rows_by_certainty(report: Report) -> str:
    """Rows of each table by how firmly their source supports them."""
    rows = [
        [f"`{name}`", *((frame["certainty"] == each).sum() for each in ("stated", "inferred", "doubtful"))]
        for name, frame in report.frames.items()
        if "certainty" in frame.columns
    ]
    return markdown(["table", "stated", "inferred", "doubtful"], rows)


def coverage(report: Report) -> str:
    """The whole document."""
    found = ties(report)
    verdicts = report.frames["citations"]["verdict"].value_counts()
    states = {state: state for state in sorted(found["state"].unique())}
    return "\n".join(
        [
            "# What the record holds",
            "",
            f"Version {report.package.version}. Written by `make docs` from the tables. Status follows from",
            "the last decision; `listed` means that no decision is recorded.",
            "",
            "## Ties by country and status",
            "",
            counts(found, "country", PARTNERS),
            "## What is known of them",
            "",
            knowledge(found),
            "Sources are those of the tie and of its events, with every source that is cited on either.",
            "",
            "## How firm the rows are",
            "",
            rows_by_certainty(report),
            f"Beside the rows' own sources stand {len(report.frames['citations'])} citations: "
            + ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in sorted(verdicts.index))
            + ".",
            "",
            "## Ties by state",
            "",
            counts(found, "state", states),
        ]
    )
