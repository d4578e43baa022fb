"""Where each value of a JSON text stands: the line of every path in it. JSON is YAML, whose nodes know it."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

Path = tuple[str | int, ...]


class DuplicateNameError(ValueError):
    """An object of the JSON text has a name twice; `name` and its `line`."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(f"the name {name!r} stands twice in one object")
        self.name, self.line = name, line


def lines_of(text: str) -> dict[Path, int]:
    r"""The 1-based line of each value in a valid JSON text, by its path of names and indexes.

    Raises DuplicateNameError, since RFC 8259 (4) leaves open which of two equal names counts.

    >>> lines_of('{"a": [1,\n 2]}')
    {(): 1, ('a',): 1, ('a', 0): 1, ('a', 1): 2}
    """
    try:
        return dict(positions(yaml.compose(text, yaml.CSafeLoader), ()))
    except (yaml.YAMLError, UnicodeError):  # JSON may have what YAML has not, such as escaped surrogates
        json.loads(text, object_pairs_hook=unique)
        return {(): 1}


def positions(node: Any, path: Path) -> Iterator[tuple[Path, int]]:
    """The path and line of a value and of all within it."""
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield from positions(value, (*path, i))
    elif isinstance(node, yaml.MappingNode):
        names = set()
        for name, value in node.value:
            if name.value in names:
                raise DuplicateNameError(name.value, name.start_mark.line + 1)
            names.add(name.value)
            yield from positions(value, (*path, name.value))


def unique(pairs: list[tuple[str, Any]]) -> None:
    """Raise DuplicateNameError where an object has a name twice; its line is not known."""
    for name, count in Counter(name for name, _ in pairs).items():
        if count > 1:
            raise DuplicateNameError(name, 1)
