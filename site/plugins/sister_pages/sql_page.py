"""What the SQL page shows of an error: the word of the query that SQLite names, and the lines with it."""

import re

from markupsafe import Markup, escape

MARK = r"<mark>\g<0></mark>"
NAMED = re.compile(
    r'(?:no such \w+|ambiguous column name): (?:\w+\.)*(\w+)|near "([^"]+)"'
    r'|unrecognized token: "(.+)"',
    re.DOTALL,
)


def named(error: str | None) -> str:
    """The word of a query that SQLite's error names; nothing where it names none.

    >>> named('near "fro": syntax error'), named("no such column: p.staus"), named("incomplete input")
    ('fro', 'staus', '')
    """
    names = NAMED.findall(error or "")
    return "".join(names[0]) if names else ""


def marked(sql: str, word: str) -> Markup:
    """The lines of a query that have a word, each with its number and the word marked."""
    # Not within what stands for a sign in HTML, such as &lt;.
    whole = re.compile(rf"(?<![\w&#]){re.escape(escape(word))}(?!\w)", re.IGNORECASE)
    return Markup(
        "\n".join(
            f"{number}: {whole.sub(MARK, str(escape(line)))}"
            for number, line in enumerate(sql.splitlines(), 1)
            if word and whole.search(escape(line))
        )
    )
