"""Where each value of a JSON text stands: the line of every path in it."""

from __future__ import annotations

import json
import re
from typing import Any

Path = tuple[str | int, ...]

TOKEN = re.compile(r'[ \t\r\n]*("(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+)', re.S)


class DuplicateNameError(ValueError):
    """An object of the JSON text has a name twice; `name` and its `line`."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(f"the name {name!r} stands twice in one object")
        self.name, self.line = name, line


def lines_of(text: str) -> dict[Path, int]:
    """The 1-based line of each value in a valid JSON text, by its path of names and indexes.

    Raises DuplicateNameError, since RFC 8259 (4) leaves open which of two equal names counts.
    """
    lines: dict[Path, int] = {}
    stack: list[Any] = []  # one entry for each open container: the set of names, or the next index
    path: list[str | int] = []
    line, last, name_next = 1, 0, False
    for token in TOKEN.finditer(text):
        line += text.count("\n", last, token.start(1))
        last = token.start(1)
        value = token[1]
        if value in "]}":
            stack.pop()
            if len(path) > len(stack):
                path.pop()
            name_next = False
        elif value == ",":
            name_next = isinstance(stack[-1], set)
        elif value == ":":
            name_next = False
        elif name_next:
            name = json.loads(value)
            if name in stack[-1]:
                raise DuplicateNameError(name, line)
            stack[-1].add(name)
            path[len(stack) - 1 :] = [name]
            name_next = False
        else:
            if stack and isinstance(stack[-1], int):
                path[len(stack) - 1 :] = [stack[-1]]
                stack[-1] += 1
            lines[tuple(path)] = line
            if value in "[{":
                stack.append(set() if value == "{" else 0)
                name_next = value == "{"
    return lines
