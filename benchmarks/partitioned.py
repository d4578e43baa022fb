"""A made-up package of any size as Parquet files: the contract's columns and types, no real tie in it.

Each tie has four intervals of status. `pair_status_history` is partitioned by the year of its decisions.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from benchmarks.duck import TYPES
from schemas.contract import Table, table_of
from schemas.derived import derived_tables

ROOT = Path(__file__).resolve().parents[1]
INTERVALS_A_TIE = 4
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
    "pair_status_history": {
        "pair_id": "'tie-' || (i // 4)",
        "interval_number": "i % 4 + 1",
        "status": "if(i % 4 = 0, 'listed', ['kept', 'limited', 'suspended', 'ended', 'reinstated']"
        "[1 + (hash(i) % 5)::INTEGER])",
        "earliest": "DATE '2021-06-01' + DAYS",
        "valid_from": "DATE '2021-06-01' + DAYS",
        "valid_to": "if(i % 4 = 3, NULL, DATE '2021-06-01' + NEXT)",
        "is_current": "i % 4 = 3",
        "event_id": "'tie-' || (i // 4) || '--' || (i % 4)",
        "certainty": "'stated'",
    },
}
# A tie's intervals begin in periods of 300 days, on a day of it that its number decides.
DAYS = {
    "DAYS": "(300 * (i % 4) + hash(i) % 300)::INTEGER",
    "NEXT": "(300 * (i % 4 + 1) + hash(i + 1) % 300)::INTEGER",
}


def write_synthetic(folder: Path, intervals: int) -> dict[str, int]:
    """Write the three tables of the questions with that many intervals; returns the rows of each."""
    descriptor = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    described = [*map(table_of, descriptor["resources"]), *derived_tables(descriptor)]
    tables = {table.name: table for table in described}
    rows = {
        "places": US_PLACES + PARTNERS,
        "pairs": intervals // INTERVALS_A_TIE,
        "pair_status_history": intervals,
    }
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as engine:
        for name, count in rows.items():
            partition = ", PARTITION_BY (year)" if name == "pair_status_history" else ""
            engine.execute(
                f"COPY ({select(tables[name], MADE[name], count, bool(partition))}) "
                f"TO '{folder / name}{'' if partition else '.parquet'}' (FORMAT PARQUET{partition})"
            )
    return rows


def select(table: Table, made: dict[str, str], count: int, by_year: bool) -> str:
    """A query that makes the rows of a table in the contract's columns and types."""
    columns = [f"CAST({made.get(c.name, 'NULL')} AS {TYPES[c.type]}) AS {c.name}" for c in table.columns]
    if by_year:
        columns.append(f"year({made['valid_from']}) AS year")
    text = ", ".join(columns)
    for word, days in DAYS.items():
        text = text.replace(word, days)
    return f"SELECT {text} FROM range({count}) AS numbers (i)"
