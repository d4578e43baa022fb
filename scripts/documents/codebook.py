"""The codebook: every table and column in the words of the contract, as Markdown and as rows of a sheet."""

from collections.abc import Iterator, Sequence

from schemas.contract import Column, Table
from scripts.documents.markdown import markdown

HEADER = ["table", "column", "title", "type", "required", "description", "values"]


def codebook(title: str, tables: Sequence[Table]) -> str:
    """The codebook as Markdown."""
    lines = [
        f"# Codebook of {title}",
        "",
        "Written from `datapackage.json` and, for the derived tables, `schemas/derived.json`. Text is UTF-8,",
        "dates are ISO 8601, an empty cell means *not stated*, never zero. The files in `data/` are what we",
        "enter; those in `derived/` follow from them and come with a release and in the database.",
        "",
        *(f"- [{table.title}](#{table.name}): `{table.path}`" for table in tables),
    ]
    for table in tables:
        lines += ["", *table_lines(table)]
    return "\n".join(lines) + "\n"


def table_lines(table: Table) -> Iterator[str]:
    """One table: what a row is, its keys, its columns, and the values of those that are enumerated."""
    yield from (f"## {table.name}", "", f"**{table.title}.** {table.description}", "")
    yield f"Key: {listed(table.primary_key)}."
    for key in table.unique_keys:
        yield f"Also unique together: {listed(key)}."
    for foreign in table.foreign_keys:
        yield f"{listed(foreign.columns)} leads to [{foreign.table}](#{foreign.table})."
    rows = [[f"`{c.name}`", c.title, kind(c), c.description, f"`{c.example}`"] for c in table.columns]
    yield from ("", markdown(["column", "title", "type", "description", "example"], rows).rstrip())
    for column in table.columns:
        if column.categories:
            yield from ("", f"Values of `{column.name}`:", "")
            yield from (f"- `{value}`: {label}" for value, label in column.categories.items())


def listed(names: Sequence[str]) -> str:
    """Names of columns in a sentence."""
    return ", ".join(f"`{name}`" for name in names)


def kind(column: Column) -> str:
    """The type of a column, and whether a cell may be empty."""
    return f"{column.type}, required" if column.required else column.type


def codebook_rows(tables: Sequence[Table]) -> list[list[str]]:
    """The codebook as rows of a sheet, a header and one row a column."""
    return [HEADER] + [
        [
            table.name,
            column.name,
            column.title,
            column.type,
            "yes" if column.required else "no",
            column.description,
            "; ".join(f"{value}: {label}" for value, label in column.categories.items()),
        ]
        for table in tables
        for column in table.columns
    ]
