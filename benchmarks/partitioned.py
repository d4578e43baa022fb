"""A made-up package of any size as Parquet files: the contract's columns and types, no real tie in it.

Each tie is founded in one year and has three decisions in others. `pair_events` is partitioned by year.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from benchmarks.duck import TYPES
from schemas.contract import Table, table_of

ROOT = Path(__file__).resolve().parents[1]
EVENTS_A_TIE = 4
US_PLACES, PARTNERS = 20_000, 5_000
# For each table how many rows, and the columns that mean something; the others are empty.
MADE = {
    "places": {
        "place_id": f"if(i < {US_PLACES}, 'us-' || i, 'p-' || (i - {US_PLACES}))",
        "name": "'Place ' || i",
        "country": f"if(i < {US_PLACES}, 'US', if(i % 3 = 0, 'UA', 'RU'))",
        "kind": "'city'",
        "latitude": "(hash(i) % 1800000)::DOUBLE / 10000 - 90",
        "longitude": "(hash(i + 1) % 3600000)::DOUBLE / 10000 - 180",
    },
    "pairs": {
        "pair_id": "'tie-' || i",
        "us_place_id": f"'us-' || (i % {US_PLACES})",
        "partner_place_id": f"'p-' || (hash(i) % {PARTNERS})",
        "tie_kind": "'sister_city'",
    },
    "pair_events": {
        "event_id": "'tie-' || (i // 4) || '--' || (i % 4)",
        "pair_id": "'tie-' || (i // 4)",
        "event": "if(i % 4 = 0, 'established', ['kept', 'limited', 'suspended', 'ended', 'reinstated', "
        "'under_review'][1 + (hash(i) % 6)::INTEGER])",
        "occurred_on": "if(i % 4 = 0, DATE '1950-01-01' + (hash(i // 4) % 25000)::INTEGER, "
        "DATE '2022-02-24' + (hash(i) % 1400)::INTEGER)",
        "occurred_on_precision": "'day'",
        "summary": "'Something that never happened, number ' || i || '.'",
        "certainty": "'doubtful'",
    },
}


def write_synthetic(folder: Path, events: int) -> dict[str, int]:
    """Write the three tables of the questions with that many events; returns the rows of each."""
    descriptor = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    tables = {resource["name"]: table_of(resource) for resource in descriptor["resources"]}
    rows = {"places": US_PLACES + PARTNERS, "pairs": events // EVENTS_A_TIE, "pair_events": events}
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as engine:
        for name, count in rows.items():
            partition = ", PARTITION_BY (year)" if name == "pair_events" else ""
            engine.execute(
                f"COPY ({select(tables[name], MADE[name], count, bool(partition))}) "
                f"TO '{folder / name}{'' if partition else '.parquet'}' (FORMAT PARQUET{partition})"
            )
    return rows


def select(table: Table, made: dict[str, str], count: int, by_year: bool) -> str:
    """A query that makes the rows of a table in the contract's columns and types."""
    columns = [f"CAST({made.get(c.name, 'NULL')} AS {TYPES[c.type]}) AS {c.name}" for c in table.columns]
    if by_year:
        columns.append(f"year({made['occurred_on']}) AS year")
    return f"SELECT {', '.join(columns)} FROM range({count}) AS numbers (i)"
