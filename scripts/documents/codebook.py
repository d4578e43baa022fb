"""The codebook: every table and column in the words of the contract, as Markdown and as rows of a sheet."""

from collections.abc import Sequence

from schemas.contract import Column, Table
from scripts.documents.markdown import markdown

HEADER = ["table", "column", "title", "type", "required", "description", "values"]


def codebook(title: str, tables: Sequence[Table]) -> str:
    """The codebook as Markdown."""
    contents = "".join(f"- [{table.title}](#{table.name}): `{table.path}`\n" for table in tables)
    return f"""# Codebook of {title}

Written from `datapackage.json` and, for the derived tables, `schemas/derived.json`. Text is UTF-8,
dates are ISO 8601, an empty cell means *not stated*, never zero. The files in `data/` are what we
enter; those in `derived/` follow from them and come with a release and in the database.

{contents}{"".join(map(section, tables))}"""


def section(table: Table) -> str:
    """One table: what a row is, its keys, its columns, and the values of those that are enumerated."""
    keys = [f"Key: {listed(table.primary_key)}."]
    keys += [f"Also unique together: {listed(key)}." for key in table.unique_keys]
    keys += [f"{listed(key.columns)} leads to [{key.table}](#{key.table})." for key in table.foreign_keys]
    rows = [[f"`{c.name}`", c.title, kind(c), c.description, f"`{c.example}`"] for c in table.columns]
    parts = [
        f"## {table.name}",
        f"**{table.title}.** {table.description}",
        "\n".join(keys),
        markdown(["column", "title", "type", "description", "example"], rows).rstrip(),
    ]
    for column in table.columns:
        if column.categories:
            values = [f"- `{value}`: {label}" for value, label in column.categories.items()]
            parts += [f"Values of `{column.name}`:", "\n".join(values)]
    return "\n" + "\n\n".join(parts) + "\n"


def listed(names: Sequence[str]) -> str:
    """Names of columns in a sentence."""
    return ", ".join(f"`{name}`" for name in names)


def kind(column: Column) -> str:
    """The type of a column, and whether a cell may be empty."""
    return f"{column.type}, required" if column.required else column.type


def codebook_rows(tables: Sequence[Table]) -> list[list[str]]:
    """The codebook as rows of a sheet, under HEADER, one row a column."""
    rows = []
    for table in tables:
        for column in table.columns:
            required = "yes" if column.required else "no"
            values = "; ".join(f"{value}: {label}" for value, label in column.categories.items())
            said = [column.name, column.title, column.type, required, column.description, values]
            rows.append([table.name, *said])
    return rows
