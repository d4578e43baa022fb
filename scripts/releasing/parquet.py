"""A checked table as a Parquet file with the contract's types and descriptions."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.contract import Column, Table

SPARK = "org.apache.spark.sql.parquet.row.metadata"
TYPES = {  # of Arrow, and as Spark calls them
    "string": (pa.string(), "string"),
    "integer": (pa.int64(), "long"),
    "number": (pa.float64(), "double"),
    "boolean": (pa.bool_(), "boolean"),
    "date": (pa.date32(), "date"),
    "year": (pa.int32(), "integer"),
}


def arrow_schema(table: Table, descriptor: dict[str, Any]) -> pa.Schema:
    """The Arrow schema of a table: types, which cells may be empty, and what each column means.

    Spark reads the comments of columns from a schema as it writes into its own files.
    """
    metadata = {key: str(descriptor[key]) for key in ("name", "version", "created")}
    metadata |= {"licence": descriptor["licenses"][0]["name"], "title": table.title}
    metadata |= {"description": table.description, "primaryKey": json.dumps(table.primary_key)}
    metadata |= {f"column.{column.name}": column.description for column in table.columns}  # for DuckDB
    fields = [
        {
            "name": column.name,
            "type": TYPES[column.type][1],
            "nullable": True,  # as for every file that Spark reads
            "metadata": {"comment": column.description},
        }
        for column in table.columns
    ]
    metadata |= {SPARK: json.dumps({"type": "struct", "fields": fields}, ensure_ascii=False)}
    return pa.schema([arrow_field(column) for column in table.columns], metadata=metadata)


def arrow_field(column: Column) -> pa.Field:
    """A column of the contract as an Arrow field."""
    metadata = {"title": column.title, "description": column.description}
    if column.categories:
        metadata["categories"] = json.dumps(column.categories, ensure_ascii=False)
    coded = column.categories and column.type == "string"
    arrow_type = pa.dictionary(pa.int32(), pa.string()) if coded else TYPES[column.type][0]
    return pa.field(column.name, arrow_type, nullable=not column.required, metadata=metadata)


def write_parquet(table: Table, frame: pd.DataFrame, descriptor: dict[str, Any], path: Path) -> None:
    """Write the typed rows of a checked table; the same rows give the same bytes."""
    schema = arrow_schema(table, descriptor)
    columns = [pa.array(frame[field.name], from_pandas=True).cast(field.type) for field in schema]
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), path, compression="zstd")
