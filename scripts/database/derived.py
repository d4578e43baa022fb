"""The views over every table: each cell, the evidence for any row, and what contradicts it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from schemas.contract import Column, Package, Table

NO_EVIDENCE = ("sources", "publishers", "place_names", "citations")  # rows about rows, or without a key
WRITTEN = Path(__file__).parents[2] / "schemas" / "views.sql"


def cited_tables(package: Package) -> list[Table]:
    """The tables whose rows citations may be about."""
    names = package.table("citations").column("table_name").categories
    return [table for table in package.tables if table.name in names]


def own_sources(package: Package) -> Iterator[str]:
    """For each table with a source, a query of its rows' own sources as evidence."""
    for table in package.tables:
        if "source_id" in table.column_names and table.name not in NO_EVIDENCE:
            key = table.primary_key[0]
            yield (
                f"SELECT '{table.name}.' || {key} AS evidence_id, '{table.name}' AS table_name, "
                f"{key} AS row_id, NULL AS column_name, "
                f"'own source' AS verdict, source_id, NULL AS value_reported, NULL AS note "
                f"FROM {table.name}"
            )


def evidence(package: Package) -> str:
    """One row per piece of evidence: a row's own source, or a citation."""
    parts = [
        *own_sources(package),
        "SELECT table_name || '.' || citation_id, table_name, row_id, column_name, verdict, source_id, "
        "value_reported, note FROM citations",
    ]
    union = "\n  UNION ALL ".join(parts)
    return (
        "CREATE VIEW evidence AS SELECT evidence_id, table_name, row_id, column_name, verdict, "
        "value_reported, note, source_id, publisher, title, published_on, url\n"
        f"FROM (\n  {union}\n) JOIN sources USING (source_id)"
    )


def as_text(column: Column) -> str:
    """A column's value spelled as in the CSV file."""
    if column.type == "number":
        return f"CASE WHEN {column.name} IS NOT NULL THEN printf('%.15g', {column.name}) END"
    if column.type == "boolean":
        return f"CASE {column.name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"
    return f"CAST({column.name} AS TEXT)"


def cell_value(table: Table) -> str:
    """The value, as text, of the cell of a table that a citation is about."""
    cases = " ".join(f"WHEN '{column.name}' THEN {as_text(column)}" for column in table.columns)
    return (
        f"WHEN '{table.name}' THEN (SELECT CASE column_name {cases} END "
        f"FROM {table.name} WHERE {table.primary_key[0]} = row_id)"
    )


def own_source(table: Table) -> str:
    """The own source of the row of a table that a citation is about."""
    key = table.primary_key[0]
    return f"WHEN '{table.name}' THEN (SELECT source_id FROM {table.name} WHERE {key} = row_id)"


def disagreements(package: Package) -> str:
    """One row per contradiction: our value, the other one, who says each, why ours stands."""
    tables = cited_tables(package)
    values = "\n    ".join(cell_value(table) for table in tables)
    # A correlated `source_id` would mean the inner table's own; sources are their own source.
    sources = "\n    ".join(own_source(table) for table in tables)
    return (
        "CREATE VIEW disagreements AS\n"
        "SELECT citation_id, table_name, row_id, column_name, value, value_reported AS other_value, note,\n"
        "       own_source_id, own.publisher AS own_publisher,\n"
        "       cited.source_id AS other_source_id, other.publisher AS other_publisher\n"
        "FROM (\n  SELECT citation_id, table_name, row_id, column_name, value_reported, note, source_id,\n"
        f"  CASE table_name\n    {values}\n  END AS value,\n"
        f"  CASE table_name\n    {sources}\n  END AS own_source_id\n"
        "  FROM citations WHERE verdict = 'contradicts'\n) AS cited\n"
        "LEFT JOIN sources AS own ON own.source_id = own_source_id\n"
        "JOIN sources AS other ON other.source_id = cited.source_id"
    )


def cell_values(package: Package) -> str:
    """One row per cell, its value spelled as in the CSV file."""
    parts = []
    for table in package.tables:
        key = " || '--' || ".join(table.primary_key)
        cells = ", ".join(f"'{column.name}', {as_text(column)}" for column in table.columns)
        parts.append(
            f"SELECT '{table.name}' AS table_name, {key} AS row_id, key AS column_name, value "
            f"FROM (SELECT {', '.join(table.primary_key)}, json_object({cells}) AS cells FROM {table.name}), "
            "json_each(cells)"
        )
    return "CREATE VIEW cell_values AS\n" + "\nUNION ALL ".join(parts)


def views_script(package: Package) -> str:
    """All views as one SQL script."""
    written = WRITTEN.read_text(encoding="utf-8")
    return f"{cell_values(package)};\n{written}\n{evidence(package)};\n{disagreements(package)};\n"
