"""Beside the SQL box: the tables and columns with their meaning, and the word that an error names."""

import re

from markupsafe import Markup, escape

from sister_pages.context import Context

NAMED = re.compile(
    r'(?:no such \w+|ambiguous column name): (?:\w+\.)*(?P<name>\w+)|near "(?P<near>[^"]+)"'
    r'|unrecognized token: "(?P<token>.+)"',
    re.DOTALL,
)


def named(error: str | None) -> str:
    """The word of a query that SQLite's error names; nothing where it names none.

    >>> named('near "fro": syntax error'), named("no such column: p.staus"), named("incomplete input")
    ('fro', 'staus', '')
    """
    found = NAMED.search(error or "")
    return next(filter(None, found.groups()), "") if found else ""


def marked(sql: str, word: str) -> Markup:
    """The lines of a query that have a word, each with its number and the word marked."""
    whole = re.compile(rf"(?<!\w)({re.escape(word)})(?!\w)", re.IGNORECASE)
    return Markup("\n").join(
        Markup("{}: ").format(number) + Markup("").join(map(piece, enumerate(whole.split(line))))
        for number, line in enumerate(sql.splitlines(), 1)
        if word and whole.search(line)
    )


def piece(numbered: tuple[int, str]) -> Markup:
    """A piece of a line that was split at a word; every second one is the word."""
    place, text = numbered
    return Markup("<mark>{}</mark>" if place % 2 else "{}").format(text)


def schema(site: Context) -> Markup:
    """Every table and view that the contract describes, to open, with its columns and what they mean."""
    columns, titles = dict[str, list[str]](), site.contract.titles
    for (table, column), field in site.contract.fields.items():
        columns.setdefault(table, []).append(described(column, field.description))
    return Markup(
        "\n".join(
            f"<details><summary><code>{table}</code> {escape(titles.get(table, 'View'))}</summary>"
            f"<dl>{described(table, 'The whole.')}{''.join(found)}</dl></details>"
            for table, found in columns.items()
        )
    )


def described(name: str, meaning: str) -> str:
    """A name with its meaning."""
    return f"<div><dt><code>{name}</code></dt><dd>{escape(meaning)}</dd></div>"
