"""The checked tables as one XLSX workbook: what is where and how to cite, a codebook, a sheet a table."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.worksheet import Worksheet

from schemas.contract import Column, Table
from scripts.documents.citing import cite_as, day
from scripts.documents.codebook import HEADER, codebook_rows

# Excel takes 1900 for a leap year, so that its earlier dates are off by one; they are written as text.
FIRST_DATE = "1900-03-01"
DATES = "A date known only to its month or year is that period's first day; its precision is beside it."
LONGEST_LINK = 2079  # characters of an address that Excel follows
WIDTHS = {"date": 11, "year": 8, "integer": 12, "number": 12, "boolean": 10}


def write_workbook(
    tables: Sequence[Table], frames: dict[str, pd.DataFrame], descriptor: dict[str, Any], path: Path
) -> None:
    """Write the workbook at `path`; the same rows give the same bytes."""
    text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(path, text | {"default_date_format": "yyyy-mm-dd"})
    created = datetime.fromisoformat(descriptor["created"]).replace(tzinfo=None)
    book.set_properties({"title": descriptor["title"], "created": created})
    bold = book.add_format({"bold": True})
    sheets = {"codebook": "One row is one column of a sheet: what it means, which values it may have."}
    sheets |= {table.name: f"{table.description} ({len(frames[table.name])} rows)" for table in tables}
    about(book.add_worksheet("about"), descriptor, sheets, bold)
    fill(book.add_worksheet("codebook"), HEADER, codebook_rows(tables), [22, 24, 26, 9, 9, 80, 60], bold)
    for table in tables:
        widths = [WIDTHS.get(column.type, 24) for column in table.columns]
        rows = [
            [cell(value, column) for value, column in zip(row, table.columns, strict=True)]
            for row in frames[table.name].astype(object).itertuples(index=False, name=None)
        ]
        fill(book.add_worksheet(table.name), table.column_names, rows, widths, bold)
    book.close()


def about(sheet: Worksheet, descriptor: dict[str, Any], sheets: dict[str, str], bold: Format) -> None:
    """What the workbook is, how to cite it, and what is on which sheet, each a click away."""
    licence = descriptor["licenses"][0]
    lines = {
        descriptor["title"]: f"version {descriptor['version']}, {day(descriptor)}",
        "what it is": descriptor["description"],
        "cite as": cite_as(descriptor),
        "licence": f"{licence['title']}, {licence['path']}",
        "empty cells": "An empty cell means not stated, never zero.",
        "dates": DATES,
    }
    sheet.set_column(0, 0, 26, bold)
    sheet.set_column(1, 1, 120)
    for i, line in enumerate(lines.items()):
        sheet.write_row(i, 0, line)
    sheet.write_row(len(lines) + 1, 0, ["sheet", "what a row is"], bold)
    for i, (name, text) in enumerate(sheets.items(), len(lines) + 2):
        sheet.write_url(i, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(i, 1, text)


def cell(value: Any, column: Column) -> Any:
    """A value as Excel keeps it; None where it is missing."""
    if pd.isna(value):
        return None
    if column.type == "date" and value >= FIRST_DATE:
        return date.fromisoformat(value)
    return Url(value) if column.format == "uri" and len(value) <= LONGEST_LINK else value


def fill(sheet: Worksheet, header: list[str], rows: list[list[Any]], widths: list[int], bold: Format) -> None:
    """Rows under a header that stays in sight; an empty cell stays empty."""
    for j, width in enumerate(widths):
        sheet.set_column(j, j, width)
    sheet.write_row(0, 0, header, bold)
    for i, row in enumerate(rows, 1):
        sheet.write_row(i, 0, row)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(widths) - 1)
