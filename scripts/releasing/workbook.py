"""The checked tables as one XLSX workbook: what is where and how to cite, a codebook, a sheet a table."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.contract import Column, Table
from scripts.documents.citing import cite_as, day
from scripts.documents.codebook import codebook_rows

# Excel takes 1900 for a leap year, so that its earlier dates are off by one; they are written as text.
FIRST_DATE = "1900-03-01"
LONGEST_LINK = 2079  # characters of an address that Excel follows
WIDTHS = {"date": 11, "year": 8, "integer": 12, "number": 12, "boolean": 10}


def write_workbook(
    tables: list[Table], frames: dict[str, pd.DataFrame], descriptor: dict[str, Any], path: Path
) -> None:
    """Write the workbook at `path`; the same rows give the same bytes."""
    book = xlsxwriter.Workbook(path)
    created = datetime.fromisoformat(descriptor["created"]).replace(tzinfo=None)
    book.set_properties({"title": descriptor["title"], "created": created})
    bold = book.add_format({"bold": True})
    iso = book.add_format({"num_format": "yyyy-mm-dd"})
    about(book.add_worksheet("about"), tables, frames, descriptor, bold)
    text_sheet(book.add_worksheet("codebook"), codebook_rows(tables), [22, 24, 26, 9, 9, 80, 60], bold)
    for table in tables:
        table_sheet(book.add_worksheet(table.name), table, frames[table.name], bold, iso)
    book.close()


def about(
    sheet: Worksheet,
    tables: list[Table],
    frames: dict[str, pd.DataFrame],
    descriptor: dict[str, Any],
    bold: Format,
) -> None:
    """What the workbook is, how to cite it, and what is on which sheet, each a click away."""
    licence = descriptor["licenses"][0]
    lines = [
        [descriptor["title"], f"version {descriptor['version']}, {day(descriptor)}"],
        ["what it is", descriptor["description"]],
        ["cite as", cite_as(descriptor)],
        ["licence", f"{licence['title']}, {licence['path']}"],
        ["empty cells", "An empty cell means not stated, never zero."],
        [
            "dates",
            "A date known only to its month or year is that period's first day; its precision is beside it.",
        ],
    ]
    sheets = [("codebook", "One row is one column of a sheet: what it means, which values it may have.")]
    sheets += [(table.name, f"{table.description} ({len(frames[table.name])} rows)") for table in tables]
    sheet.set_column(0, 0, 26, bold)
    sheet.set_column(1, 1, 120)
    for i, line in enumerate(lines):
        sheet.write_row(i, 0, line)
    sheet.write_row(len(lines) + 1, 0, ["sheet", "what a row is"], bold)
    for i, (name, text) in enumerate(sheets, len(lines) + 2):
        sheet.write_url(i, 0, f"internal:'{name}'!A1", string=name)
        sheet.write_string(i, 1, text)


def text_sheet(sheet: Worksheet, rows: list[list[str]], widths: list[int], bold: Format) -> None:
    """Rows of text under a header that stays in sight."""
    for j, width in enumerate(widths):
        sheet.set_column(j, j, width)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            sheet.write_string(i, j, text, bold if i == 0 else None)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows) - 1, len(widths) - 1)


def table_sheet(sheet: Worksheet, table: Table, frame: pd.DataFrame, bold: Format, iso: Format) -> None:
    """The typed rows of a table; an empty cell stays empty."""
    for j, column in enumerate(table.columns):
        sheet.set_column(j, j, WIDTHS.get(column.type, 24))
        sheet.write_string(0, j, column.name, bold)
        for i, value in enumerate(frame[column.name], 1):
            if not pd.isna(value):
                write_cell(sheet, (i, j), value, column, iso)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(frame), len(table.columns) - 1)


def write_cell(sheet: Worksheet, at: tuple[int, int], value: Any, column: Column, iso: Format) -> None:
    """A value in its type. Raises ValueError where a text is longer than a cell of Excel holds."""
    if column.type == "boolean":
        sheet.write_boolean(*at, bool(value))
    elif column.type in ("integer", "number", "year"):
        sheet.write_number(*at, value)
    elif column.type == "date" and value >= FIRST_DATE:
        sheet.write_datetime(*at, date.fromisoformat(value), iso)
    elif column.format == "uri" and len(value) <= LONGEST_LINK:
        sheet.write_url(*at, value, string=value)
    elif sheet.write_string(*at, value):
        raise ValueError(f"{column.name}: a text of {len(value)} characters does not fit a cell")
