"""Checking a change: what it means is said, and what is wrong or missing is named."""

import subprocess

import pytest
from conftest import edited

from scripts.check import main

AUTHOR = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
MOSCOW = "us-il-chicago--ru-mow-moscow"
ENDED = {
    "event_id": f"{MOSCOW}--ended",
    "pair_id": MOSCOW,
    "event": "ended",
    "occurred_on": "2022-05-14",
    "occurred_on_precision": "day",
    "decided_by_kind": "unknown",
    "summary": "Ended.",
    "source_id": "audacy-2022-06-zelensky-urges-us-mayors-end",
    "certainty": "stated",
}


@pytest.fixture
def committed(frozen):
    """The frozen package as the first commit of a repository of its own."""
    for command in (["init", "--quiet"], ["add", "--all"], [*AUTHOR, "commit", "--quiet", "-m", "A"]):
        subprocess.run(["git", *command], cwd=frozen.parent, check=True)
    return frozen


def test_changed_status_is_said_in_a_sentence(committed, capsys):
    edited(committed, "pair_events", [ENDED])
    status, told = main([str(committed)]), capsys.readouterr().out.splitlines()
    assert (status, "Chicago – Moscow: ended since 14 May 2022, was suspended" in told) == (0, True), told


def test_no_change_means_nothing(committed, capsys):
    assert (main([str(committed)]), capsys.readouterr().out.splitlines()[-1]) == (0, "all is well")


def test_package_outside_of_git_is_compared_with_nothing(frozen, capsys):
    status, told = main([str(frozen)]), capsys.readouterr().out.splitlines()
    assert (status, told[-2].startswith("not compared"), told[-1]) == (0, True, "all is well")


def test_base_that_cannot_be_read_is_an_error(frozen, capsys):
    assert (main([str(frozen), "--base", "nowhere"]), "nowhere" in capsys.readouterr().err) == (2, True)


CHANGES = {
    "a released value": (
        "places",
        {"place_id": "us-ak-juneau", "population": "1"},
        "without a correction: add to data/corrections.csv\n    unreleased--us-ak-juneau--population,",
    ),
    "a broken rule": ("places", {"place_id": "us-ak-juneau", "country": "RU"}, "division-in-country"),
    "a table that is not formatted": ("places", None, "row-order"),
}


@pytest.mark.parametrize(("table", "row", "said"), CHANGES.values(), ids=CHANGES)
def test_what_is_missing_is_named(committed, capsys, table, row, said):
    path = committed.parent / "data" / f"{table}.csv"
    if row:
        edited(committed, table, [row])
    else:
        header, *lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join([header, *reversed(lines)]), "utf-8")
    status, told = main([str(committed)]), capsys.readouterr()
    assert (status, said in told.out + told.err) == (1, True), told
