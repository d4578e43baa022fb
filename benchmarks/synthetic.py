"""Packages of the real contract with as many valid rows as wanted: seeded, all keys and rules kept."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, Any]

# Rows of each table out of a hundred; sources, places and ties carry what refers to them.
SHARES = {
    "sources": 10,
    "places": 10,
    "pairs": 8,
    "pair_events": 30,
    "statements": 12,
    "statement_pairs": 6,
    "statement_places": 4,
    "casualty_statistics": 12,
    "reported_figures": 3,
    "citations": 4,
    "corrections": 1,
}
WORDS = ["council", "voted", "suspend", "tie", "city", "partner", "letter", "aid", "mayor", "peace"]
DAY = {"published_on_precision": "day", "certainty": "stated"}


def sources(count: int, some: random.Random) -> Iterator[Row]:
    """News items; every one is used by an event, a statement or a citation."""
    for i in range(count):
        title = " ".join(some.choices(WORDS, k=8)).capitalize()
        yield DAY | {
            "source_id": f"paper-{i:07d}-item",
            "kind": "news",
            "title": f"{title}, {i}",
            "publisher": f"Paper {i % 997}",
            "published_on": f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d}",
            "url": f"https://example.org/{i}/item",
            "language": "en",
        }


def places(count: int, some: random.Random) -> Iterator[Row]:
    """Half U.S. cities, half Russian ones."""
    for i in range(count):
        us = i % 2 == 0
        code, name = ("US-IL", "Illinois") if us else ("RU-MOS", "Moscow Oblast")
        yield {
            "place_id": f"{code.lower()}-place-{i:07d}",
            "name": f"Place {i:07d}",
            "native_name": None if us else f"Место {i}",
            "kind": "city",
            "country": code[:2],
            "admin1_code": code,
            "admin1_name": name,
            "latitude": 40.25 if us else 55.5,
            "longitude": -88.125 if us else 37.75,
            "geonames_id": 1000 + i,
            "population": some.randrange(1000, 10**6),
            "identified_by": "Seeded number",
            "certainty": "stated",
        }


def pairs(count: int, places: list[Row], sources: list[Row]) -> Iterator[Row]:
    """Each place has at least one tie, which makes every place used."""
    us, partners = places[0::2], places[1::2]
    for i in range(count):
        here, there = us[i % len(us)], partners[(i + i // len(us)) % len(partners)]
        yield {
            "pair_id": f"{here['place_id']}--{there['place_id']}",
            "us_place_id": here["place_id"],
            "partner_place_id": there["place_id"],
            "tie_kind": "sister_city",
            "us_name_reported": here["name"],
            "partner_name_reported": there["name"],
            "source_id": sources[i % len(sources)]["source_id"],
            "certainty": "stated",
        }


COURSE = [("established", 1990), ("kept", 2014), ("suspended", 2022), ("reinstated", 2023)]


def pair_events(count: int, pairs: list[Row], sources: list[Row], some: random.Random) -> Iterator[Row]:
    """The same course for every tie: founded, kept, suspended, reinstated."""
    for i in range(count):
        pair, (event, year) = pairs[i // len(COURSE) % len(pairs)], COURSE[i % len(COURSE)]
        yield {
            "event_id": f"{pair['pair_id']}--{event}",
            "pair_id": pair["pair_id"],
            "event": event,
            "occurred_on": f"{year}-{i % 12 + 1:02d}-{i % 28 + 1:02d}",
            "occurred_on_precision": "day",
            "decided_by_kind": "council",
            "decided_by": "City Council",
            "vote": "5-4" if i % 3 else None,
            "summary": f"The {' '.join(some.choices(WORDS, k=9))}.",
            "source_id": sources[i % len(sources)]["source_id"],
            "certainty": "stated",
        }


def statements(count: int, sources: list[Row], some: random.Random) -> Iterator[Row]:
    """Statements with quotes, a comma in every second one."""
    for i in range(count):
        quote = some.choices(WORDS, k=12)
        yield {
            "statement_id": f"speaker-{i:07d}-words",
            "speaker": f"Speaker {i:07d}",
            "speaker_role": "Mayor",
            "speaker_country": "US",
            "stated_on": f"2022-{i % 12 + 1:02d}-{i % 28 + 1:02d}",
            "stated_on_precision": "day",
            "quote": (", " if i % 2 else " ").join(quote),
            "original_language": "en",
            "summary": f"Says {' '.join(quote[:5])}.",
            "stance": "keep_ties",
            "source_id": sources[-1 - i % len(sources)]["source_id"],
            "certainty": "stated",
        }


def casualty_statistics(count: int, place: Row, sources: list[Row], some: random.Random) -> Iterator[Row]:
    """Reports of killed, injured and both, one reporter each, that add up."""
    for i in range(count // 3):
        killed, injured = some.randrange(1000), some.randrange(1000)
        for outcome, value in (
            ("injured", injured),
            ("killed", killed),
            ("killed_or_injured", killed + injured),
        ):
            yield DAY | {
                "statistic_id": f"reporter-{i:07d}-{outcome.replace('_', '-')}",
                "population": "civilians",
                "party": "UA",
                "demographic": "all",
                "place_id": place["place_id"],
                "outcome": outcome,
                "value": value,
                "qualifier": "exact",
                "unit": "persons",
                "period_start": "2022-02-24",
                "period_end": "2022-06-02",
                "period_end_precision": "day",
                "cumulative": "true",
                "reported_by": f"Reporter {i:07d}",
                "published_on": "2022-06-03",
                "source_id": sources[i % len(sources)]["source_id"],
            }


def reported_figures(count: int, places: list[Row], sources: list[Row]) -> Iterator[Row]:
    """Numbers of sister cities."""
    for i in range(count):
        yield {
            "figure_id": f"sister-cities-{i:07d}",
            "measure": "sister_cities",
            "value": i % 40,
            "qualifier": "exact",
            "unit": "sister cities",
            "place_id": places[i % len(places)]["place_id"],
            "source_id": sources[i % len(sources)]["source_id"],
            "certainty": "stated",
        }


def citations(count: int, figures: list[Row], sources: list[Row]) -> Iterator[Row]:
    """A contradiction for each figure, then for the next column of it."""
    for i in range(count):
        figure, column = figures[i % len(figures)], ("value", "unit", "measure")[i // len(figures) % 3]
        source = sources[i % len(sources)]["source_id"]
        yield {
            "citation_id": f"{figure['figure_id']}--{column}--{source}",
            "table_name": "reported_figures",
            "row_id": figure["figure_id"],
            "column_name": column,
            "source_id": source,
            "verdict": "contradicts",
            "value_reported": "99",
            "note": "Counts otherwise.",
        }


def corrections(count: int, places: list[Row], version: str) -> Iterator[Row]:
    """A new population of each place."""
    for place in places[:count]:
        yield {
            "correction_id": f"{version.replace('.', '-')}--{place['place_id']}--population",
            "version": version,
            "table_name": "places",
            "row_id": place["place_id"],
            "column_name": "population",
            "value_before": "1",
            "value_after": str(place["population"]),
            "reason": "better_source",
            "note": "Counted anew.",
        }


def tables(rows: int, seed: int, version: str) -> dict[str, list[Row]]:
    """About `rows` rows in all, as `SHARES` divides them; `version` is the one that corrected values."""
    some = random.Random(seed)
    share = {name: max(6, rows * percent // 100) for name, percent in SHARES.items()}
    made: dict[str, list[Row]] = {"sources": list(sources(share["sources"], some))}
    made["places"] = list(places(share["places"], some))
    made["pairs"] = list(pairs(share["pairs"], made["places"], made["sources"]))
    made["pair_events"] = list(pair_events(share["pair_events"], made["pairs"], made["sources"], some))
    made["statements"] = list(statements(share["statements"], made["sources"], some))
    made["statement_pairs"] = [
        {"statement_id": s["statement_id"], "pair_id": p["pair_id"]}
        for s, p in zip(made["statements"], made["pairs"] * 2, strict=False)
    ][: share["statement_pairs"]]
    made["statement_places"] = [
        {"statement_id": s["statement_id"], "place_id": p["place_id"]}
        for s, p in zip(made["statements"], made["places"] * 2, strict=False)
    ][: share["statement_places"]]
    made["casualty_statistics"] = list(
        casualty_statistics(share["casualty_statistics"], made["places"][1], made["sources"], some)
    )
    made["reported_figures"] = list(
        reported_figures(share["reported_figures"], made["places"], made["sources"])
    )
    made["citations"] = list(citations(share["citations"], made["reported_figures"], made["sources"]))
    made["corrections"] = list(corrections(share["corrections"], made["places"], version))
    return made


def write_package(folder: Path, rows: int, seed: int = 20220224) -> Path:
    """Write a package of about `rows` rows to `folder`; returns its descriptor's path."""
    (folder / "data").mkdir(parents=True)
    descriptor = folder / "datapackage.json"
    shutil.copyfile(ROOT / "datapackage.json", descriptor)
    contract = json.loads(descriptor.read_text("utf-8"))
    made = tables(rows, seed, contract["version"])
    for resource in contract["resources"]:
        schema = resource["schema"]
        names = [field["name"] for field in schema["fields"]]
        key = schema["primaryKey"]
        ordered = sorted(made.get(resource["name"], []), key=lambda row: [row[name] for name in key])
        with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(ordered)
    return descriptor
