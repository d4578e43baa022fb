"""Release notes say which figures and statuses changed, and why."""

import pytest

from scripts.releasing.notes import derived_changes
from scripts.versions.changes import Change, Changes
from scripts.versions.snapshots import State

TIE = "us-il-chicago--ru-mow-moscow"
BEFORE = {
    "pairs_overview": [{"pair_id": TIE, "partner_country": "RU", "status": "kept"}],
    "casualties_timeline": [
        {"period_end": "2022-05-31", "killed": "40", "injured": "60", "reported_by": "OHCHR"}
    ],
}
AFTER = BEFORE | {"pairs_overview": [BEFORE["pairs_overview"][0] | {"status": "suspended"}]}
EVENT = {f"{TIE}--suspended": {"event": "suspended"}}
STATE = State({"version": "1.0.0"}, {}, {}, {"pair_events": EVENT, "corrections": {}}, "")
NONE = Changes("1.0.0", "1.0.0")


def changed(row, column, before, after):
    return Changes("1.0.0", "1.0.0", rows=[Change("pair_events", f"{TIE}--{row}", column, before, after)])


WHY = {
    "a decision": (changed("suspended", "", "", f"{TIE}--suspended"), "suspended added"),
    "another day": (
        changed("kept", "occurred_on", "2022-03-02", "2022-02-02"),
        "occurred_on 2022-03-02 → 2022-02-02",
    ),
    "a retired event": (
        changed("ended", "", f"{TIE}--ended", f"{TIE}--suspended"),
        f"`{TIE}--ended` retired: ",
    ),
    "nothing in the data": (
        NONE,
        "the rule by which a status follows from the decisions is another one",
    ),
}


@pytest.mark.parametrize(("found", "why"), WHY.values(), ids=WHY)
def test_changed_status_is_listed_with_its_reason(found, why):
    assert f"| `{TIE}` | kept | suspended | {why} |" in derived_changes(BEFORE, AFTER, STATE, found)


def test_changed_figure_is_listed_with_both_values():
    told = derived_changes(BEFORE, AFTER, STATE, NONE)
    assert "| ties with Russia, suspended or ended | 0 | 1 |" in told


def test_unchanged_figure_is_not_listed():
    assert "civilians killed" not in derived_changes(BEFORE, AFTER, STATE, NONE)


def test_nothing_is_said_of_where_figures_come_from_if_none_changed():
    told = derived_changes(BEFORE, BEFORE, STATE, NONE)
    assert told == "No figure changed.\n\nNo tie has another status."
