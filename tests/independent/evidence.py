"""Queries about sources, and about what supports a row and what contradicts it."""

import zipfile
from functools import cache

import pandas as pd

from independent.tables import DATA, ROOT, VERSION, ordered, picked
from independent.tables import table as read

KEYS = {
    "pairs": "pair_id",
    "places": "place_id",
    "pair_events": "event_id",
    "statements": "statement_id",
    "casualty_statistics": "statistic_id",
    "reported_figures": "figure_id",
    "sources": "source_id",
    "laws": "law_id",
}
SOURCED = [*(name for name in KEYS if name not in ("places", "sources")), "corrections"]


def _own_sources():
    """Each row's own source as evidence, of every table whose rows have one."""
    for name in SOURCED:
        found = read(name)
        found = found[found["source_id"] != ""]
        key = KEYS.get(name, "correction_id")
        yield pd.DataFrame(
            {
                "table_name": name,
                "row_id": found[key],
                "source_id": found["source_id"],
                "verdict": "own source",
            }
        )


def _all_evidence():
    cited = read("citations")
    cited = cited[["table_name", "row_id", "column_name", "source_id", "verdict", "value_reported", "note"]]
    return pd.concat([*_own_sources(), cited], ignore_index=True).fillna("")


def _contradictions():
    """Contradictions with the cell's value and the own source of its row beside the other's."""
    cited = read("citations").query("verdict == 'contradicts'")
    rows = {name: read(name).set_index(key, drop=False) for name, key in KEYS.items()}
    own = [
        rows[r.table_name].loc[r.row_id].get("source_id", "") if r.table_name != "places" else ""
        for r in cited.itertuples()
    ]
    value = [
        rows[r.table_name].loc[r.row_id, r.column_name] if r.column_name else "" for r in cited.itertuples()
    ]
    sources = read("sources").set_index("source_id")
    cited = cited.assign(value=value, own_source_id=own)
    return cited.join(sources[["publisher", "language"]].add_prefix("own_"), on="own_source_id").join(
        sources[["publisher", "language"]].add_prefix("other_"), on="source_id"
    )


def ties_told_differently():
    found = _contradictions()
    found = found[found["table_name"].isin(["pairs", "pair_events"])]
    eastern = found[["own_language", "other_language"]].isin(["ru", "uk"])
    known = (found["own_language"] != "") & (found["other_language"] != "")
    found = found[(eastern["own_language"] != eastern["other_language"]) & known]
    ties = read("pair_events").set_index("event_id")["pair_id"]
    found = found.assign(pair_id=found["row_id"].map(ties).fillna(found["row_id"]))
    return picked(
        ordered(found, "pair_id", "column_name", "source_id"),
        "pair_id table_name column_name value own_language own_publisher value_reported "
        "other_language other_publisher note",
    )


def what_did_a_version_say(version="", table="", row="", column=""):
    """Walks back and forth from the version asked about for as long as the cell keeps its value."""
    name, asked, versions, found = table or "pairs", version or list(_versions())[-1], list(_versions()), []
    for key in _called(name, row or "us-il-chicago--ru-mow-moscow"):
        said = [_row(tables, name, key) for tables in _versions().values()]
        for cell, value in said[versions.index(asked)].items() if asked in versions else ():
            first = last = versions.index(asked)
            while first > 0 and said[first - 1].get(cell) == value:
                first -= 1
            while last + 1 < len(said) and said[last + 1].get(cell) == value:
                last += 1
            after = versions[last + 1] if last + 1 < len(said) else ""
            until = versions[last] if after else ""
            found.append(
                (asked, name, key, cell, value, versions[first], until, after, *_why(name, key, cell, after))
            )
    columns = "version table_name row_id column_name value first_version last_version changed_in reason note"
    cells = pd.DataFrame(found, columns=columns.split())
    return ordered(cells[(cells["column_name"] == column) | (column == "")], "row_id", "column_name")


@cache
def _versions():
    """Every version with its tables, oldest first; the files in data/ are those of the newest."""
    found = {}
    for path in ROOT.glob("releases/*.zip"):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith("data/")]
            found[path.stem] = {
                name[len("data/") : -len(".csv")]: pd.read_csv(
                    archive.open(name), dtype=str, keep_default_na=False
                )
                for name in names
            }
    found = dict(sorted(found.items(), key=lambda one: [int(number) for number in one[0].split(".")]))
    present = {path.stem: read(path.stem) for path in DATA.glob("*.csv")}
    said = found.get(VERSION, {})
    released = said.keys() == present.keys() and all(said[name].equals(present[name]) for name in present)
    return found if released else {**found, "unreleased" if said else VERSION: present}


def _row(tables, name, key):
    """The cells of a row by their columns; none where there is no such row."""
    rows = tables.get(name, pd.DataFrame({"": []}))
    return next(iter(rows[rows.iloc[:, 0] == key].to_dict("records")), {})


def _called(name, key):
    """A key and every other that its row had before or after."""
    retired = read("corrections").query("table_name == @name and column_name == '' and value_after != ''")
    found, seen = {key}, set()
    while found != seen:
        seen = set(found)
        for old, new in zip(retired["row_id"], retired["value_after"], strict=True):
            found |= {old, new} if {old, new} & found else set()
    return found


def _why(name, key, cell, version):
    """Reason and note of the correction that a version brought of a cell, or of its row."""
    told = read("corrections").query("table_name == @name and row_id == @key and version == @version")
    told = told[told["column_name"].isin([cell, ""])]
    return next(told[["reason", "note"]].itertuples(index=False, name=None), ("", ""))


def rows_with_one_source(table=""):
    rows = []
    found = _all_evidence()
    for (name, row), group in found[found["table_name"] == (table or "pair_events")].groupby(
        ["table_name", "row_id"]
    ):
        by_verdict = group.groupby("verdict")["source_id"].agg(set).to_dict()
        supporting = by_verdict.get("own source", set()) | by_verdict.get("supports", set())
        if len(supporting) == 1:
            rows.append((name, row, len(by_verdict.get("contradicts", ())), *supporting))
    return pd.DataFrame(sorted(rows, key=lambda row: (-row[2], row[1])))
