"""Tables and questions as JSON and CSV files, each with the values and the day for which it answers."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]
MOST_ROWS = 10_000  # of a table or view that is written whole
KEY = "select name from pragma_table_info(?) where pk order by pk"


def write_files(db: sqlite3.Connection, described: Json, folder: Path) -> frozenset[str]:
    """Write NAME.json, NAME.csv and what says what the CSV file answers; returns the names.

    https://www.w3.org/TR/tabular-metadata/ has the last as NAME.csv-metadata.json.
    """
    folder.mkdir()
    (version, day) = db.execute("select version, as_of from package").fetchone()
    for name, title, sql, parameters in answers(db, described):
        found = db.execute(sql, parameters)
        columns = [column[0] for column in found.description]
        rows = found.fetchall()
        head = {"version": version, "as_of": day, "parameters": parameters}
        content = {"answers": head, "columns": columns, "rows": rows, "truncated": False}
        write_json(folder / f"{name}.json", {"database": folder.name, "table": name} | content)
        text = io.StringIO()
        csv.writer(text).writerows([columns, *rows])
        (folder / f"{name}.csv").write_bytes(text.getvalue().encode())
        write_json(folder / f"{name}.csv-metadata.json", csv_metadata(name, title, head))
    return frozenset(path.stem for path in folder.glob("*.csv"))


def answers(db: sqlite3.Connection, described: Json) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Name, title, SQL and parameters of every table, view and question that is written whole."""
    (day,) = db.execute("select as_of from package").fetchone()
    for name, table in described["tables"].items():
        key = ", ".join(column for (column,) in db.execute(KEY, [name]))
        (rows,) = db.execute(f"select count(*) from {name}").fetchone()
        if rows <= MOST_ROWS:
            yield name, table["title"], f"select * from {name}{key and f' order by {key}'}", {}
    for name, question in described["metadata"]["queries"].items():
        default = {"date": day}
        values = {
            one["name"]: one.get("default", default.get(one["type"], "")) for one in question["parameters"]
        }
        yield name, question["title"], question["sql"], values


def csv_metadata(name: str, title: str, head: Mapping[str, Any]) -> Json:
    """What a CSV file answers, as CSVW has it."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{name}.csv",
        "dc:title": title,
        "dc:date": head["as_of"],
        "dc:isPartOf": f"version {head['version']}",
        "notes": [{"parameters": head["parameters"]}],
    }


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON on one line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"{text}\n", "utf-8", newline="\n")
